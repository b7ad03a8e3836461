#include "views/graph/picture_p.h"

#include <QLineF>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

picture::Rect toRect(const QRectF& rect)
{
    return {rect.x(), rect.y(), rect.width(), rect.height()};
}

// Distance to a segment.
double distanceTo(const QPointF& point, const QPointF& a, const QPointF& b)
{
    const QPointF along = b - a;
    const double length = QPointF::dotProduct(along, along);
    const double share =
        length > 0 ? std::clamp(QPointF::dotProduct(point - a, along) / length, 0.0, 1.0) : 0;
    return QLineF(point, a + share * along).length();
}

} // namespace

void Picture::index()
{
    std::vector<picture::Rect> rects;
    rects.reserve(boxes.size());
    for (std::uint32_t i = 0; i < boxes.size(); ++i) {
        const scene::Box& box = *boxes[i].box;
        rects.push_back(toRect(boxes[i].rect));
        bounds = bounds.united(boxes[i].rect);
        m_byId.emplace(box.id, i);
        const bool isOpenRepeat = boxes[i].isOpen && box.kind == scene::BoxKind::Repeat;
        if (box.kind != scene::BoxKind::Reference && !isOpenRepeat) {
            for (const document::NodeRef& ref : box.refs) {
                m_byKey.emplace(ref.key, i);
                if (ref.loaded != 0)
                    m_byLoaded.emplace(ref.loaded, i);
            }
        }
        if (!boxes[i].isOpen) {
            for (const document::NodeRef& ref : box.contents)
                m_contents.emplace(ref.loaded != 0 ? ref.loaded : ref.key, i);
        }
        if (!boxes[i].isOpen) {
            for (const scene::Member& member : box.members) {
                m_hidden.emplace(member.id, i);
                m_byModule.emplace(member.modulePath, i);
            }
        }
        if (box.kind == scene::BoxKind::Module)
            m_byModule.emplace(box.modulePath, i);
        for (const scene::Far& far : box.far)
            m_references.emplace(far.box, i);
    }
    m_boxGrid = picture::GridIndex(rects);

    std::vector<picture::Rect> edgeRects;
    edgeRects.reserve(edges.size());
    m_firstEdge.assign(boxes.size() + 1, 0);
    for (PictureEdge& edge : edges) {
        double left = std::numeric_limits<double>::infinity();
        double top = left;
        double right = -left;
        double bottom = -left;
        for (const QPointF& point : route(edge)) {
            left = std::min(left, point.x());
            right = std::max(right, point.x());
            top = std::min(top, point.y());
            bottom = std::max(bottom, point.y());
        }
        edge.bounds = QRectF(QPointF(left, top), QPointF(right, bottom));
        if (edge.label != noLabel)
            edge.bounds = edge.bounds.united(labels[edge.label].rect);
        edgeRects.push_back(toRect(edge.bounds));
        bounds = bounds.united(edge.bounds.adjusted(-1, -1, 1, 1));
        ++m_firstEdge[edge.from + 1];
        if (edge.to != edge.from)
            ++m_firstEdge[edge.to + 1];
    }
    m_edgeGrid = picture::GridIndex(edgeRects);
    for (std::size_t i = 0; i < boxes.size(); ++i)
        m_firstEdge[i + 1] += m_firstEdge[i];
    m_edgesOfBoxes.resize(m_firstEdge.back());
    std::vector<std::uint32_t> next(m_firstEdge.begin(), m_firstEdge.end());
    for (std::uint32_t e = 0; e < edges.size(); ++e) {
        m_edgesOfBoxes[next[edges[e].from]++] = e;
        if (edges[e].to != edges[e].from)
            m_edgesOfBoxes[next[edges[e].to]++] = e;
    }
}

void Picture::findBoxes(const QRectF& rect, std::vector<std::uint32_t>& found,
                        std::vector<std::uint32_t>& marks) const
{
    m_boxGrid.find(toRect(rect), found, marks);
}

void Picture::findEdges(const QRectF& rect, std::vector<std::uint32_t>& found,
                        std::vector<std::uint32_t>& marks) const
{
    m_edgeGrid.find(toRect(rect), found, marks);
}

std::uint32_t Picture::boxWithId(std::string_view id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? noBox : found->second;
}

