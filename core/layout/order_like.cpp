// The order of a placement that was made before: of boxes by where they stand, of the points of
// long edges by where those passed their rank.
#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <limits>

namespace jitscope::layout {

namespace {

// The middles of the ranks, from top to bottom, as far as the old places tell: boxes of a rank
// overlap in height, so the means of their tops are in the order of the ranks.
std::vector<double> middlesOf(const Placement& before, std::size_t ranks)
{
    std::vector<double> sums(ranks, 0);
    std::vector<double> counts(ranks, 0);
    for (std::size_t box = 0; box < before.positions.size(); ++box) {
        sums[before.ranks[box]] += before.positions[box].y;
        counts[before.ranks[box]] += 1;
    }
    for (std::size_t r = 0; r < ranks; ++r)
        sums[r] = counts[r] > 0 ? sums[r] / counts[r] : (r > 0 ? sums[r - 1] : 0);
    return sums;
}

// Where a route passes a height. Curves are taken by their corners, which is near enough to tell
// left from right.
double xAt(const Placement& before, std::size_t edge, double y)
{
    const auto route = before.route(edge);
    const std::size_t step = before.style == RouteStyle::Bezier ? 3 : 1;
    double nearest = route.front().x;
    double distance = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + step < route.size(); i += step) {
        const Point& a = route[i];
        const Point& b = route[i + step];
        const double low = std::min(a.y, b.y);
        const double high = std::max(a.y, b.y);
        const double away = y < low ? low - y : y > high ? y - high : 0;
        if (away < distance) {
            distance = away;
            const double share = high > low ? std::clamp((y - a.y) / (b.y - a.y), 0.0, 1.0) : 0;
            nearest = a.x + (b.x - a.x) * share;
        }
    }
    return nearest;
}

} // namespace

void orderLike(const Graph& graph, const Placement& before, LayeredGraph& layered)
{
    std::uint32_t last = 0;
    for (const std::uint32_t rank : layered.ranks)
        last = std::max(last, rank);
    layered.layers.assign(layered.ranks.empty() ? 0 : last + 1, {});
    const std::vector<double> middles = middlesOf(before, layered.layers.size());
    std::vector<double> x(layered.widths.size(), 0);
    std::vector<bool> isKnown(layered.widths.size(), false);
    for (Vertex box = 0; box < layered.boxes; ++box)
        x[box] = before.positions[box].x;
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        for (const Vertex point : layered.passes[e]) {
            if (isKnown[point])
                continue; // shared with another edge of the port
            isKnown[point] = true;
            x[point] = xAt(before, e, middles[layered.ranks[point]]);
        }
    }
    for (Vertex vertex = 0; vertex < layered.widths.size(); ++vertex)
        layered.layers[layered.ranks[vertex]].push_back(vertex);
    for (std::vector<Vertex>& layer : layered.layers)
        std::stable_sort(layer.begin(), layer.end(),
                         [&x](Vertex a, Vertex b) { return x[a] < x[b]; });
    layered.updatePositions();
}

} // namespace jitscope::layout
