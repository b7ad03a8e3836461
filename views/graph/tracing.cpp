#include "views/graph/tracing_p.h"

#include <QCoreApplication>

#include <algorithm>

namespace jitscope::views {

namespace {

QString nameOf(const Picture& picture, std::uint32_t box)
{
    const scene::Box& b = *picture.boxes[box].box;
    const std::string& name =
        b.kind == scene::BoxKind::Module && !b.subtitle.empty() ? b.subtitle : b.title;
    return QString::fromStdString(name);
}

QString translated(const char* text)
{
    return QCoreApplication::translate("GraphTracing", text);
}

} // namespace

void Tracing::ask(Kind kind, std::vector<std::string> ids)
{
    m_kind = kind;
    m_ids = std::move(ids);
}

std::vector<std::uint32_t> Tracing::boxesIn(const Picture& picture) const
{
    std::vector<std::uint32_t> boxes;
    for (const std::string& id : m_ids) {
        const std::uint32_t box = picture.boxHiding(id);
        if (box != noBox && std::find(boxes.begin(), boxes.end(), box) == boxes.end())
            boxes.push_back(box);
    }
    return boxes;
}

std::shared_ptr<const scene::FlowTrace> Tracing::on(const Picture& picture) const
{
    if (m_kind == Kind::None)
        return nullptr;
    const std::vector<std::uint32_t> boxes = boxesIn(picture);
    if (boxes.empty())
        return nullptr;
    std::vector<scene::ShownScope> scopes;
    scopes.reserve(picture.scopes.size());
    for (const PictureScope& scope : picture.scopes)
        scopes.push_back({scope.scope.get(), scope.owner, scope.firstBox, scope.firstEdge});
    const scene::Flow flow(scopes);
    scene::FlowTrace trace;
    if (m_kind == Kind::Upstream || m_kind == Kind::Downstream) {
        trace = flow.reach(boxes, m_kind == Kind::Upstream ? scene::Flow::Direction::Upstream
                                                           : scene::Flow::Direction::Downstream);
    } else {
        // Both ends in one closed box: there is nothing between them to be seen.
        const std::uint32_t from = boxes.front();
        const std::uint32_t to = boxes.back();
        const auto ways = [&](std::uint32_t a, std::uint32_t b) {
            return m_kind == Kind::Ways ? flow.between(a, b) : flow.shortest(a, b);
        };
        trace = ways(from, to);
        if (trace.isEmpty())
            trace = ways(to, from);
    }
    return std::make_shared<const scene::FlowTrace>(std::move(trace));
}

QString Tracing::describe(const Picture& picture, const scene::FlowTrace& trace) const
{
    const std::vector<std::uint32_t> boxes = boxesIn(picture);
    if (boxes.empty())
        return {};
    const QString count = QString::number(trace.closedBoxes);
    if (m_kind == Kind::Upstream || m_kind == Kind::Downstream) {
        const QString of = boxes.size() == 1 ? nameOf(picture, boxes.front())
                                             : translated("%1 boxes").arg(boxes.size());
        return (m_kind == Kind::Upstream ? translated("Upstream of %1: %2 boxes")
                                         : translated("Downstream of %1: %2 boxes"))
            .arg(of, count);
    }
    const QString from = nameOf(picture, boxes.front());
    const QString to = nameOf(picture, boxes.back());
    if (trace.isEmpty())
        return translated("No way leads from %1 to %2 or back.").arg(from, to);
    return (m_kind == Kind::Ways ? translated("On all ways between %1 and %2: %3 boxes")
                                 : translated("The shortest way between %1 and %2: %3 boxes"))
        .arg(from, to, count);
}

} // namespace jitscope::views