std::uint32_t Picture::boxHiding(std::string_view id) const
{
    // The id of a box begins with that of the box around it.
    while (true) {
        if (const std::uint32_t box = boxWithId(id); box != noBox)
            return box;
        if (const auto found = m_hidden.find(id); found != m_hidden.end())
            return found->second;
        const std::size_t slash = id.rfind('/');
        if (slash == std::string_view::npos || slash == 0)
            return noBox;
        id = id.substr(0, slash);
    }
}

std::uint32_t Picture::boxAt(const QPointF& point) const
{
    std::vector<std::uint32_t> found;
    std::vector<std::uint32_t> marks;
    findBoxes(QRectF(point, QSizeF(0, 0)), found, marks);
    // A box comes before those in it, so the last one that contains the point is the innermost.
    for (auto it = found.rbegin(); it != found.rend(); ++it) {
        if (boxes[*it].rect.contains(point))
            return *it;
    }
    return noBox;
}

std::uint32_t Picture::edgeNear(const QPointF& point, double distance) const
{
    std::vector<std::uint32_t> found;
    std::vector<std::uint32_t> marks;
    const QRectF around(point.x() - distance, point.y() - distance, 2 * distance, 2 * distance);
    findEdges(around, found, marks);
    std::uint32_t nearest = noBox;
    for (const std::uint32_t e : found) {
        if (!edges[e].bounds.adjusted(-distance, -distance, distance, distance).contains(point))
            continue;
        const auto drawn = route(edges[e]);
        for (std::size_t i = 0; i + 1 < drawn.size(); ++i) {
            const double d = distanceTo(point, drawn[i], drawn[i + 1]);
            if (d < distance) {
                distance = d;
                nearest = e;
            }
        }
    }
    return nearest;
}

std::span<const std::uint32_t> Picture::edgesOf(std::uint32_t box) const
{
    return std::span(m_edgesOfBoxes)
        .subspan(m_firstEdge[box], m_firstEdge[box + 1] - m_firstEdge[box]);
}

std::vector<std::uint32_t> Picture::referencesTo(std::uint32_t box) const
{
    std::vector<std::uint32_t> found;
    const auto [begin, end] = m_references.equal_range(boxes[box].box->id);
    for (auto it = begin; it != end; ++it)
        found.push_back(it->second);
    std::sort(found.begin(), found.end());
    // One stub may stand for several values of the box.
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<std::uint32_t> Picture::boxesOf(const document::NodeRef& ref,
                                            const document::NodeIndex& nodes) const
{
    std::vector<std::uint32_t> found;
    const auto add = [&found](std::uint32_t box) {
        if (std::find(found.begin(), found.end(), box) == found.end())
            found.push_back(box);
    };
    const auto addMatching = [this, &ref, &add](const auto& table, ir::NodeKey key, auto refsOf) {
        const auto [begin, end] = table.equal_range(key);
        for (auto it = begin; it != end; ++it) {
            for (const document::NodeRef& own : refsOf(*boxes[it->second].box)) {
                if (own.loaded == ref.loaded && own.modulePath == ref.modulePath)
                    add(it->second);
            }
        }
    };
    const auto refsOf = [](const scene::Box& box) -> const auto&
    {
        return box.refs;
    };
    const auto contentsOf = [](const scene::Box& box) -> const auto&
    {
        return box.contents;
    };
    if (ref.loaded != 0)
        addMatching(m_byLoaded, ref.loaded, refsOf);
    if (found.empty() && ref.key != 0 && ref.key != ref.loaded) {
        for (const ir::NodeKey key : nodes.related(ref)) {
            const auto [begin, end] = m_byKey.equal_range(key);
            for (auto it = begin; it != end; ++it) {
                if (key != ref.loaded)
                    add(it->second);
            }
        }
    }
    if (found.empty() && ref.loaded != 0)
        addMatching(m_contents, ref.loaded, contentsOf);
    if (found.empty())
        found = boxesOfModule(ref.modulePath);
    return found;
}

std::vector<std::uint32_t> Picture::boxesOfModule(std::string_view path) const
{
    std::vector<std::uint32_t> found;
    while (!path.empty()) {
        const auto [begin, end] = m_byModule.equal_range(path);
        for (auto it = begin; it != end; ++it)
            found.push_back(it->second);
        if (!found.empty())
            break;
        const std::size_t dot = path.rfind('.');
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool Picture::isInside(std::uint32_t box, std::uint32_t ancestor) const
{
    while (box != noBox && box != ancestor)
        box = boxes[box].parent;
    return box == ancestor;
}

} // namespace jitscope::views
