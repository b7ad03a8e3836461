#include "core/layout/alignment_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jitscope::layout {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

} // namespace

Alignment::Alignment(const LayeredGraph& graph, const Spacing& spacing,
                     const std::vector<bool>& loose, Neighbours::Side alignedWith, Border packedTo)
    : m_graph(graph),
      m_spacing(spacing),
      m_loose(loose),
      m_side(alignedWith == Neighbours::Side::Below ? graph.below : graph.above),
      m_upwards(alignedWith == Neighbours::Side::Below),
      m_mirrored(packedTo == Border::Right)
{}

void Alignment::run()
{
    const std::size_t count = m_graph.widths.size();
    m_root.resize(count);
    for (Vertex v = 0; v < count; ++v)
        m_root[v] = v;
    m_next = m_root;
    m_link.assign(count, none);
    m_shift.assign(count, 0);
    const std::size_t layers = m_graph.layers.size();
    for (std::size_t i = 1; i < layers; ++i)
        alignLayer(m_graph.layers[m_upwards ? layers - 1 - i : i]);
    straightenBlocks();
    compact();
}

// A source with nothing but its consumer below, such as a reference, must not pull that consumer
// out of the line it stands in: in a chain of such consumers the whole picture would drift
// sideways.
bool Alignment::pullsAside(Vertex vertex) const
{
    return !m_upwards && !m_graph.isPoint(vertex) && m_graph.above.of(vertex).empty() &&
           m_graph.below.of(vertex).size() == 1;
}

std::vector<Vertex> Alignment::blockOf(Vertex root) const
{
    std::vector<Vertex> block{root};
    while (m_next[block.back()] != block.back())
        block.push_back(m_next[block.back()]);
    return block;
}

void Alignment::alignLayer(const std::vector<Vertex>& layer)
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
            if (m_link[vertex] != none || m_loose[n.link] || place(n.vertex) <= last ||
                m_next[n.vertex] != n.vertex)
                continue;
            m_link[vertex] = n.link;
            m_next[n.vertex] = vertex;
            m_root[vertex] = m_root[n.vertex];
            m_shift[vertex] = m_shift[n.vertex] + port(n.vertex, n.otherX) - port(vertex, n.ownX);
            last = place(n.vertex);
        }
    }
}

// A block of boxes whose ports are off their middles walks to one side, box by box: open boxes have
// their ports where what is in them receives and gives.
void Alignment::straightenBlocks()
{
    for (Vertex v = 0; v < m_root.size(); ++v) {
        if (m_root[v] != v || m_next[v] == v)
            continue;
        std::vector<Vertex> block = blockOf(v);
        if (m_upwards) // from top to bottom, so that the same block bends alike both ways
            std::reverse(block.begin(), block.end());
        straighten(block);
    }
}

// A block much wider than its widest box is bent until all of it is above or below that box.
void Alignment::straighten(const std::vector<Vertex>& block)
{
    double low = m_shift[block[0]];
    double high = low;
    std::size_t widest = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const double width = m_graph.widths[block[i]];
        low = std::min(low, m_shift[block[i]]);
        high = std::max(high, m_shift[block[i]] + width);
        if (width > m_graph.widths[block[widest]])
            widest = i;
    }
    const double width = m_graph.widths[block[widest]];
    if (high - low <= widestAllowed(width))
        return;
    const double left = m_shift[block[widest]];
    std::vector<double> steps;
    steps.reserve(block.size());
    for (std::size_t i = 0; i + 1 < block.size(); ++i)
        steps.push_back(m_shift[block[i + 1]] - m_shift[block[i]]);
    const auto follow = [&](std::size_t i, double x) {
        m_shift[block[i]] = std::clamp(x, left, left + width - m_graph.widths[block[i]]);
    };
    for (std::size_t i = widest + 1; i < block.size(); ++i)
        follow(i, m_shift[block[i - 1]] + steps[i - 1]);
    for (std::size_t i = widest; i-- > 0;)
        follow(i, m_shift[block[i + 1]] - steps[i]);
}

