// X coordinates after U. Brandes and B. Koepf, "Fast and Simple Horizontal Coordinate Assignment"
// (2001): four alignments of each vertex with the median of its neighbours, compacted, and the mean
// of the middle two. Two things are not in the paper: links end at ports, so an aligned vertex is
// shifted within its block; and compaction is a longest path over the blocks, which the paper's own
// step does not always get right.
#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace jitscope::layout {

namespace {

// One of the four directions, seen as "align with the neighbours above, pack to the left".
class Alignment
{
public:
    Alignment(const LayeredGraph& graph, const Spacing& spacing, const std::vector<bool>& conflicts,
              bool upwards, bool mirrored)
        : m_graph(graph),
          m_spacing(spacing),
          m_conflicts(conflicts),
          m_side(upwards ? graph.below : graph.above),
          m_upwards(upwards),
          m_mirrored(mirrored)
    {}

    // The left edges of all vertices.
    std::vector<double> run()
    {
        const std::size_t count = m_graph.widths.size();
        m_root.resize(count);
        m_shift.assign(count, 0);
        m_isAligned.assign(count, false);
        m_hasFollower.assign(count, false);
        for (Vertex v = 0; v < count; ++v)
            m_root[v] = v;
        const std::size_t layers = m_graph.layers.size();
        for (std::size_t i = 1; i < layers; ++i)
            alignLayer(m_graph.layers[m_upwards ? layers - 1 - i : i]);
        return compact();
    }

private:
    [[nodiscard]] Vertex at(const std::vector<Vertex>& layer, std::size_t index) const
    {
        return layer[m_mirrored ? layer.size() - 1 - index : index];
    }
    [[nodiscard]] double port(Vertex vertex, double x) const
    {
        return m_mirrored ? m_graph.widths[vertex] - x : x;
    }
    [[nodiscard]] std::int64_t place(Vertex vertex) const
    {
        const auto position = static_cast<std::int64_t>(m_graph.positions[vertex]);
        return m_mirrored ? -position : position;
    }

    // A source with nothing but its consumer below, such as a reference, must not pull that
    // consumer out of the line it stands in: in a chain of such consumers the whole picture would
    // drift sideways.
    [[nodiscard]] bool pullsAside(Vertex vertex) const
    {
        return !m_upwards && !m_graph.isPoint(vertex) && m_graph.above.of(vertex).empty() &&
               m_graph.below.of(vertex).size() == 1;
    }

    void alignLayer(const std::vector<Vertex>& layer)
    {
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        for (std::size_t i = 0; i < layer.size(); ++i) {
            const Vertex vertex = at(layer, i);
            m_candidates.clear();
            for (const Neighbour& n : m_side.of(vertex)) {
                if (!pullsAside(n.vertex))
                    m_candidates.push_back(n);
            }
            if (m_candidates.empty()) {
                const auto all = m_side.of(vertex);
                m_candidates.assign(all.begin(), all.end());
            }
            if (m_candidates.empty())
                continue;
            std::stable_sort(m_candidates.begin(), m_candidates.end(),
                             [this](const Neighbour& a, const Neighbour& b) {
                                 const std::int64_t left = place(a.vertex);
                                 const std::int64_t right = place(b.vertex);
                                 return left != right
                                            ? left < right
                                            : port(a.vertex, a.otherX) < port(b.vertex, b.otherX);
                             });
            const std::size_t medians[] = {(m_candidates.size() - 1) / 2, m_candidates.size() / 2};
            for (const std::size_t median : medians) {
                const Neighbour& n = m_candidates[median];
                if (m_isAligned[vertex] || m_conflicts[n.link] || place(n.vertex) <= last ||
                    m_hasFollower[n.vertex])
                    continue;
                m_isAligned[vertex] = true;
                m_hasFollower[n.vertex] = true;
                m_root[vertex] = m_root[n.vertex];
                m_shift[vertex] =
                    m_shift[n.vertex] + port(n.vertex, n.otherX) - port(vertex, n.ownX);
                last = place(n.vertex);
            }
        }
    }

    struct Separation
    {
        Vertex left;
        Vertex right;
        double distance; // between the left edges of the roots
    };

    [[nodiscard]] double gap(Vertex left, Vertex right) const
    {
        return m_graph.isPoint(left) || m_graph.isPoint(right) ? m_spacing.edge : m_spacing.box;
    }

