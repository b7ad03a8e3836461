// How values flow between the boxes that are shown, through the ports of open boxes into them and
// out again: what is upstream and downstream of some boxes, and the ways between two. A closed box
// counts as one step: all it gives depends on all it receives. Immutable; any thread may use it.
#pragma once

#include "core/scene/scene.h"

#include <limits>
#include <span>
#include <vector>

namespace jitscope::scene {

// A scope as it is shown. Boxes and edges are numbered through all scopes that are shown.
struct ShownScope
{
    static constexpr std::uint32_t noOwner = std::numeric_limits<std::uint32_t>::max();
    const Scope* scope = nullptr;
    std::uint32_t owner = noOwner; // the open box that it is in; noOwner for the root
    std::uint32_t firstBox = 0;
    std::uint32_t firstEdge = 0;
};

// What of the shown was reached. An open box is reached when a box in it is.
struct FlowTrace
{
    std::vector<bool> boxes;
    std::vector<bool> edges;
    std::vector<bool> links; // by Input or Output box: what joins it with the open box around it
    std::size_t closedBoxes = 0; // reached ones, those asked for included
    [[nodiscard]] bool isEmpty() const { return closedBoxes == 0; }
};

class Flow
{
public:
    enum class Direction
    {
        Upstream,
        Downstream
    };

    // `scopes` must be complete: every scope but the root has an owner among the boxes of another,
    // and stands behind it. Their Scopes need not outlive it.
    explicit Flow(std::span<const ShownScope> scopes);

    // All that the boxes depend on, or that depends on them; for an open box on what is in it. The
    // boxes themselves are part of it.
    [[nodiscard]] FlowTrace reach(std::span<const std::uint32_t> boxes, Direction direction) const;
    // All that lies on a way from one box to the other; empty if there is none.
    [[nodiscard]] FlowTrace between(std::uint32_t from, std::uint32_t to) const;
    // A way through the fewest boxes; empty if there is none.
    [[nodiscard]] FlowTrace shortest(std::uint32_t from, std::uint32_t to) const;

private:
    // A closed box, an edge, or the link of an Input or Output.
    using Step = std::uint32_t;
    struct Arc
    {
        Step from;
        Step to;
    };
    class Adjacency
    {
    public:
        Adjacency() = default;
        Adjacency(std::size_t steps, const std::vector<Arc>& arcs, bool isForward);
        [[nodiscard]] std::span<const Step> of(Step step) const
        {
            return std::span(m_others).subspan(m_first[step], m_first[step + 1] - m_first[step]);
        }

    private:
        std::vector<std::uint32_t> m_first;
        std::vector<Step> m_others;
    };

    [[nodiscard]] Step edgeStep(std::uint32_t edge) const { return m_boxes + edge; }
    [[nodiscard]] Step linkStep(std::uint32_t box) const { return m_boxes + m_edges + box; }
    void joinEdges(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const;
    void joinPills(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const;
    void joinReferences(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const;
    void joinCarried(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const;
    // The closed boxes in a box, or itself.
    [[nodiscard]] std::vector<Step> closedIn(std::uint32_t box) const;
    [[nodiscard]] std::vector<bool> walk(std::vector<Step> pending, const Adjacency& next) const;
    [[nodiscard]] FlowTrace traceOf(const std::vector<bool>& reached) const;

    std::uint32_t m_boxes = 0;
    std::uint32_t m_edges = 0;
    std::vector<std::uint32_t> m_owners;     // by box: the open box around it
    std::vector<const Scope*> m_insides;     // by box: what an open box shows
    std::vector<std::uint32_t> m_firstBoxes; // by box: the first box in an open one
    Adjacency m_forward;
    Adjacency m_backward;
};

} // namespace jitscope::scene
