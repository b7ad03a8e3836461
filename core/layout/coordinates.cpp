// X coordinates after U. Brandes and B. Koepf, "Fast and Simple Horizontal Coordinate Assignment"
// (2001): four alignments of each vertex with the median of its neighbours, compacted, and the mean
// of the middle two. Three things are not in the paper: links end at ports, so an aligned vertex is
// shifted within its block; compaction is a longest path over the blocks, which the paper's own
// step does not always get right; and where alignment makes the picture much wider than its boxes
// need it is given up, for an open box is as wide as a picture of its own and straight edges
// between the ports of some of them would lead far aside.
#include "core/layout/alignment_p.h"

#include <algorithm>
#include <array>

namespace jitscope::layout {

namespace {

// Links that cross a long edge where it passes between two of its points; the long edge stays
// straight.
std::vector<bool> conflictingLinks(const LayeredGraph& graph)
{
    std::vector<bool> conflicts(graph.links.size(), false);
    for (std::size_t i = 1; i < graph.layers.size(); ++i) {
        const std::vector<Vertex>& layer = graph.layers[i];
        std::int64_t left = 0;
        std::size_t scanned = 0;
        for (std::size_t k = 0; k < layer.size(); ++k) {
            std::int64_t right = static_cast<std::int64_t>(graph.layers[i - 1].size());
            bool isInner = false;
            if (graph.isPoint(layer[k])) {
                const auto above = graph.above.of(layer[k]);
                isInner = !above.empty() && graph.isPoint(above[0].vertex);
                if (isInner)
                    right = graph.positions[above[0].vertex];
            }
            if (!isInner && k + 1 != layer.size())
                continue;
            for (; scanned <= k; ++scanned) {
                for (const Neighbour& n : graph.above.of(layer[scanned])) {
                    const auto position = static_cast<std::int64_t>(graph.positions[n.vertex]);
                    const bool bothPoints =
                        graph.isPoint(n.vertex) && graph.isPoint(layer[scanned]);
                    if ((position < left || position > right) && !bothPoints)
                        conflicts[n.link] = true;
                }
            }
            left = right;
        }
    }
    return conflicts;
}

double widestLayer(const LayeredGraph& graph, const Spacing& spacing)
{
    double widest = 0;
    for (const std::vector<Vertex>& layer : graph.layers) {
        double width = 0;
        for (std::size_t i = 0; i < layer.size(); ++i) {
            width += graph.widths[layer[i]];
            if (i > 0)
                width += gapBetween(graph, spacing, layer[i - 1], layer[i]);
        }
        widest = std::max(widest, width);
    }
    return widest;
}

// Aligns in four ways, and loosens links until one of them is not wider than wanted, as far as that
// helps; false when cancelled. In a large graph there is time for little.
bool alignAll(std::array<Alignment, 4>& variants, std::vector<bool>& loose, double widthWanted,
              const CancelToken& cancel)
{
    constexpr std::size_t mostRounds = 20;
    constexpr std::size_t mostLinks = 400'000; // looked at by all rounds
    const std::size_t rounds =
        std::min(mostRounds, mostLinks / std::max<std::size_t>(loose.size(), 1));
    for (std::size_t round = 0;; ++round) {
        bool anyFits = false;
        for (Alignment& variant : variants) {
            if (cancel.isCancelled())
                return false;
            variant.run();
            anyFits = anyFits || variant.width() <= widthWanted;
        }
        if (anyFits || round >= rounds)
            return true;
        bool isLoosened = false;
        for (const Alignment& variant : variants) {
            if (const std::optional<std::uint32_t> link = variant.linkThatWidens()) {
                loose[*link] = true;
                isLoosened = true;
            }
        }
        if (!isLoosened)
            return true;
    }
}

} // namespace

std::vector<double> assignCoordinates(const LayeredGraph& graph, const Spacing& spacing,
                                      const CancelToken& cancel)
{
    using Side = Neighbours::Side;
    using Border = Alignment::Border;
    std::vector<bool> loose = conflictingLinks(graph);
    std::array<Alignment, 4> variants{Alignment{graph, spacing, loose, Side::Above, Border::Left},
                                      Alignment{graph, spacing, loose, Side::Above, Border::Right},
                                      Alignment{graph, spacing, loose, Side::Below, Border::Left},
                                      Alignment{graph, spacing, loose, Side::Below, Border::Right}};
    const double widthWanted = widestAllowed(widestLayer(graph, spacing));
    if (!alignAll(variants, loose, widthWanted, cancel))
        return {};
    const Alignment& narrowest =
        *std::min_element(variants.begin(), variants.end(),
                          [](const auto& a, const auto& b) { return a.width() < b.width(); });
    std::vector<std::size_t> used;
    std::array<double, 4> offsets{};
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const bool packedRight = (i & 1U) != 0;
        offsets[i] = packedRight ? narrowest.high() - variants[i].high()
                                 : narrowest.low() - variants[i].low();
        if (variants[i].width() <= widthWanted || narrowest.width() > widthWanted)
            used.push_back(i);
    }
    std::vector<double> left(graph.widths.size());
    std::vector<double> places(used.size());
    for (std::size_t v = 0; v < left.size(); ++v) {
        std::transform(used.begin(), used.end(), places.begin(),
                       [&](std::size_t i) { return variants[i].left()[v] + offsets[i]; });
        std::sort(places.begin(), places.end());
        left[v] = (places[(places.size() - 1) / 2] + places[places.size() / 2]) / 2;
    }
    settle(graph, spacing, left);
    return left;
}

} // namespace jitscope::layout
