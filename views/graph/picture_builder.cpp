#include "views/graph/picture_builder_p.h"

#include <deque>

namespace jitscope::views {

namespace {

std::shared_ptr<Picture> toPicture(const picture::Drawing& drawing,
                                   std::vector<picture::EdgeLabel> labels)
{
    auto picture = std::make_shared<Picture>();
    picture->title = drawing.title;
    picture->boxes.reserve(drawing.boxes.size());
    for (const picture::DrawnBox& box : drawing.boxes) {
        picture->boxes.push_back({{box.rect.x, box.rect.y, box.rect.width, box.rect.height},
                                  box.box,
                                  box.parent,
                                  box.scope,
                                  box.isOpen,
                                  box.depth});
    }
    picture->edges.reserve(drawing.edges.size());
    for (const picture::DrawnEdge& edge : drawing.edges) {
        picture->edges.push_back({edge.edge, edge.from, edge.to, edge.firstPoint, edge.pointCount,
                                  edge.style, edge.isLink, QRectF(), noLabel});
    }
    picture->points.reserve(drawing.points.size());
    for (const layout::Point& point : drawing.points)
        picture->points.emplace_back(point.x, point.y);
    for (const picture::DrawnScope& scope : drawing.scopes)
        picture->scopes.push_back({scope.scope, scope.owner, scope.firstBox, scope.firstEdge});
    picture->labels.reserve(labels.size());
    for (picture::EdgeLabel& label : labels) {
        picture->edges[label.edge].label = static_cast<std::uint32_t>(picture->labels.size());
        picture->labels.push_back(
            {{label.rect.x, label.rect.y, label.rect.width, label.rect.height},
             std::move(label.text)});
    }
    picture->index();
    return picture;
}

} // namespace

PictureBuilder::PictureBuilder(scene::ScopeBuilder& scopes, const layout::Engine& engine,
                               const QFont& titleFont, const QFont& textFont)
    : m_scopes(scopes), m_measure(titleFont, textFont), m_composer(scopes, engine, m_measure)
{}

Result<PicturePtr> PictureBuilder::build(const scene::ScopePtr& root, const Wanted& wanted,
                                         const CancelToken& cancel,
                                         std::vector<std::string>& problems)
{
    const Result<picture::Drawing> drawing =
        m_composer.compose(root, wanted.open, cancel, problems);
    if (!drawing)
        return tl::unexpected(drawing.error());
    auto labels = picture::placeEdgeLabels(*drawing, wanted.labels, m_measure, cancel);
    if (cancel.isCancelled())
        return cancelled();
    return PicturePtr(toPicture(*drawing, std::move(labels)));
}

std::set<std::string> PictureBuilder::everythingIn(const scene::Box& box, std::size_t limit,
                                                   const CancelToken& cancel)
{
    std::set<std::string> ids;
    std::deque<scene::Box> pending{box};
    std::size_t shown = 0;
    while (!pending.empty() && !cancel.isCancelled()) {
        const scene::Box next = std::move(pending.front());
        pending.pop_front();
        if (!next.canOpen())
            continue;
        const Result<scene::ScopePtr> scope = m_scopes.inside(next);
        if (!scope)
            continue;
        shown += (*scope)->boxes.size();
        if (shown > limit)
            break;
        ids.insert(next.id);
        for (const scene::Box& inner : (*scope)->boxes) {
            if (inner.canOpen())
                pending.push_back(inner);
        }
    }
    return ids;
}

std::set<std::string> PictureBuilder::levels(const scene::Scope& root, int depth, std::size_t limit,
                                             const CancelToken& cancel)
{
    struct Level
    {
        const scene::Scope* scope; // the builder keeps those that it gave
        int depth;                 // of its boxes
    };
    std::set<std::string> ids;
    std::deque<Level> pending{{&root, 0}};
    std::size_t shown = root.boxes.size();
    while (!pending.empty() && !cancel.isCancelled()) {
        const Level level = pending.front();
        pending.pop_front();
        for (const scene::Box& box : level.scope->boxes) {
            // A Repeat says in one box what opening it would say many times.
            if (!box.canOpen() || (level.depth >= depth && !box.isAlwaysOpen()) ||
                box.kind == scene::BoxKind::Repeat)
                continue;
            const Result<scene::ScopePtr> inside = m_scopes.inside(box);
            if (!inside)
                continue;
            shown += (*inside)->boxes.size();
            if (shown > limit)
                return ids;
            if (!box.isAlwaysOpen())
                ids.insert(box.id);
            // What a Control holds at once are its blocks, which open with it.
            const bool isShell = box.kind == scene::BoxKind::Control;
            pending.push_back({inside->get(), level.depth + (isShell ? 0 : 1)});
        }
    }
    return ids;
}

} // namespace jitscope::views
