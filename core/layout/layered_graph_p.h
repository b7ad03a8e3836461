// The graph while it is laid out: every vertex has a rank, every link joins neighbouring ranks.
// Vertices below the number of boxes are boxes, the others are points where a long edge passes a
// rank. Private to core/layout.
#pragma once

#include "core/layout/layout.h"

#include <optional>

namespace jitscope::layout {

using Vertex = std::uint32_t;

struct Link
{
    Vertex upper = 0;
    Vertex lower = 0;
    double upperX = 0; // from the left edge of the upper vertex
    double lowerX = 0;
};

struct Neighbour
{
    Vertex vertex = 0;
    double ownX = 0;
    double otherX = 0;
    std::uint32_t link = 0;
};

// The neighbours of every vertex on one side.
class Neighbours
{
public:
    enum class Side
    {
        Above,
        Below
    };
    Neighbours() = default;
    Neighbours(std::size_t vertices, const std::vector<Link>& links, Side side);
    [[nodiscard]] std::span<const Neighbour> of(Vertex vertex) const
    {
        return std::span(m_all).subspan(m_first[vertex], m_first[vertex + 1] - m_first[vertex]);
    }

private:
    std::vector<std::uint32_t> m_first;
    std::vector<Neighbour> m_all;
};

struct LayeredGraph
{
    std::size_t boxes = 0;
    std::vector<double> widths;       // by vertex
    std::vector<std::uint32_t> ranks; // by vertex
    std::vector<Link> links;
    std::vector<std::vector<Vertex>> layers; // the vertices of each rank, from left to right
    std::vector<std::uint32_t> positions;    // of each vertex in its layer
    Neighbours above;
    Neighbours below;
    // The points that an edge passes, from the upper to the lower box; shared by edges of one port.
    std::vector<std::vector<Vertex>> passes; // by edge
    std::vector<bool> reversed; // by edge: drawn against its direction to break a cycle

    [[nodiscard]] bool isPoint(Vertex vertex) const { return vertex >= boxes; }
    void updatePositions();
};

// Between two neighbours of a layer: less beside an edge than between boxes.
[[nodiscard]] inline double gapBetween(const LayeredGraph& graph, const Spacing& spacing,
                                       Vertex left, Vertex right)
{
    return graph.isPoint(left) || graph.isPoint(right) ? spacing.edge : spacing.box;
}

// Ranks the boxes, breaks cycles, puts points on long edges. Layers are in the order of discovery.
[[nodiscard]] LayeredGraph makeLayers(const Graph& graph, const Spacing& spacing);
// The same with ranks and orders as in a placement of the same boxes and edges. Nothing when it is
// not one of them.
[[nodiscard]] std::optional<LayeredGraph>
makeLayersLike(const Graph& graph, const Placement& before, const Spacing& spacing);

enum class FirstOrder
{
    FromTop,
    FromBottom
};
// Puts the vertices into their layers in the order in which a depth-first walk finds them.
void fillLayers(LayeredGraph& graph, FirstOrder order);

// Fills the layers in the order in which boxes and edges stand from left to right in a placement.
void orderLike(const Graph& graph, const Placement& before, LayeredGraph& layered);

// Reorders the layers so that fewer links cross. False when cancelled.
[[nodiscard]] bool reduceCrossings(LayeredGraph& graph, const CancelToken& cancel);

[[nodiscard]] std::uint64_t countCrossings(const LayeredGraph& graph);

// How wide a picture or a line of boxes may get for the sake of straight edges, when its widest
// rank or box has the width `needed`. No one minds the width of a window.
[[nodiscard]] constexpr double widestAllowed(double needed)
{
    return 1.25 * needed + 600;
}

// The left edge of every vertex. Empty when cancelled.
[[nodiscard]] std::vector<double>
assignCoordinates(const LayeredGraph& graph, const Spacing& spacing, const CancelToken& cancel);

// Moves what stands aside of its neighbours nearer to them, where there is room. No picture gets
// wider by that, and no straight edge bends.
void settle(const LayeredGraph& graph, const Spacing& spacing, std::vector<double>& left);

} // namespace jitscope::layout
