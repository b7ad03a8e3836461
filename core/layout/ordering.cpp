// Crossing reduction: sweeps down and up that sort by the mean or the median of the neighbours, and
// swaps of neighbours between them, from more than one order to begin with; the best is kept. After
// Gansner, Koutsofios, North, Vo, "A Technique for Drawing Directed Graphs" (1993), with ports.
#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <cmath>

namespace jitscope::layout {

namespace {

constexpr int sweepLimit = 14;         // of a large graph
constexpr int thoroughSweepLimit = 24; // of one that is small enough for everything
constexpr int sweepsWithoutGain = 4;
constexpr int thoroughSweepsWithoutGain = 8;
constexpr std::size_t transposeLimit =
    6000; // links; above, swapping neighbours costs more than it gives
constexpr std::size_t thoroughLimit = 1000; // links; above, one order to begin with is enough

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

enum class Middle
{
    Mean,
    Median
};

// Orders one layer by the middle of the neighbours on one side; a vertex without any stays about
// where it is. Vertices with the same middle keep their order, or turn it around.
void sortLayer(LayeredGraph& graph, std::size_t layer, const Neighbours& side, Middle middle,
               bool turnsTies)
{
    std::vector<Vertex>& vertices = graph.layers[layer];
    std::vector<std::pair<double, Vertex>> keyed;
    keyed.reserve(vertices.size());
    std::vector<double> ends;
    for (const Vertex vertex : vertices) {
        const auto neighbours = side.of(vertex);
        double key = graph.positions[vertex];
        if (!neighbours.empty()) {
            ends.clear();
            double sum = 0;
            for (const Neighbour& n : neighbours) {
                const double width = graph.widths[vertex];
                // Aim with the port, so that a box goes where its own edge end meets the other.
                const double ownShare = width > 0 ? n.ownX / width - 0.5 : 0;
                ends.push_back(endKey(graph, n.vertex, n.otherX) - 0.5 * ownShare);
                sum += ends.back();
            }
            key = sum / static_cast<double>(ends.size());
            if (middle == Middle::Median && ends.size() > 2) {
                std::sort(ends.begin(), ends.end());
                const std::size_t half = ends.size() / 2;
                key = ends.size() % 2 == 1 ? ends[half] : (ends[half - 1] + ends[half]) / 2;
            }
        }
        keyed.emplace_back(key, vertex);
    }
    if (turnsTies)
        std::reverse(keyed.begin(), keyed.end());
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

namespace {

using Layers = std::vector<std::vector<Vertex>>;

class Search
{
public:
    Search(LayeredGraph& graph, const CancelToken& cancel)
        : m_graph(graph), m_cancel(cancel), m_best(graph.layers), m_fewest(countCrossings(graph))
    {}

    // Improves the order that the graph has now; false when cancelled.
    bool run()
    {
        const bool isThorough = m_graph.links.size() <= thoroughLimit;
        const int limit = isThorough ? thoroughSweepLimit : sweepLimit;
        const int patience = isThorough ? thoroughSweepsWithoutGain : sweepsWithoutGain;
        keep();
        int idle = 0;
        for (int number = 0; number < limit && m_fewest > 0 && idle < patience; ++number) {
            if (m_cancel.isCancelled())
                return false;
            sweep(number, isThorough);
            if (isThorough)
                transpose(m_graph);
            idle = keep() ? 0 : idle + 1;
        }
        return true;
    }

    [[nodiscard]] std::uint64_t fewest() const { return m_fewest; }

    // Leaves the graph in the best order that was met.
    void finish()
    {
        m_graph.layers = std::move(m_best);
        m_graph.updatePositions();
        if (m_fewest > 0 && m_graph.links.size() <= transposeLimit)
            transpose(m_graph);
    }

private:
    void sweep(int number, bool isThorough)
    {
        const Middle middle = isThorough && number / 2 % 2 == 1 ? Middle::Median : Middle::Mean;
        const bool turnsTies = isThorough && number % 4 >= 2;
        if (number % 2 == 0) {
            for (std::size_t layer = 1; layer < m_graph.layers.size(); ++layer)
                sortLayer(m_graph, layer, m_graph.above, middle, turnsTies);
        } else {
            for (std::size_t layer = m_graph.layers.size() - 1; layer-- > 0;)
                sortLayer(m_graph, layer, m_graph.below, middle, turnsTies);
        }
    }

    bool keep()
    {
        const std::uint64_t count = countCrossings(m_graph);
        if (count >= m_fewest)
            return false;
        m_fewest = count;
        m_best = m_graph.layers;
        return true;
    }

    LayeredGraph& m_graph;
    const CancelToken& m_cancel;
    Layers m_best;
    std::uint64_t m_fewest;
};

} // namespace

bool reduceCrossings(LayeredGraph& graph, const CancelToken& cancel)
{
    Search search(graph, cancel);
    if (!search.run())
        return false;
    if (graph.links.size() <= thoroughLimit && search.fewest() > 0) {
        fillLayers(graph, FirstOrder::FromBottom);
        if (!search.run())
            return false;
        // The other way round, what was laid out well becomes its mirror image and ties fall
        // differently.
        fillLayers(graph, FirstOrder::FromTop);
        for (std::vector<Vertex>& layer : graph.layers)
            std::reverse(layer.begin(), layer.end());
        graph.updatePositions();
        if (!search.run())
            return false;
    }
    search.finish();
    return !cancel.isCancelled();
}

} // namespace jitscope::layout
