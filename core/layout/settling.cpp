// After the coordinates are assigned: what stands aside of its neighbours although there is room
// nearer to them goes there. Whatever straight edges join moves as one, so none of them bends.
#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace jitscope::layout {

namespace {

constexpr double same = 0.01;      // pixels
constexpr double widestLine = 600; // pixels: joined by straight edges, of boxes that need less

// How far `link`'s lower end is right of its upper end.
double slant(const std::vector<double>& left, const Link& link)
{
    return left[link.lower] + link.lowerX - left[link.upper] - link.upperX;
}

class Settling
{
public:
    Settling(const LayeredGraph& graph, const Spacing& spacing, std::vector<double>& left)
        : m_graph(graph), m_spacing(spacing), m_left(left)
    {
        m_low = std::numeric_limits<double>::infinity();
        m_high = -m_low;
        for (Vertex v = 0; v < left.size(); ++v) {
            m_low = std::min(m_low, left[v]);
            m_high = std::max(m_high, left[v] + graph.widths[v]);
        }
    }

    // True when something moved.
    bool sweep()
    {
        gather();
        bool moved = false;
        for (std::uint32_t group = 0; group + 1 < m_first.size(); ++group)
            moved = settle(group) || moved;
        return moved;
    }

private:
    struct Extent
    {
        double low = std::numeric_limits<double>::infinity();
        double high = -std::numeric_limits<double>::infinity();
    };

    Vertex rootOf(Vertex vertex)
    {
        while (m_parent[vertex] != vertex)
            vertex = m_parent[vertex] = m_parent[m_parent[vertex]];
        return vertex;
    }

    // The groups that straight links make.
    void gather()
    {
        m_parent.resize(m_left.size());
        std::iota(m_parent.begin(), m_parent.end(), 0U);
        for (const Link& link : m_graph.links) {
            if (std::abs(slant(m_left, link)) < same)
                m_parent[rootOf(link.upper)] = rootOf(link.lower);
        }
        m_group.assign(m_left.size(), 0);
        std::uint32_t count = 0;
        for (Vertex v = 0; v < m_left.size(); ++v) {
            if (rootOf(v) == v)
                m_group[v] = count++;
        }
        m_first.assign(count + 1, 0);
        m_extents.assign(count, {});
        m_isFixed.assign(count, false);
        for (Vertex v = 0; v < m_left.size(); ++v) {
            m_group[v] = m_group[rootOf(v)];
            ++m_first[m_group[v] + 1];
            Extent& extent = m_extents[m_group[v]];
            extent.low = std::min(extent.low, m_left[v]);
            extent.high = std::max(extent.high, m_left[v] + m_graph.widths[v]);
        }
        for (std::uint32_t g = 0; g < count; ++g)
            m_first[g + 1] += m_first[g];
        m_members.resize(m_left.size());
        std::vector<std::uint32_t> next(m_first.begin(), m_first.end());
        for (Vertex v = 0; v < m_left.size(); ++v)
            m_members[next[m_group[v]]++] = v;
    }

    bool settle(std::uint32_t group)
    {
        if (m_isFixed[group])
            return false;
        double least = m_low - m_extents[group].low;
        double furthest = m_high - m_extents[group].high;
        m_wanted.clear();
        m_others.clear();
        for (std::uint32_t i = m_first[group]; i < m_first[group + 1]; ++i) {
            const Vertex v = m_members[i];
            const std::vector<Vertex>& layer = m_graph.layers[m_graph.ranks[v]];
            const std::uint32_t position = m_graph.positions[v];
            if (position > 0 && m_group[layer[position - 1]] != group) {
                const Vertex before = layer[position - 1];
                least = std::max(least, m_left[before] + m_graph.widths[before] +
                                            gapBetween(m_graph, m_spacing, before, v) - m_left[v]);
            }
            if (position + 1 < layer.size() && m_group[layer[position + 1]] != group) {
                const Vertex after = layer[position + 1];
                furthest =
                    std::min(furthest, m_left[after] - gapBetween(m_graph, m_spacing, v, after) -
                                           m_left[v] - m_graph.widths[v]);
            }
            for (const Neighbours* side : {&m_graph.above, &m_graph.below}) {
                for (const Neighbour& n : side->of(v)) {
                    if (m_group[n.vertex] == group)
                        continue;
                    m_wanted.push_back(m_left[n.vertex] + n.otherX - m_left[v] - n.ownX);
                    m_others.push_back({m_wanted.back(), m_group[n.vertex]});
                }
            }
        }
        if (m_wanted.empty() || least > furthest)
            return false;
        const std::size_t half = (m_wanted.size() - 1) / 2;
        std::sort(m_wanted.begin(), m_wanted.end());
        const double move = std::clamp(
            std::clamp(0.0, m_wanted[half], m_wanted[m_wanted.size() / 2]), least, furthest);
        if (std::abs(move) < 0.5)
            return false;
        const Extent moved{m_extents[group].low + move, m_extents[group].high + move};
        Extent joined = moved;
        double widest = moved.high - moved.low;
        for (const auto& [wanted, other] : m_others) {
            if (std::abs(wanted - move) >= same)
                continue;
            const Extent& extent = m_extents[other];
            joined.low = std::min(joined.low, extent.low);
            joined.high = std::max(joined.high, extent.high);
            widest = std::max(widest, extent.high - extent.low);
        }
        if (joined.high - joined.low > std::max(widest + 1, widestLine))
            return false; // open boxes would begin to walk sideways
        for (const auto& [wanted, other] : m_others) {
            if (std::abs(wanted - move) < same)
                m_isFixed[other] = true;
        }
        m_extents[group] = moved;
        for (std::uint32_t i = m_first[group]; i < m_first[group + 1]; ++i)
            m_left[m_members[i]] += move;
        return true;
    }

    const LayeredGraph& m_graph;
    const Spacing& m_spacing;
    std::vector<double>& m_left;
    double m_low;
    double m_high;
    std::vector<Vertex> m_parent;
    std::vector<std::uint32_t> m_group;
    std::vector<std::uint32_t> m_first;
    std::vector<Vertex> m_members;
    std::vector<Extent> m_extents;
    std::vector<bool> m_isFixed; // joined with another in this sweep
    std::vector<double> m_wanted;
    std::vector<std::pair<double, std::uint32_t>> m_others;
};

} // namespace

void settle(const LayeredGraph& graph, const Spacing& spacing, std::vector<double>& left)
{
    constexpr int sweeps = 4; // more gain little
    Settling settling(graph, spacing, left);
    for (int i = 0; i < sweeps && settling.sweep(); ++i) {
    }
}

} // namespace jitscope::layout
