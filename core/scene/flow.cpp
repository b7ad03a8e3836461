#include "core/scene/flow.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace jitscope::scene {

namespace {

constexpr std::uint32_t nothing = ShownScope::noOwner;

// The Input or Output of a scope that stands for a port; `nothing` if there is none.
std::uint32_t pillOf(const Scope& scope, BoxKind kind, PortKey key)
{
    for (std::uint32_t i = 0; i < scope.boxes.size(); ++i) {
        if (scope.boxes[i].kind == kind && scope.boxes[i].key == key)
            return i;
    }
    return nothing;
}

} // namespace

Flow::Adjacency::Adjacency(std::size_t steps, const std::vector<Arc>& arcs, bool isForward)
    : m_first(steps + 1, 0), m_others(arcs.size())
{
    for (const Arc& arc : arcs)
        ++m_first[(isForward ? arc.from : arc.to) + 1];
    for (std::size_t i = 0; i < steps; ++i)
        m_first[i + 1] += m_first[i];
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end());
    for (const Arc& arc : arcs)
        m_others[next[isForward ? arc.from : arc.to]++] = isForward ? arc.to : arc.from;
}

Flow::Flow(std::span<const ShownScope> scopes)
{
    for (const ShownScope& shown : scopes) {
        m_boxes = std::max<std::uint32_t>(
            m_boxes, shown.firstBox + static_cast<std::uint32_t>(shown.scope->boxes.size()));
        m_edges = std::max<std::uint32_t>(
            m_edges, shown.firstEdge + static_cast<std::uint32_t>(shown.scope->edges.size()));
    }
    m_owners.assign(m_boxes, nothing);
    m_insides.assign(m_boxes, nullptr);
    m_firstBoxes.assign(m_boxes, nothing);
    for (const ShownScope& shown : scopes) {
        std::fill_n(m_owners.begin() + shown.firstBox, shown.scope->boxes.size(), shown.owner);
        if (shown.owner != nothing) {
            m_insides[shown.owner] = shown.scope;
            m_firstBoxes[shown.owner] = shown.firstBox;
        }
    }
    std::vector<Arc> arcs;
    joinEdges(scopes, arcs);
    joinPills(scopes, arcs);
    joinReferences(scopes, arcs);
    joinCarried(scopes, arcs);
    const std::size_t steps = std::size_t{m_boxes} * 2 + m_edges;
    m_forward = Adjacency(steps, arcs, true);
    m_backward = Adjacency(steps, arcs, false);
}

