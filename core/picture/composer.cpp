#include "core/picture/composer.h"

#include "core/picture/measures.h"

#include <algorithm>

namespace jitscope::picture {

namespace {

constexpr int deepest = 64; // open boxes within open boxes; recursive calls would not end otherwise

bool isSame(const layout::Graph& a, const layout::Graph& b)
{
    const auto sameBox = [](const layout::BoxSpec& x, const layout::BoxSpec& y) {
        return x.size == y.size && x.pin == y.pin;
    };
    const auto sameEdge = [](const layout::EdgeSpec& x, const layout::EdgeSpec& y) {
        return x.from == y.from && x.to == y.to && x.fromX == y.fromX && x.toX == y.toX;
    };
    return std::equal(a.boxes.begin(), a.boxes.end(), b.boxes.begin(), b.boxes.end(), sameBox) &&
           std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(), sameEdge);
}

// Perhaps in other sizes and between other ports.
bool haveSameEdges(const layout::Graph& a, const layout::Graph& b)
{
    return a.boxes.size() == b.boxes.size() &&
           std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(),
                      [](const layout::EdgeSpec& x, const layout::EdgeSpec& y) {
                          return x.from == y.from && x.to == y.to;
                      });
}

layout::Point sum(const layout::Point& a, const layout::Point& b)
{
    return {a.x + b.x, a.y + b.y};
}

} // namespace

Composer::Composer(scene::ScopeBuilder& scopes, const layout::Engine& engine,
                   const TextMeasure& measure)
    : m_scopes(scopes), m_engine(engine), m_metrics(measure)
{}

Result<Drawing> Composer::compose(const scene::ScopePtr& root, const std::set<std::string>& open,
                                  const CancelToken& cancel, std::vector<std::string>& problems)
{
    const Result<std::shared_ptr<const Composition>> composition =
        arrange(root, {open, cancel, problems}, 0);
    if (!composition)
        return tl::unexpected(composition.error());
    Drawing drawing;
    drawing.title = root->title;
    flatten(**composition, {0, 0}, noBox, 0, drawing);
    return drawing;
}

Result<std::shared_ptr<const layout::Placement>>
Composer::place(const std::string& id, layout::Graph graph, const CancelToken& cancel)
{
    Cached& cached = m_placements[id];
    for (const Placed* placed : {&cached.first, &cached.latest}) {
        if (placed->placement && isSame(placed->graph, graph))
            return placed->placement;
    }
    // When a box opens or closes, the others stay beside, above and below whom they were.
    const bool isFirst = !cached.first.placement || !haveSameEdges(cached.first.graph, graph);
    Result<layout::Placement> placement =
        isFirst ? m_engine.place(graph, cancel)
                : m_engine.rearrange(graph, *cached.first.placement, cancel);
    if (!placement)
        return tl::unexpected(placement.error());
    Placed& placed = isFirst ? cached.first : cached.latest;
    placed.graph = std::move(graph);
    placed.placement = std::make_shared<const layout::Placement>(std::move(*placement));
    return placed.placement;
}

layout::Size Composer::openSize(const scene::Box& box, const Composition& inside) const
{
    const layout::Size content = inside.placement->size;
    return {std::max(m_metrics.openWidth(box), content.width + 2 * measure::openPadding),
            content.height + measure::headerHeight + 2 * measure::openPadding};
}

layout::Point Composer::contentOrigin(const layout::Size& size, const Composition& inside)
{
    return {(size.width - inside.placement->size.width) / 2,
            measure::headerHeight + measure::openPadding};
}

double Composer::portX(const scene::Box& box, const layout::Size& size, const Composition* inside,
                       std::size_t port, bool isInput)
{
    const std::vector<scene::Port>& ports = isInput ? box.inputs : box.outputs;
    if (inside != nullptr) {
        const scene::BoxKind kind = isInput ? scene::BoxKind::Input : scene::BoxKind::Output;
        for (std::size_t i = 0; i < inside->scope->boxes.size(); ++i) {
            const scene::Box& inner = inside->scope->boxes[i];
            if (inner.kind == kind && inner.key == ports[port].key)
                return contentOrigin(size, *inside).x + inside->placement->positions[i].x +
                       inside->sizes[i].width / 2;
        }
    }
    return closedPortX(size.width, port, ports.size());
}

