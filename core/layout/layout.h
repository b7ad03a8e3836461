// Places boxes and routes edges of one scope: boxes with sizes and edges with ports in, positions
// and routes out. A pure function of its arguments. Lengths are in the pixels of a picture at 100
// %, y goes down.
#pragma once

#include "core/support/job.h"
#include "core/support/result.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace jitscope::layout {

struct Point
{
    double x = 0;
    double y = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

struct Size
{
    double width = 0;
    double height = 0;
    friend bool operator==(const Size&, const Size&) = default;
};

enum class Pin : std::uint8_t
{
    None,
    Top,
    Bottom
}; // Top: what a scope receives; Bottom: what it gives

struct BoxSpec
{
    Size size;
    Pin pin = Pin::None;
};

// From the bottom edge of a box to the top edge of another; the ports are distances from the boxes'
// left edges.
struct EdgeSpec
{
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double fromX = 0;
    double toX = 0;
};

struct Graph
{
    std::vector<BoxSpec> boxes;
    std::vector<EdgeSpec> edges;
};

struct Spacing
{
    double box = 28;  // between neighbours of a rank
    double edge = 14; // beside an edge that passes
    double rank = 40; // between ranks
};

// How the points of a route are to be joined.
enum class RouteStyle : std::uint8_t
{
    Vertical, // by curves that leave and reach every point vertically
    Bezier,   // one point, then three for each cubic Bezier curve
};

struct Placement
{
    std::vector<Point> positions; // top left corner of each box
    std::vector<std::uint32_t> ranks;
    RouteStyle style = RouteStyle::Vertical;
    std::vector<Point> points; // of all routes
    std::vector<std::uint32_t>
        firstPoint; // of each edge in `points`; one more than there are edges
    Size size;
    std::string_view engine; // "layered" or "dot"

    [[nodiscard]] std::span<const Point> route(std::size_t edge) const
    {
        return std::span(points).subspan(firstPoint[edge], firstPoint[edge + 1] - firstPoint[edge]);
    }
};

class Engine
{
public:
    virtual ~Engine() = default;
    // Any thread. Edges must name boxes that are there. Fails with Cancelled, and an engine that is
    // a program also when that is missing, late or gives nonsense.
    [[nodiscard]] virtual Result<Placement> place(const Graph& graph,
                                                  const CancelToken& cancel) const = 0;
    // Places a graph that was placed before, its boxes in other sizes now: they stay beside, above
    // and below whom they were. An engine that cannot do this places anew.
    [[nodiscard]] virtual Result<Placement> rearrange(const Graph& graph, const Placement& before,
                                                      const CancelToken& cancel) const
    {
        (void)before;
        return place(graph, cancel);
    }
};

} // namespace jitscope::layout
