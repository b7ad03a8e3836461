#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <limits>
#include <map>

namespace jitscope::layout {

namespace {

constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max();

// Directed edges between boxes, self loops left out, as adjacency lists.
struct Adjacency
{
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> edges;
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t box) const
    {
        return std::span(edges).subspan(first[box], first[box + 1] - first[box]);
    }
};

Adjacency outgoing(const Graph& graph)
{
    Adjacency result;
    result.first.assign(graph.boxes.size() + 1, 0);
    for (const EdgeSpec& edge : graph.edges)
        ++result.first[edge.from + 1];
    for (std::size_t i = 0; i < graph.boxes.size(); ++i)
        result.first[i + 1] += result.first[i];
    result.edges.resize(graph.edges.size());
    std::vector<std::uint32_t> next(result.first.begin(), result.first.end());
    for (std::uint32_t e = 0; e < graph.edges.size(); ++e)
        result.edges[next[graph.edges[e].from]++] = e;
    return result;
}

// Edges that lead back to a box on the path of a depth-first search, without recursion.
std::vector<bool> backEdges(const Graph& graph, const Adjacency& out)
{
    enum class State : std::uint8_t
    {
        New,
        Open,
        Done
    };
    std::vector<bool> back(graph.edges.size(), false);
    std::vector<State> states(graph.boxes.size(), State::New);
    std::vector<std::pair<std::uint32_t, std::size_t>> path;
    for (std::uint32_t start = 0; start < graph.boxes.size(); ++start) {
        if (states[start] != State::New)
            continue;
        states[start] = State::Open;
        path.emplace_back(start, 0);
        while (!path.empty()) {
            auto& [box, next] = path.back();
            const auto edges = out.of(box);
            if (next == edges.size()) {
                states[box] = State::Done;
                path.pop_back();
                continue;
            }
            const std::uint32_t edge = edges[next++];
            const std::uint32_t to = graph.edges[edge].to;
            if (states[to] == State::Open)
                back[edge] = true; // a self loop too; it has no rank to go to
            else if (states[to] == State::New) {
                states[to] = State::Open;
                path.emplace_back(to, 0);
            }
        }
    }
    return back;
}

struct Directed
{
    std::uint32_t upper;
    std::uint32_t lower;
};

// Longest paths from the top; then boxes with more consumers than producers go down to their first
// consumer.
std::vector<std::uint32_t> rankBoxes(const Graph& graph, const std::vector<Directed>& edges)
{
    const std::size_t count = graph.boxes.size();
    std::vector<std::uint32_t> degreeIn(count, 0);
    std::vector<std::uint32_t> degreeOut(count, 0);
    std::vector<std::uint32_t> first(count + 1, 0);
    for (const Directed& edge : edges) {
        ++degreeIn[edge.lower];
        ++degreeOut[edge.upper];
        ++first[edge.upper + 1];
    }
    for (std::size_t i = 0; i < count; ++i)
        first[i + 1] += first[i];
    std::vector<std::uint32_t> followers(edges.size());
    std::vector<std::uint32_t> next(first.begin(), first.end());
    for (const Directed& edge : edges)
        followers[next[edge.upper]++] = edge.lower;

    std::vector<std::uint32_t> ranks(count, 0);
    std::vector<std::uint32_t> open = degreeIn;
    std::vector<std::uint32_t> order;
    order.reserve(count);
    for (std::uint32_t box = 0; box < count; ++box) {
        if (open[box] == 0)
            order.push_back(box);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t box = order[i];
        for (std::uint32_t f = first[box]; f < first[box + 1]; ++f) {
            const std::uint32_t to = followers[f];
            ranks[to] = std::max(ranks[to], ranks[box] + 1);
            if (--open[to] == 0)
                order.push_back(to);
        }
    }
    std::uint32_t last = 0;
    for (std::size_t i = order.size(); i-- > 0;) {
        const std::uint32_t box = order[i];
        last = std::max(last, ranks[box]);
        if (graph.boxes[box].pin == Pin::Top || degreeOut[box] <= degreeIn[box])
            continue;
        std::uint32_t lowest = unset;
        for (std::uint32_t f = first[box]; f < first[box + 1]; ++f)
            lowest = std::min(lowest, ranks[followers[f]]);
        ranks[box] = lowest - 1;
    }
    for (std::size_t box = 0; box < count; ++box) {
        if (graph.boxes[box].pin == Pin::Bottom && degreeOut[box] == 0)
            ranks[box] = last;
    }
    return ranks;
}

} // namespace

Neighbours::Neighbours(std::size_t vertices, const std::vector<Link>& links, Side side)
    : m_first(vertices + 1, 0), m_all(links.size())
{
    const bool isAbove = side == Side::Above;
    for (const Link& link : links)
        ++m_first[(isAbove ? link.lower : link.upper) + 1];
    for (std::size_t i = 0; i < vertices; ++i)
        m_first[i + 1] += m_first[i];
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end());
    for (std::uint32_t i = 0; i < links.size(); ++i) {
        const Link& link = links[i];
        if (isAbove)
            m_all[next[link.lower]++] = {link.upper, link.lowerX, link.upperX, i};
        else
            m_all[next[link.upper]++] = {link.lower, link.upperX, link.lowerX, i};
    }
}

void LayeredGraph::updatePositions()
{
    positions.resize(widths.size());
    for (const std::vector<Vertex>& layer : layers) {
        for (std::uint32_t i = 0; i < layer.size(); ++i)
            positions[layer[i]] = i;
    }
}

