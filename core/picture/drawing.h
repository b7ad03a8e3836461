// A laid-out graph: boxes and edges at their places, in pixels at 100 %, y downwards. Plain data.
#pragma once

#include "core/layout/layout.h"
#include "core/scene/scope_builder.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace jitscope::picture {

inline constexpr std::uint32_t noBox = std::numeric_limits<std::uint32_t>::max();

struct Rect
{
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    [[nodiscard]] double centerX() const { return x + width / 2; }
    [[nodiscard]] double centerY() const { return y + height / 2; }
    [[nodiscard]] bool intersects(const Rect& other) const
    {
        return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
    }
    [[nodiscard]] bool contains(const Rect& other) const
    {
        return x <= other.x && y <= other.y && other.right() <= right() &&
               other.bottom() <= bottom();
    }
    [[nodiscard]] Rect grown(double by) const // on every side
    {
        return {x - by, y - by, width + 2 * by, height + 2 * by};
    }
};

struct DrawnBox
{
    Rect rect;
    const scene::Box* box = nullptr; // kept alive by the drawing's scopes
    std::uint32_t parent = noBox;    // the open box it is in
    std::uint32_t scope = 0;
    bool isOpen = false;
    std::uint32_t depth = 0;
};

struct DrawnEdge
{
    const scene::Edge* edge = nullptr; // null for a link
    std::uint32_t from = 0;            // boxes of the drawing
    std::uint32_t to = 0;
    std::uint32_t firstPoint = 0;
    std::uint32_t pointCount = 0;
    layout::RouteStyle style = layout::RouteStyle::Vertical;
    bool isLink =
        false; // joins a port of an open box with the input or output inside that it stands for
};

struct DrawnScope
{
    scene::ScopePtr scope;
    std::uint32_t owner = noBox; // the open box it is shown in; noBox for the root
    std::uint32_t firstBox = 0;  // its boxes follow one another
    std::uint32_t firstEdge = 0; // its edges too; links come after them
};

struct Drawing
{
    std::string title;
    std::vector<DrawnBox> boxes; // a box before those in it
    std::vector<DrawnEdge> edges;
    std::vector<layout::Point> points;
    std::vector<DrawnScope> scopes; // the root first

    [[nodiscard]] std::span<const layout::Point> route(const DrawnEdge& edge) const
    {
        return std::span(points).subspan(edge.firstPoint, edge.pointCount);
    }
};

} // namespace jitscope::picture