Result<std::shared_ptr<const Composer::Composition>> Composer::arrange(const scene::ScopePtr& scope,
                                                                       const Job& job, int depth)
{
    if (job.cancel.isCancelled())
        return cancelled();
    auto composition = std::make_shared<Composition>();
    composition->scope = scope;
    layout::Graph graph;
    graph.boxes.reserve(scope->boxes.size());
    for (std::uint32_t i = 0; i < scope->boxes.size(); ++i) {
        const scene::Box& box = scope->boxes[i];
        layout::BoxSpec spec;
        const bool isOpen =
            box.canOpen() && depth < deepest && (box.isAlwaysOpen() || job.open.contains(box.id));
        if (isOpen) {
            const Result<scene::ScopePtr> inside = m_scopes.inside(box);
            if (!inside) {
                job.problems.push_back(inside.error().message());
            } else {
                Result<std::shared_ptr<const Composition>> child = arrange(*inside, job, depth + 1);
                if (!child)
                    return child;
                spec.size = openSize(box, **child);
                composition->children.emplace(i, *child);
            }
        }
        if (!composition->children.contains(i))
            spec.size = m_metrics.closedSize(box);
        if (box.kind == scene::BoxKind::Input)
            spec.pin = layout::Pin::Top;
        else if (box.kind == scene::BoxKind::Output)
            spec.pin = layout::Pin::Bottom;
        composition->sizes.push_back(spec.size);
        graph.boxes.push_back(spec);
    }
    const auto childOf = [&composition](std::uint32_t box) -> const Composition* {
        const auto found = composition->children.find(box);
        return found == composition->children.end() ? nullptr : found->second.get();
    };
    graph.edges.reserve(scope->edges.size());
    for (const scene::Edge& edge : scope->edges) {
        graph.edges.push_back({edge.from, edge.to,
                               portX(scope->boxes[edge.from], composition->sizes[edge.from],
                                     childOf(edge.from), edge.fromPort, false),
                               portX(scope->boxes[edge.to], composition->sizes[edge.to],
                                     childOf(edge.to), edge.toPort, true)});
    }
    Result<std::shared_ptr<const layout::Placement>> placement =
        place(scope->id, std::move(graph), job.cancel);
    if (!placement)
        return tl::unexpected(placement.error());
    composition->placement = *placement;
    return std::shared_ptr<const Composition>(std::move(composition));
}

void Composer::flatten(const Composition& composition, layout::Point origin, std::uint32_t owner,
                       std::uint32_t depth, Drawing& drawing) const
{
    const layout::Placement& placement = *composition.placement;
    const auto firstBox = static_cast<std::uint32_t>(drawing.boxes.size());
    const auto scopeIndex = static_cast<std::uint32_t>(drawing.scopes.size());
    drawing.scopes.push_back(
        {composition.scope, owner, firstBox, static_cast<std::uint32_t>(drawing.edges.size())});
    for (std::uint32_t i = 0; i < composition.scope->boxes.size(); ++i) {
        const layout::Size size = composition.sizes[i];
        const layout::Point corner = sum(origin, placement.positions[i]);
        drawing.boxes.push_back({{corner.x, corner.y, size.width, size.height},
                                 &composition.scope->boxes[i],
                                 owner,
                                 scopeIndex,
                                 composition.children.contains(i),
                                 depth});
    }
    for (std::size_t e = 0; e < composition.scope->edges.size(); ++e) {
        const scene::Edge& edge = composition.scope->edges[e];
        DrawnEdge drawn;
        drawn.edge = &edge;
        drawn.from = firstBox + edge.from;
        drawn.to = firstBox + edge.to;
        drawn.style = placement.style;
        drawn.firstPoint = static_cast<std::uint32_t>(drawing.points.size());
        for (const layout::Point& point : placement.route(e))
            drawing.points.push_back(sum(origin, point));
        drawn.pointCount = static_cast<std::uint32_t>(drawing.points.size()) - drawn.firstPoint;
        drawing.edges.push_back(drawn);
    }
    for (const auto& [index, child] : composition.children) {
        const Rect rect = drawing.boxes[firstBox + index].rect;
        const auto inner = static_cast<std::uint32_t>(drawing.boxes.size());
        flatten(*child, sum({rect.x, rect.y}, contentOrigin(composition.sizes[index], *child)),
                firstBox + index, depth + 1, drawing);
        addLinks(*child, firstBox + index, inner, drawing);
    }
}

void Composer::addLinks(const Composition& inside, std::uint32_t owner, std::uint32_t firstBox,
                        Drawing& drawing)
{
    const scene::Box& box = *drawing.boxes[owner].box;
    const Rect frame = drawing.boxes[owner].rect;
    const auto hasPort = [](const std::vector<scene::Port>& ports, scene::PortKey key) {
        return std::any_of(ports.begin(), ports.end(),
                           [key](const scene::Port& port) { return port.key == key; });
    };
    for (std::uint32_t i = 0; i < inside.scope->boxes.size(); ++i) {
        const scene::Box& inner = inside.scope->boxes[i];
        const Rect rect = drawing.boxes[firstBox + i].rect;
        DrawnEdge link;
        link.isLink = true;
        link.firstPoint = static_cast<std::uint32_t>(drawing.points.size());
        link.pointCount = 2;
        if (inner.kind == scene::BoxKind::Input && hasPort(box.inputs, inner.key)) {
            link.from = owner;
            link.to = firstBox + i;
            drawing.points.push_back({rect.centerX(), frame.y + measure::headerHeight});
            drawing.points.push_back({rect.centerX(), rect.y});
        } else if (inner.kind == scene::BoxKind::Output && hasPort(box.outputs, inner.key)) {
            link.from = firstBox + i;
            link.to = owner;
            drawing.points.push_back({rect.centerX(), rect.bottom()});
            drawing.points.push_back({rect.centerX(), frame.bottom()});
        } else {
            continue;
        }
        drawing.edges.push_back(link);
    }
}

} // namespace jitscope::picture
