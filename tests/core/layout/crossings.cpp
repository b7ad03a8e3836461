#include "tests/core/layout/crossings.h"

#include <algorithm>
#include <cmath>

namespace jitscope::tests {

namespace {

using layout::Point;

constexpr int pieces =
    13; // of each curve; odd, so that curves that mirror each other do not cross at a corner

struct Curve
{
    std::vector<Point> points;
    double left = 0;
    double right = 0;
    double top = 0;
    double bottom = 0;
};

void addCubic(std::vector<Point>& points, const Point& a, const Point& b, const Point& c,
              const Point& d)
{
    for (int i = 1; i <= pieces; ++i) {
        const double t = static_cast<double>(i) / pieces;
        const double u = 1 - t;
        const auto at = [&](double p, double q, double r, double s) {
            return u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
        };
        points.push_back({at(a.x, b.x, c.x, d.x), at(a.y, b.y, c.y, d.y)});
    }
}

Curve curveOf(const layout::Placement& placement, std::size_t edge)
{
    const auto route = placement.route(edge);
    Curve curve;
    curve.points.push_back(route.front());
    if (placement.style == layout::RouteStyle::Bezier) {
        for (std::size_t i = 0; i + 3 < route.size(); i += 3)
            addCubic(curve.points, route[i], route[i + 1], route[i + 2], route[i + 3]);
    } else {
        for (std::size_t i = 0; i + 1 < route.size(); ++i) {
            const double middle = (route[i].y + route[i + 1].y) / 2;
            addCubic(curve.points, route[i], {route[i].x, middle}, {route[i + 1].x, middle},
                     route[i + 1]);
        }
    }
    const auto [left, right] = std::minmax_element(curve.points.begin(), curve.points.end(),
                                                   [](auto& a, auto& b) { return a.x < b.x; });
    const auto [top, bottom] = std::minmax_element(curve.points.begin(), curve.points.end(),
                                                   [](auto& a, auto& b) { return a.y < b.y; });
    curve.left = left->x;
    curve.right = right->x;
    curve.top = top->y;
    curve.bottom = bottom->y;
    return curve;
}

double side(const Point& a, const Point& b, const Point& c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool cross(const Curve& a, const Curve& b)
{
    if (a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom)
        return false;
    for (std::size_t i = 0; i + 1 < a.points.size(); ++i) {
        for (std::size_t k = 0; k + 1 < b.points.size(); ++k) {
            const Point& p = a.points[i];
            const Point& q = a.points[i + 1];
            const Point& r = b.points[k];
            const Point& s = b.points[k + 1];
            if (side(p, q, r) * side(p, q, s) < 0 && side(r, s, p) * side(r, s, q) < 0)
                return true;
        }
    }
    return false;
}

} // namespace

std::size_t countCrossings(const layout::Graph& graph, const layout::Placement& placement)
{
    std::vector<Curve> curves;
    curves.reserve(graph.edges.size());
    for (std::size_t e = 0; e < graph.edges.size(); ++e)
        curves.push_back(curveOf(placement, e));
    std::size_t count = 0;
    for (std::size_t a = 0; a < curves.size(); ++a) {
        for (std::size_t b = a + 1; b < curves.size(); ++b) {
            const layout::EdgeSpec& x = graph.edges[a];
            const layout::EdgeSpec& y = graph.edges[b];
            const bool together =
                (x.from == y.from && x.fromX == y.fromX) || (x.to == y.to && x.toX == y.toX);
            if (!together && cross(curves[a], curves[b]))
                ++count;
        }
    }
    return count;
}

} // namespace jitscope::tests
