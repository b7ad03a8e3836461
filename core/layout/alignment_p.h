// One of the four ways in which coordinates.cpp aligns and packs the vertices. Private to
// core/layout.
#pragma once

#include "core/layout/layered_graph_p.h"

namespace jitscope::layout {

// Seen as "align with the neighbours above, pack to the left".
class Alignment
{
public:
    enum class Border
    {
        Left,
        Right
    };

    // Links in `loose` align nothing. All arguments must outlive it.
    Alignment(const LayeredGraph& graph, const Spacing& spacing, const std::vector<bool>& loose,
              Neighbours::Side alignedWith, Border packedTo);

    void run();

    // The left edges of all vertices; the picture reaches from low() to high().
    [[nodiscard]] const std::vector<double>& left() const { return m_left; }
    [[nodiscard]] double low() const { return m_low; }
    [[nodiscard]] double high() const { return m_high; }
    [[nodiscard]] double width() const { return m_high - m_low; }

    // The link that should align nothing so that the picture gets narrower. Nothing when alignment
    // is not what makes it wide.
    [[nodiscard]] std::optional<std::uint32_t> linkThatWidens() const;

private:
    // Two vertices side by side in a layer.
    struct Separation
    {
        Vertex left;
        Vertex right;
        double distance; // between the left edges of their roots
    };

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
    [[nodiscard]] bool pullsAside(Vertex vertex) const;
    [[nodiscard]] std::vector<Vertex> blockOf(Vertex root) const;

    void alignLayer(const std::vector<Vertex>& layer);
    void straightenBlocks();
    void straighten(const std::vector<Vertex>& block);
    void compact();

    const LayeredGraph& m_graph;
    const Spacing& m_spacing;
    const std::vector<bool>& m_loose;
    const Neighbours& m_side;
    bool m_upwards;
    bool m_mirrored;
    // A block is a chain of aligned vertices, one a layer; its root is where it begins.
    std::vector<Vertex> m_root;
    std::vector<Vertex> m_next;        // of a vertex in its block; itself for the last
    std::vector<std::uint32_t> m_link; // that aligns a vertex with the one before it in its block
    std::vector<double> m_shift;       // of a vertex' left edge from its root's
    std::vector<Separation> m_separations;
    std::vector<std::uint32_t>
        m_pushedBy; // of a root: the separation that keeps it from going left
    std::vector<Neighbour> m_candidates;
    std::vector<double> m_packed; // left edges before they are mirrored
    std::vector<double> m_left;
    double m_low = 0;
    double m_high = 0;
};

} // namespace jitscope::layout
