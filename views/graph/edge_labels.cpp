#include "views/graph/edge_labels_p.h"

#include "core/picture/box_metrics.h"
#include "core/picture/measures.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace jitscope::views {

namespace {

constexpr std::size_t longestText = 36; // bytes of a type

std::string shortened(const std::string& type)
{
    if (type.size() <= longestText)
        return type;
    std::size_t end = longestText;
    while (end > 0 && (static_cast<unsigned char>(type[end]) & 0xc0U) == 0x80U)
        --end; // not in the middle of a character of UTF-8
    return type.substr(0, end) + "\u2026";
}

std::string textOf(const scene::Edge& edge, EdgeLabels labels)
{
    if (!edge.label.empty() || labels == EdgeLabels::Shapes)
        return edge.label;
    const std::size_t dot = edge.type.rfind('.'); // of a class; its last part is enough
    const bool isClass = edge.type.starts_with("__torch__") && dot != std::string::npos;
    return shortened(isClass ? edge.type.substr(dot + 1) : edge.type);
}

// What lies in the squares of the plane that a label takes.
class Placed
{
public:
    [[nodiscard]] bool isFree(const QRectF& rect) const
    {
        bool isFree = true;
        eachSquare(rect, [&](std::int64_t square) {
            const auto [begin, end] = m_rects.equal_range(square);
            for (auto it = begin; it != end; ++it)
                isFree = isFree && !it->second.intersects(rect);
        });
        return isFree;
    }
    void add(const QRectF& rect)
    {
        eachSquare(rect, [&](std::int64_t square) { m_rects.emplace(square, rect); });
    }

private:
    template <typename Visit>
    static void eachSquare(const QRectF& rect, Visit visit)
    {
        constexpr double side = 256;
        const auto at = [](double v) { return static_cast<std::int64_t>(std::floor(v / side)); };
        for (std::int64_t y = at(rect.top()); y <= at(rect.bottom()); ++y) {
            for (std::int64_t x = at(rect.left()); x <= at(rect.right()); ++x)
                visit(y * 0x10000000 + x);
        }
    }
    std::unordered_multimap<std::int64_t, QRectF> m_rects;
};

class Room
{
public:
    explicit Room(const Picture& picture) : m_picture(picture) {}

    // No closed box and no border of an open one is in the way.
    [[nodiscard]] bool isFree(const QRectF& rect)
    {
        m_found.clear();
        constexpr double gap = 2;
        const QRectF around = rect.adjusted(-gap, -gap, gap, gap);
        m_picture.boxGrid().find(around, m_found, m_marks);
        for (const std::uint32_t i : m_found) {
            const PictureBox& box = m_picture.boxes[i];
            if (!box.rect.intersects(around))
                continue;
            const QRectF ground = box.rect.adjusted(0, picture::measure::headerHeight, 0, 0);
            if (!box.isOpen || !ground.contains(around))
                return false;
        }
        return true;
    }

private:
    const Picture& m_picture;
    std::vector<std::uint32_t> m_found;
    std::vector<std::uint32_t> m_marks;
};

// Points of a route where a label may stand: first where it leaves its box.
std::vector<QPointF> standsOf(const Picture& picture, const PictureEdge& edge)
{
    const auto points = picture.route(edge);
    std::vector<QPointF> stands{points.front()};
    const std::size_t step = edge.style == layout::RouteStyle::Bezier ? 3 : 1;
    for (std::size_t i = 0; i + step < points.size(); i += step) {
        const QPointF a = points[i];
        const QPointF b = points[i + step];
        stands.push_back((a + b) / 2);
        if (i + step + 1 < points.size())
            stands.push_back(b);
    }
    constexpr std::size_t most = 12; // of a long edge
    if (stands.size() > most)
        stands.resize(most);
    return stands;
}

} // namespace

void placeLabels(Picture& picture, EdgeLabels labels, const TextWidth& width, double height)
{
    Room room(picture);
    Placed placed;
    std::pair<std::uint32_t, std::uint32_t> last{noBox, 0};
    for (PictureEdge& edge : picture.edges) {
        if (edge.isLink)
            continue;
        const std::pair port{edge.from, edge.edge->fromPort};
        const scene::Box& from = *picture.boxes[edge.from].box;
        const scene::Box& to = *picture.boxes[edge.to].box;
        // Inputs and outputs that know their shape say it themselves.
        const auto says = [](const scene::Box& box, scene::BoxKind kind) {
            return box.kind == kind && (!box.subtitle.empty() || picture::isJunction(box));
        };
        const bool isSaid = from.kind == scene::BoxKind::Reference ||
                            says(from, scene::BoxKind::Input) || says(to, scene::BoxKind::Output);
        if (port == last || isSaid)
            continue;
        const std::string text = textOf(*edge.edge, labels);
        if (text.empty())
            continue;
        const double textWidth = width.of(text) + 1;
        constexpr double aside = 5; // from the line
        for (const QPointF& stand : standsOf(picture, edge)) {
            const bool isFirst = stand == picture.route(edge).front();
            const double top = isFirst ? stand.y() + 3 : stand.y() - height / 2;
            const QRectF right(stand.x() + aside, top, textWidth, height);
            const QRectF left(stand.x() - aside - textWidth, top, textWidth, height);
            const bool isRight = room.isFree(right) && placed.isFree(right);
            if (!isRight && !(room.isFree(left) && placed.isFree(left)))
                continue;
            const QRectF rect = isRight ? right : left;
            placed.add(rect);
            edge.label = static_cast<std::uint32_t>(picture.labels.size());
            picture.labels.push_back({rect, text});
            last = port;
            break;
        }
    }
}

} // namespace jitscope::views