void Alignment::compact()
{
    const std::size_t count = m_graph.widths.size();
    m_separations.clear();
    m_separations.reserve(count);
    for (const std::vector<Vertex>& layer : m_graph.layers) {
        for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
            const Vertex left = at(layer, i);
            const Vertex right = at(layer, i + 1);
            m_separations.push_back({left, right,
                                     m_shift[left] + m_graph.widths[left] +
                                         gapBetween(m_graph, m_spacing, left, right) -
                                         m_shift[right]});
        }
    }
    std::vector<std::uint32_t> first(count + 1, 0);
    std::vector<std::uint32_t> open(count, 0);
    for (const Separation& s : m_separations) {
        ++first[m_root[s.left] + 1];
        ++open[m_root[s.right]];
    }
    for (std::size_t i = 0; i < count; ++i)
        first[i + 1] += first[i];
    std::vector<std::uint32_t> byLeft(m_separations.size());
    std::vector<std::uint32_t> next(first.begin(), first.end());
    for (std::uint32_t s = 0; s < m_separations.size(); ++s)
        byLeft[next[m_root[m_separations[s].left]]++] = s;

    std::vector<double> x(count, 0); // of roots: none of their vertices is left of the border
    for (Vertex v = 0; v < count; ++v)
        x[m_root[v]] = std::max(x[m_root[v]], -m_shift[v]);
    m_pushedBy.assign(count, none);
    std::vector<Vertex> order;
    order.reserve(count);
    for (Vertex v = 0; v < count; ++v) {
        if (m_root[v] == v && open[v] == 0)
            order.push_back(v);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Vertex block = order[i];
        for (std::uint32_t s = first[block]; s < first[block + 1]; ++s) {
            const Separation& separation = m_separations[byLeft[s]];
            const Vertex right = m_root[separation.right];
            if (x[block] + separation.distance > x[right]) {
                x[right] = x[block] + separation.distance;
                m_pushedBy[right] = byLeft[s];
            }
            if (--open[right] == 0)
                order.push_back(right);
        }
    }
    // Then every block goes as far right as what is right of it allows: it was packed against the
    // left border, perhaps far away from its neighbours.
    for (std::size_t i = order.size(); i-- > 0;) {
        const Vertex block = order[i];
        double limit = std::numeric_limits<double>::infinity();
        for (std::uint32_t s = first[block]; s < first[block + 1]; ++s) {
            const Separation& separation = m_separations[byLeft[s]];
            limit = std::min(limit, x[m_root[separation.right]] - separation.distance);
        }
        if (std::isfinite(limit))
            x[block] = std::max(x[block], limit);
    }
    m_packed.resize(count);
    m_left.resize(count);
    m_low = std::numeric_limits<double>::infinity();
    m_high = -m_low;
    for (Vertex v = 0; v < count; ++v) {
        m_packed[v] = x[m_root[v]] + m_shift[v];
        m_left[v] = m_mirrored ? -(m_packed[v] + m_graph.widths[v]) : m_packed[v];
        m_low = std::min(m_low, m_left[v]);
        m_high = std::max(m_high, m_left[v] + m_graph.widths[v]);
    }
}

std::optional<std::uint32_t> Alignment::linkThatWidens() const
{
    // From the vertex that reaches furthest, the way back along which blocks keep one another from
    // going further left. Where this way enters a block at one vertex and leaves it at another,
    // only their alignment pushes the latter aside.
    Vertex exit = 0;
    for (Vertex v = 1; v < m_packed.size(); ++v) {
        if (m_packed[v] + m_graph.widths[v] > m_packed[exit] + m_graph.widths[exit])
            exit = v;
    }
    const double low = *std::min_element(m_packed.begin(), m_packed.end());
    double mostSaved = 1;
    std::optional<std::uint32_t> link;
    while (true) {
        const Vertex root = m_root[exit];
        const std::uint32_t pushedBy = m_pushedBy[root];
        Vertex entry = exit;
        if (pushedBy != none) {
            entry = m_separations[pushedBy].right;
        } else {
            for (Vertex v = root;; v = m_next[v]) {
                if (m_shift[v] < m_shift[entry])
                    entry = v;
                if (m_next[v] == v)
                    break;
            }
        }
        const double taken = m_shift[exit] + m_graph.widths[exit] - m_shift[entry];
        const double saved = std::min(taken - m_graph.widths[entry], m_packed[exit] - low);
        if (entry != exit && saved > mostSaved) {
            mostSaved = saved;
            // Beside the wider of the two: what is mostly a long edge at the other stays straight.
            const bool exitIsFurther =
                m_upwards ? m_graph.ranks[exit] < m_graph.ranks[entry]
                          : m_graph.ranks[exit] > m_graph.ranks[entry]; // from the root
            const Vertex further = exitIsFurther ? exit : entry;
            const Vertex nearer = exitIsFurther ? entry : exit;
            link = m_graph.widths[further] >= m_graph.widths[nearer] ? m_link[further]
                                                                     : m_link[m_next[nearer]];
        }
        if (pushedBy == none)
            break;
        exit = m_separations[pushedBy].left;
    }
    return link;
}

} // namespace jitscope::layout
