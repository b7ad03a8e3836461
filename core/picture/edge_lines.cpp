#include "core/picture/edge_lines_p.h"

#include <algorithm>
#include <utility>

namespace jitscope::picture {

namespace {

using layout::Point;

Rect boundsOf(std::span<const Point> points)
{
    const auto [left, right] = std::minmax_element(
        points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
    const auto [top, bottom] = std::minmax_element(
        points.begin(), points.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
    return {left->x, top->y, right->x - left->x, bottom->y - top->y};
}

Point at(std::span<const Point> curve, double t)
{
    const double u = 1 - t;
    const auto blend = [t, u](double a, double b, double c, double d) {
        return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
    };
    return {blend(curve[0].x, curve[1].x, curve[2].x, curve[3].x),
            blend(curve[0].y, curve[1].y, curve[2].y, curve[3].y)};
}

// What is left of the segment between the rectangle's sides, one after the other.
bool crosses(const Point& a, const Point& b, const Rect& rect)
{
    double from = 0;
    double to = 1;
    const auto clip = [&](double start, double length, double low, double high) {
        if (length == 0)
            return start > low && start < high;
        double enter = (low - start) / length;
        double leave = (high - start) / length;
        if (enter > leave)
            std::swap(enter, leave);
        from = std::max(from, enter);
        to = std::min(to, leave);
        return from < to;
    };
    return clip(a.x, b.x - a.x, rect.x, rect.right()) &&
           clip(a.y, b.y - a.y, rect.y, rect.bottom());
}

} // namespace

EdgeLines::EdgeLines(const Drawing& drawing)
{
    std::vector<Rect> bounds;
    for (const DrawnEdge& edge : drawing.edges) {
        const auto route = drawing.route(edge);
        if (edge.style == layout::RouteStyle::Bezier) {
            for (std::size_t i = 0; i + 3 < route.size(); i += 3)
                m_curves.push_back({route[i], route[i + 1], route[i + 2], route[i + 3]});
            continue;
        }
        for (std::size_t i = 1; i < route.size(); ++i) {
            const Point& a = route[i - 1];
            const Point& b = route[i];
            const double middle = (a.y + b.y) / 2;
            m_curves.push_back({a, {a.x, middle}, {b.x, middle}, b});
        }
    }
    bounds.reserve(m_curves.size());
    for (const Curve& curve : m_curves)
        bounds.push_back(boundsOf(curve));
    m_grid = GridIndex(bounds);
}

bool EdgeLines::cross(const Rect& rect) const
{
    constexpr int pieces = 8;
    return m_grid.any(rect, [&](std::uint32_t i) {
        const Curve& curve = m_curves[i];
        const Rect bounds = boundsOf(curve);
        if (bounds.x > rect.right() || bounds.right() < rect.x || bounds.y > rect.bottom() ||
            bounds.bottom() < rect.y)
            return false;
        Point last = curve[0];
        for (int k = 1; k <= pieces; ++k) {
            const Point next = at(curve, static_cast<double>(k) / pieces);
            if (crosses(last, next, rect))
                return true;
            last = next;
        }
        return false;
    });
}

} // namespace jitscope::picture