void fillLayers(LayeredGraph& graph, FirstOrder order)
{
    const bool fromTop = order == FirstOrder::FromTop;
    const Neighbours& before = fromTop ? graph.above : graph.below;
    const Neighbours& after = fromTop ? graph.below : graph.above;
    std::uint32_t last = 0;
    for (const std::uint32_t rank : graph.ranks)
        last = std::max(last, rank);
    graph.layers.assign(graph.ranks.empty() ? 0 : last + 1, {});
    std::vector<bool> seen(graph.widths.size(), false);
    std::vector<Vertex> pending;
    const auto discover = [&graph, &after, &seen, &pending](Vertex start) {
        pending.push_back(start);
        while (!pending.empty()) {
            const Vertex vertex = pending.back();
            pending.pop_back();
            if (seen[vertex])
                continue;
            seen[vertex] = true;
            graph.layers[graph.ranks[vertex]].push_back(vertex);
            const auto next = after.of(vertex);
            for (std::size_t i = next.size(); i-- > 0;) {
                if (!seen[next[i].vertex])
                    pending.push_back(next[i].vertex);
            }
        }
    };
    for (Vertex vertex = 0; vertex < graph.widths.size(); ++vertex) {
        if (before.of(vertex).empty())
            discover(vertex);
    }
    graph.updatePositions();
}

namespace {

// Everything but the order of the layers, for boxes whose ranks are known.
void putPoints(const Graph& graph, const Spacing& spacing, LayeredGraph& result)
{
    // Edges of one port share the points they pass. But short ones to the same rank must part above
    // what they pass: from one point beside it they would cross all that its boxes give to that
    // rank. A reversed edge has its ports the other way round, and so a trunk of its own.
    constexpr std::uint32_t longestAlone = 4; // ranks
    struct Port
    {
        std::uint32_t box;
        double x;
        bool isReversed;
        auto operator<=>(const Port&) const = default;
    };
    std::map<std::pair<Port, std::uint32_t>, std::vector<Vertex>> trunks; // by port and lane
    std::map<std::pair<Port, std::uint32_t>, std::uint32_t> lanesTo;      // by port and rank
    result.passes.resize(graph.edges.size());
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        const EdgeSpec& edge = graph.edges[e];
        if (edge.from == edge.to)
            continue;
        const bool isReversed = result.reversed[e];
        const std::uint32_t upper = isReversed ? edge.to : edge.from;
        const std::uint32_t lower = isReversed ? edge.from : edge.to;
        const double upperX = isReversed ? edge.toX : edge.fromX;
        const double lowerX = isReversed ? edge.fromX : edge.toX;
        const std::uint32_t span = result.ranks[lower] - result.ranks[upper];
        if (span <= 1) {
            result.links.push_back({upper, lower, upperX, lowerX});
            continue;
        }
        const Port port{upper, upperX, isReversed};
        const std::uint32_t lane =
            span <= longestAlone ? lanesTo[{port, result.ranks[lower]}]++ : 0;
        std::vector<Vertex>& trunk = trunks[{port, lane}];
        while (trunk.size() + 1 < span) {
            const auto point = static_cast<Vertex>(result.widths.size());
            result.widths.push_back(spacing.edge);
            result.ranks.push_back(result.ranks[upper] + static_cast<std::uint32_t>(trunk.size()) +
                                   1);
            if (trunk.empty())
                result.links.push_back({upper, point, upperX, spacing.edge / 2});
            else
                result.links.push_back({trunk.back(), point, spacing.edge / 2, spacing.edge / 2});
            trunk.push_back(point);
        }
        result.passes[e].assign(trunk.begin(), trunk.begin() + (span - 1));
        result.links.push_back({trunk[span - 2], lower, spacing.edge / 2, lowerX});
    }
    result.above = Neighbours(result.widths.size(), result.links, Neighbours::Side::Above);
    result.below = Neighbours(result.widths.size(), result.links, Neighbours::Side::Below);
}

LayeredGraph withoutRanks(const Graph& graph)
{
    LayeredGraph result;
    result.boxes = graph.boxes.size();
    for (const BoxSpec& box : graph.boxes)
        result.widths.push_back(box.size.width);
    result.reversed = backEdges(graph, outgoing(graph));
    return result;
}

} // namespace

LayeredGraph makeLayers(const Graph& graph, const Spacing& spacing)
{
    LayeredGraph result = withoutRanks(graph);
    std::vector<Directed> directed;
    directed.reserve(graph.edges.size());
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        const EdgeSpec& edge = graph.edges[e];
        if (edge.from != edge.to)
            directed.push_back(result.reversed[e] ? Directed{edge.to, edge.from}
                                                  : Directed{edge.from, edge.to});
    }
    result.ranks = rankBoxes(graph, directed);
    putPoints(graph, spacing, result);
    fillLayers(result, FirstOrder::FromTop);
    return result;
}

std::optional<LayeredGraph> makeLayersLike(const Graph& graph, const Placement& before,
                                           const Spacing& spacing)
{
    if (before.positions.size() != graph.boxes.size() ||
        before.ranks.size() != graph.boxes.size() ||
        before.firstPoint.size() != graph.edges.size() + 1)
        return std::nullopt;
    LayeredGraph result = withoutRanks(graph);
    result.ranks = before.ranks;
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        const EdgeSpec& edge = graph.edges[e];
        const std::uint32_t from = result.ranks[edge.from];
        const std::uint32_t to = result.ranks[edge.to];
        const bool goesDown = result.reversed[e] ? to < from : from < to;
        if (edge.from != edge.to && !goesDown)
            return std::nullopt;
    }
    putPoints(graph, spacing, result);
    orderLike(graph, before, result);
    return result;
}

} // namespace jitscope::layout
