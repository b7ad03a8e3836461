// Crossing reduction: barycentre sweeps down and up, the best order kept, then swaps of neighbours.
#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <cmath>

namespace jitscope::layout {

namespace {

constexpr int sweepLimit = 14;
constexpr int sweepsWithoutGain = 4;
constexpr std::size_t transposeLimit =
    6000; // links; above, swapping neighbours costs more than it gives

// Where a link's end is in its layer: the vertex' place, and within it the port.
double endKey(const LayeredGraph& graph, Vertex vertex, double portX)
{
    const double width = graph.widths[vertex];
    const double share = width > 0 ? std::clamp(portX / width, 0.0, 1.0) : 0.5;
    return graph.positions[vertex] + 0.98 * share;
}

std::uint64_t inversions(std::vector<double>& keys, std::vector<double>& scratch, std::size_t begin,
                         std::size_t end)
{
    if (end - begin < 2)
        return 0;
    const std::size_t middle = begin + (end - begin) / 2;
    std::uint64_t count =
        inversions(keys, scratch, begin, middle) + inversions(keys, scratch, middle, end);
    std::size_t left = begin;
    std::size_t right = middle;
    for (std::size_t i = begin; i < end; ++i) {
        if (left < middle && (right == end || keys[left] <= keys[right])) {
            scratch[i] = keys[left++];
        } else {
            count += middle - left;
            scratch[i] = keys[right++];
        }
    }
    std::copy(scratch.begin() + static_cast<std::ptrdiff_t>(begin),
              scratch.begin() + static_cast<std::ptrdiff_t>(end),
              keys.begin() + static_cast<std::ptrdiff_t>(begin));
    return count;
}

std::uint64_t crossingsBelow(const LayeredGraph& graph, std::size_t layer)
{
    std::vector<std::pair<double, double>> ends;
    for (const Vertex vertex : graph.layers[layer]) {
        for (const Neighbour& n : graph.below.of(vertex))
            ends.emplace_back(endKey(graph, vertex, n.ownX), endKey(graph, n.vertex, n.otherX));
    }
    std::sort(ends.begin(), ends.end());
    std::vector<double> keys(ends.size());
    std::transform(ends.begin(), ends.end(), keys.begin(),
                   [](const auto& end) { return end.second; });
    std::vector<double> scratch(keys.size());
    return inversions(keys, scratch, 0, keys.size());
}

// Orders one layer by the mean place of the neighbours on one side; a vertex without any stays
// about where it is.
void sortLayer(LayeredGraph& graph, std::size_t layer, const Neighbours& side)
{
    std::vector<Vertex>& vertices = graph.layers[layer];
    std::vector<std::pair<double, Vertex>> keyed;
    keyed.reserve(vertices.size());
    for (const Vertex vertex : vertices) {
        const auto neighbours = side.of(vertex);
        double key = graph.positions[vertex];
        if (!neighbours.empty()) {
            double sum = 0;
            for (const Neighbour& n : neighbours) {
                const double width = graph.widths[vertex];
                // Aim with the port, so that a box goes where its own edge end meets the other.
                const double ownShare = width > 0 ? n.ownX / width - 0.5 : 0;
                sum += endKey(graph, n.vertex, n.otherX) - 0.5 * ownShare;
            }
            key = sum / static_cast<double>(neighbours.size());
        }
        keyed.emplace_back(key, vertex);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::uint32_t i = 0; i < vertices.size(); ++i) {
        vertices[i] = keyed[i].second;
        graph.positions[vertices[i]] = i;
    }
}

std::uint64_t pairCrossings(const LayeredGraph& graph, Vertex left, Vertex right,
                            const Neighbours& side)
{
    std::uint64_t count = 0;
    for (const Neighbour& l : side.of(left)) {
        const double leftEnd = endKey(graph, l.vertex, l.otherX);
        for (const Neighbour& r : side.of(right))
            count += leftEnd > endKey(graph, r.vertex, r.otherX) ? 1U : 0U;
    }
    return count;
}

// Swaps neighbours wherever that removes crossings, until nothing is gained.
void transpose(LayeredGraph& graph)
{
    constexpr int rounds = 6;
    bool gained = true;
    for (int round = 0; gained && round < rounds; ++round) {
        gained = false;
        for (std::vector<Vertex>& layer : graph.layers) {
            for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
                const Vertex left = layer[i];
                const Vertex right = layer[i + 1];
                const std::uint64_t now = pairCrossings(graph, left, right, graph.above) +
                                          pairCrossings(graph, left, right, graph.below);
                if (now == 0)
                    continue;
                const std::uint64_t swapped = pairCrossings(graph, right, left, graph.above) +
                                              pairCrossings(graph, right, left, graph.below);
                if (swapped < now) {
                    std::swap(layer[i], layer[i + 1]);
                    std::swap(graph.positions[left], graph.positions[right]);
                    gained = true;
                }
            }
        }
    }
}

} // namespace

std::uint64_t countCrossings(const LayeredGraph& graph)
{
    std::uint64_t count = 0;
    for (std::size_t layer = 0; layer + 1 < graph.layers.size(); ++layer)
        count += crossingsBelow(graph, layer);
    return count;
}

bool reduceCrossings(LayeredGraph& graph, const CancelToken& cancel)
{
    std::vector<std::vector<Vertex>> best = graph.layers;
    std::uint64_t fewest = countCrossings(graph);
    int idle = 0;
    for (int sweep = 0; sweep < sweepLimit && fewest > 0 && idle < sweepsWithoutGain; ++sweep) {
        if (cancel.isCancelled())
            return false;
        if (sweep % 2 == 0) {
            for (std::size_t layer = 1; layer < graph.layers.size(); ++layer)
                sortLayer(graph, layer, graph.above);
        } else {
            for (std::size_t layer = graph.layers.size() - 1; layer-- > 0;)
                sortLayer(graph, layer, graph.below);
        }
        const std::uint64_t count = countCrossings(graph);
        ++idle;
        if (count < fewest) {
            fewest = count;
            best = graph.layers;
            idle = 0;
        }
    }
    graph.layers = std::move(best);
    graph.updatePositions();
    if (fewest > 0 && graph.links.size() <= transposeLimit)
        transpose(graph);
    return !cancel.isCancelled();
}

} // namespace jitscope::layout
