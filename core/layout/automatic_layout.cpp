#include "core/layout/automatic_layout.h"

#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <limits>

namespace jitscope::layout {

namespace {

constexpr std::size_t smallestForDot =
    4; // below, both give the same picture and a process costs 10 ms
constexpr std::size_t largestForDot = 150;   // boxes
constexpr std::size_t costliestForDot = 400; // boxes and points of long edges
constexpr int failuresUntilGivenUp = 3;
constexpr double worthIt = 0.85; // of dot's width; else its curves are nicer

// True when straight edges between the ports of wide boxes have led far aside. dot knows no limit
// to that.
bool sprawls(const Graph& graph, const Placement& placement)
{
    std::vector<double> widths;
    for (std::size_t box = 0; box < graph.boxes.size(); ++box) {
        widths.resize(std::max<std::size_t>(widths.size(), placement.ranks[box] + 1), 0);
        widths[placement.ranks[box]] += graph.boxes[box].size.width;
    }
    const auto widest = std::max_element(widths.begin(), widths.end());
    return widest != widths.end() && placement.size.width > widestAllowed(*widest);
}

} // namespace

AutomaticLayout::AutomaticLayout(Spacing spacing, bool useDot)
    : m_layered(spacing), m_dot(spacing), m_useDot(useDot)
{}

std::size_t AutomaticLayout::estimatedCost(const Graph& graph)
{
    const LayeredGraph layered = makeLayers(graph, {});
    if (std::find(layered.reversed.begin(), layered.reversed.end(), true) != layered.reversed.end())
        return std::numeric_limits<std::size_t>::max(); // dot leads the edges of a cycle around the
                                                        // boxes
    std::size_t cost = graph.boxes.size();
    for (const std::vector<Vertex>& points : layered.passes)
        cost += points.size(); // dot does not share them between the edges of a port
    return cost;
}

bool AutomaticLayout::suitsDot(const Graph& graph) const
{
    if (!m_useDot || m_dotFailures >= failuresUntilGivenUp || graph.boxes.size() < smallestForDot ||
        graph.boxes.size() > largestForDot)
        return false;
    const bool hasLoop = std::any_of(graph.edges.begin(), graph.edges.end(),
                                     [](const EdgeSpec& edge) { return edge.from == edge.to; });
    if (hasLoop)
        return false;
    return estimatedCost(graph) <= costliestForDot;
}

Result<Placement> AutomaticLayout::place(const Graph& graph, const CancelToken& cancel) const
{
    if (suitsDot(graph)) {
        Result<Placement> placement = m_dot.place(graph, cancel);
        if (placement && sprawls(graph, *placement)) {
            Result<Placement> own = m_layered.rearrange(graph, *placement, cancel);
            if (!own || own->size.width < worthIt * placement->size.width)
                return own;
        }
        if (placement || placement.error().code == ErrorCode::Cancelled)
            return placement;
        ++m_dotFailures;
    }
    return m_layered.place(graph, cancel);
}

} // namespace jitscope::layout