// An edge begins and ends at a closed box, or at the link of what stands for its port in an open
// one.
void Flow::joinEdges(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const
{
    for (const ShownScope& shown : scopes) {
        for (std::uint32_t e = 0; e < shown.scope->edges.size(); ++e) {
            const Edge& edge = shown.scope->edges[e];
            const Step step = edgeStep(shown.firstEdge + e);
            const std::uint32_t from = shown.firstBox + edge.from;
            if (const Scope* inside = m_insides[from]; inside == nullptr) {
                arcs.push_back({from, step});
            } else {
                const PortKey key = shown.scope->boxes[edge.from].outputs[edge.fromPort].key;
                const std::uint32_t pill = pillOf(*inside, BoxKind::Output, key);
                if (pill != nothing)
                    arcs.push_back({linkStep(m_firstBoxes[from] + pill), step});
            }
            const std::uint32_t to = shown.firstBox + edge.to;
            const Box& user = shown.scope->boxes[edge.to];
            const Scope* inside = m_insides[to];
            if (inside == nullptr) {
                arcs.push_back({step, to});
                continue;
            }
            const std::uint32_t pill =
                pillOf(*inside, BoxKind::Input, user.inputs[edge.toPort].key);
            if (pill != nothing) {
                arcs.push_back({step, linkStep(m_firstBoxes[to] + pill)});
            } else if (user.kind == BoxKind::Control) {
                // The condition of an If is nowhere inside, but all that comes out hangs on it.
                for (std::uint32_t i = 0; i < inside->boxes.size(); ++i) {
                    if (inside->boxes[i].kind == BoxKind::Output)
                        arcs.push_back({step, m_firstBoxes[to] + i});
                }
            }
        }
    }
}

void Flow::joinPills(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const
{
    for (const ShownScope& shown : scopes) {
        if (shown.owner == nothing)
            continue;
        for (std::uint32_t i = 0; i < shown.scope->boxes.size(); ++i) {
            const std::uint32_t box = shown.firstBox + i;
            if (shown.scope->boxes[i].kind == BoxKind::Input)
                arcs.push_back({linkStep(box), box});
            else if (shown.scope->boxes[i].kind == BoxKind::Output)
                arcs.push_back({box, linkStep(box)});
        }
    }
}

void Flow::joinReferences(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const
{
    for (const ShownScope& shown : scopes) {
        std::unordered_map<std::string_view, std::uint32_t> byId;
        for (std::uint32_t i = 0; i < shown.scope->boxes.size(); ++i) {
            const Box& box = shown.scope->boxes[i];
            if (box.kind != BoxKind::Reference)
                continue;
            if (byId.empty()) {
                for (std::uint32_t k = 0; k < shown.scope->boxes.size(); ++k)
                    byId.emplace(shown.scope->boxes[k].id, k);
            }
            for (const Far& far : box.far) {
                const auto found = byId.find(far.box);
                if (found == byId.end())
                    continue;
                const std::uint32_t target = shown.firstBox + found->second;
                const Scope* inside = m_insides[target];
                if (inside == nullptr) {
                    arcs.push_back({target, shown.firstBox + i});
                    continue;
                }
                const std::uint32_t pill = pillOf(*inside, BoxKind::Output, far.key);
                if (pill != nothing)
                    arcs.push_back({linkStep(m_firstBoxes[target] + pill), shown.firstBox + i});
            }
        }
    }
}

// What the body of a loop gives back, it receives the next time.
void Flow::joinCarried(std::span<const ShownScope> scopes, std::vector<Arc>& arcs) const
{
    for (const ShownScope& shown : scopes) {
        if (shown.owner == nothing || m_owners[shown.owner] == nothing)
            continue;
        const std::uint32_t loop = m_owners[shown.owner];
        // The scopes are in the order of their boxes.
        const auto around = std::prev(std::upper_bound(
            scopes.begin(), scopes.end(), loop,
            [](std::uint32_t box, const ShownScope& scope) { return box < scope.firstBox; }));
        if (around->scope->boxes[loop - around->firstBox].nodeKind != "prim::Loop")
            continue;
        for (std::uint32_t i = 0; i < shown.scope->boxes.size(); ++i) {
            const Box& given = shown.scope->boxes[i];
            if (given.kind != BoxKind::Output || given.key == 0)
                continue; // the first is whether to go on
            const std::uint32_t input = pillOf(*shown.scope, BoxKind::Input, given.key);
            if (input != nothing)
                arcs.push_back({shown.firstBox + i, shown.firstBox + input});
        }
    }
}

std::vector<Flow::Step> Flow::closedIn(std::uint32_t box) const
{
    std::vector<Step> closed;
    std::vector<std::uint32_t> pending{box};
    while (!pending.empty()) {
        const std::uint32_t next = pending.back();
        pending.pop_back();
        if (m_insides[next] == nullptr) {
            closed.push_back(next);
            continue;
        }
        for (std::uint32_t i = 0; i < m_insides[next]->boxes.size(); ++i)
            pending.push_back(m_firstBoxes[next] + i);
    }
    return closed;
}

std::vector<bool> Flow::walk(std::vector<Step> pending, const Adjacency& next) const
{
    std::vector<bool> reached(std::size_t{m_boxes} * 2 + m_edges, false);
    for (const Step step : pending)
        reached[step] = true;
    while (!pending.empty()) {
        const Step step = pending.back();
        pending.pop_back();
        for (const Step other : next.of(step)) {
            if (!reached[other]) {
                reached[other] = true;
                pending.push_back(other);
            }
        }
    }
    return reached;
}

FlowTrace Flow::traceOf(const std::vector<bool>& reached) const
{
    FlowTrace trace;
    trace.boxes.assign(m_boxes, false);
    trace.links.assign(m_boxes, false);
    trace.edges.assign(m_edges, false);
    for (std::uint32_t box = 0; box < m_boxes; ++box) {
        trace.links[box] = reached[linkStep(box)];
        if (!reached[box])
            continue;
        ++trace.closedBoxes;
        for (std::uint32_t b = box; b != nothing && !trace.boxes[b]; b = m_owners[b])
            trace.boxes[b] = true;
    }
    for (std::uint32_t edge = 0; edge < m_edges; ++edge)
        trace.edges[edge] = reached[edgeStep(edge)];
    return trace;
}

FlowTrace Flow::reach(std::span<const std::uint32_t> boxes, Direction direction) const
{
    std::vector<Step> starts;
    for (const std::uint32_t box : boxes) {
        const std::vector<Step> some = closedIn(box);
        starts.insert(starts.end(), some.begin(), some.end());
    }
    return traceOf(
        walk(std::move(starts), direction == Direction::Upstream ? m_backward : m_forward));
}

FlowTrace Flow::between(std::uint32_t from, std::uint32_t to) const
{
    std::vector<bool> ways = walk(closedIn(from), m_forward);
    const std::vector<Step> ends = closedIn(to);
    if (std::none_of(ends.begin(), ends.end(), [&ways](Step end) { return ways[end]; }))
        return {};
    const std::vector<bool> back = walk(ends, m_backward);
    for (std::size_t i = 0; i < ways.size(); ++i)
        ways[i] = ways[i] && back[i];
    return traceOf(ways);
}

FlowTrace Flow::shortest(std::uint32_t from, std::uint32_t to) const
{
    std::vector<bool> isEnd(std::size_t{m_boxes} * 2 + m_edges, false);
    for (const Step end : closedIn(to))
        isEnd[end] = true;
    // Only boxes have a length, so what costs nothing goes to the front of the queue: two lists,
    // one for each length.
    std::vector<Step> cameFrom(isEnd.size(), nothing);
    std::vector<bool> seen(isEnd.size(), false);
    std::vector<Step> now = closedIn(from);
    for (const Step start : now)
        seen[start] = true;
    std::vector<Step> later;
    while (!now.empty()) {
        for (std::size_t i = 0; i < now.size(); ++i) {
            const Step step = now[i];
            if (isEnd[step]) {
                std::vector<bool> way(isEnd.size(), false);
                for (Step s = step; s != nothing; s = cameFrom[s])
                    way[s] = true;
                return traceOf(way);
            }
            for (const Step other : m_forward.of(step)) {
                if (seen[other])
                    continue;
                seen[other] = true;
                cameFrom[other] = step;
                (other < m_boxes ? later : now).push_back(other);
            }
        }
        now.swap(later);
        later.clear();
    }
    return {};
}

} // namespace jitscope::scene