    std::vector<double> compact()
    {
        const std::size_t count = m_graph.widths.size();
        std::vector<Separation> separations;
        separations.reserve(count);
        for (const std::vector<Vertex>& layer : m_graph.layers) {
            for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
                const Vertex left = at(layer, i);
                const Vertex right = at(layer, i + 1);
                separations.push_back(
                    {m_root[left], m_root[right],
                     m_shift[left] + m_graph.widths[left] + gap(left, right) - m_shift[right]});
            }
        }
        std::vector<std::uint32_t> first(count + 1, 0);
        std::vector<std::uint32_t> open(count, 0);
        for (const Separation& s : separations) {
            ++first[s.left + 1];
            ++open[s.right];
        }
        for (std::size_t i = 0; i < count; ++i)
            first[i + 1] += first[i];
        std::vector<const Separation*> byLeft(separations.size());
        std::vector<std::uint32_t> next(first.begin(), first.end());
        for (const Separation& s : separations)
            byLeft[next[s.left]++] = &s;

        std::vector<double> x(count, 0);
        std::vector<Vertex> order;
        order.reserve(count);
        for (Vertex v = 0; v < count; ++v) {
            if (m_root[v] == v && open[v] == 0)
                order.push_back(v);
        }
        for (std::size_t i = 0; i < order.size(); ++i) {
            const Vertex block = order[i];
            for (std::uint32_t s = first[block]; s < first[block + 1]; ++s) {
                const Separation& separation = *byLeft[s];
                x[separation.right] = std::max(x[separation.right], x[block] + separation.distance);
                if (--open[separation.right] == 0)
                    order.push_back(separation.right);
            }
        }
        // Then every block goes as far right as what is right of it allows: it was packed against
        // the left border, perhaps far away from its neighbours.
        for (std::size_t i = order.size(); i-- > 0;) {
            const Vertex block = order[i];
            double limit = std::numeric_limits<double>::infinity();
            for (std::uint32_t s = first[block]; s < first[block + 1]; ++s)
                limit = std::min(limit, x[byLeft[s]->right] - byLeft[s]->distance);
            if (std::isfinite(limit))
                x[block] = std::max(x[block], limit);
        }
        std::vector<double> left(count);
        for (Vertex v = 0; v < count; ++v) {
            const double edge = x[m_root[v]] + m_shift[v];
            left[v] = m_mirrored ? -(edge + m_graph.widths[v]) : edge;
        }
        return left;
    }

    const LayeredGraph& m_graph;
    const Spacing& m_spacing;
    const std::vector<bool>& m_conflicts;
    const Neighbours& m_side;
    bool m_upwards;
    bool m_mirrored;
    std::vector<Vertex> m_root;
    std::vector<double> m_shift; // of a vertex' left edge from its root's
    std::vector<bool> m_isAligned;
    std::vector<bool> m_hasFollower;
    std::vector<Neighbour> m_candidates;
};

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

struct Extent
{
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
};

Extent extentOf(const LayeredGraph& graph, const std::vector<double>& left)
{
    Extent extent;
    for (std::size_t v = 0; v < left.size(); ++v) {
        extent.low = std::min(extent.low, left[v]);
        extent.high = std::max(extent.high, left[v] + graph.widths[v]);
    }
    return extent;
}

} // namespace

std::vector<double> assignCoordinates(const LayeredGraph& graph, const Spacing& spacing,
                                      const CancelToken& cancel)
{
    const std::vector<bool> conflicts = conflictingLinks(graph);
    std::array<std::vector<double>, 4> variants;
    std::array<Extent, 4> extents;
    std::size_t narrowest = 0;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (cancel.isCancelled())
            return {};
        variants[i] = Alignment(graph, spacing, conflicts, (i & 2U) != 0, (i & 1U) != 0).run();
        extents[i] = extentOf(graph, variants[i]);
        if (extents[i].high - extents[i].low < extents[narrowest].high - extents[narrowest].low)
            narrowest = i;
    }
    std::array<double, 4> offsets{};
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const bool packedRight = (i & 1U) != 0;
        offsets[i] = packedRight ? extents[narrowest].high - extents[i].high
                                 : extents[narrowest].low - extents[i].low;
    }
    std::vector<double> left(graph.widths.size());
    for (std::size_t v = 0; v < left.size(); ++v) {
        std::array<double, 4> places{};
        for (std::size_t i = 0; i < variants.size(); ++i)
            places[i] = variants[i][v] + offsets[i];
        std::sort(places.begin(), places.end());
        left[v] = (places[1] + places[2]) / 2;
    }
    return left;
}

} // namespace jitscope::layout
