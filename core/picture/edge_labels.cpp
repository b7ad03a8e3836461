#include "core/picture/edge_labels.h"

#include "core/picture/edge_lines_p.h"
#include "core/picture/grid_index.h"
#include "core/picture/measures.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace jitscope::picture {

namespace {

constexpr double aside = 5;             // from the line
constexpr double below = 3;             // the box
constexpr double gap = 2;               // to what is in the way
constexpr std::size_t longestText = 36; // bytes of a type
constexpr std::size_t mostStands = 12;  // of a long edge
constexpr std::uint32_t patience = 64;  // edges between two looks at the token

std::string textOf(const scene::Edge& edge, EdgeLabels labels)
{
    if (!edge.label.empty() || labels == EdgeLabels::Shapes)
        return edge.label;
    const std::size_t dot = edge.type.rfind('.'); // of a class; its last part is enough
    const bool isClass = edge.type.starts_with("__torch__") && dot != std::string::npos;
    return shortened(isClass ? edge.type.substr(dot + 1) : edge.type, longestText);
}

// "1×64×56×56" of "float 1×64×56×56".
std::string shapeOf(const std::string& label)
{
    const std::size_t space = label.find(' ');
    return space == std::string::npos ? label : label.substr(space + 1);
}

// Inputs and outputs that know their shape say it themselves.
bool isSaid(const scene::Box& from, const scene::Box& to)
{
    const auto says = [](const scene::Box& box, scene::BoxKind kind) {
        return box.kind == kind && (!box.subtitle.empty() || isJunction(box));
    };
    return from.kind == scene::BoxKind::Reference || says(from, scene::BoxKind::Input) ||
           says(to, scene::BoxKind::Output);
}

// The labels that have a place, by the squares of the plane that they take.
class Taken
{
public:
    [[nodiscard]] bool isFree(const Rect& rect) const
    {
        bool isFree = true;
        eachSquare(rect, [&](std::int64_t square) {
            const auto [begin, end] = m_rects.equal_range(square);
            for (auto it = begin; it != end; ++it)
                isFree = isFree && !it->second.intersects(rect);
        });
        return isFree;
    }
    void add(const Rect& rect)
    {
        eachSquare(rect, [&](std::int64_t square) { m_rects.emplace(square, rect); });
    }

private:
    template <typename Visit>
    static void eachSquare(const Rect& rect, Visit visit)
    {
        constexpr double side = 256;
        const auto at = [](double v) { return static_cast<std::int64_t>(std::floor(v / side)); };
        for (std::int64_t y = at(rect.y); y <= at(rect.bottom()); ++y) {
            for (std::int64_t x = at(rect.x); x <= at(rect.right()); ++x)
                visit(y * 0x10000000 + x);
        }
    }
    std::unordered_multimap<std::int64_t, Rect> m_rects;
};

class Ground
{
public:
    explicit Ground(const Drawing& drawing) : m_drawing(drawing)
    {
        std::vector<Rect> rects;
        rects.reserve(drawing.boxes.size());
        for (const DrawnBox& box : drawing.boxes)
            rects.push_back(box.rect);
        m_grid = GridIndex(rects);
    }

    [[nodiscard]] bool isFree(const Rect& rect, const DrawnEdge& edge) const
    {
        const Rect around = rect.grown(gap);
        return !m_grid.any(around, [&](std::uint32_t i) {
            const DrawnBox& box = m_drawing.boxes[i];
            return box.rect.intersects(around) &&
                   !(box.isOpen && groundOf(box).contains(around) && isAround(i, edge));
        });
    }

private:
    [[nodiscard]] static Rect groundOf(const DrawnBox& box)
    {
        return {box.rect.x, box.rect.y + measure::headerHeight, box.rect.width,
                box.rect.height - measure::headerHeight};
    }
    [[nodiscard]] bool isAround(std::uint32_t open, const DrawnEdge& edge) const
    {
        std::uint32_t box = m_drawing.boxes[edge.from].parent;
        while (box != noBox && box != open)
            box = m_drawing.boxes[box].parent;
        return box == open;
    }

    const Drawing& m_drawing;
    GridIndex m_grid;
};

layout::Point middleOf(std::span<const layout::Point> piece)
{
    const layout::Point& a = piece.front();
    const layout::Point& b = piece.back();
    if (piece.size() != 4)
        return {(a.x + b.x) / 2, (a.y + b.y) / 2};
    return {(a.x + 3 * (piece[1].x + piece[2].x) + b.x) / 8,
            (a.y + 3 * (piece[1].y + piece[2].y) + b.y) / 8};
}

// Points of a route where a label may stand: first where it leaves its box.
std::vector<layout::Point> standsOf(const Drawing& drawing, const DrawnEdge& edge)
{
    const auto points = drawing.route(edge);
    std::vector<layout::Point> stands{points.front()};
    const std::size_t step = edge.style == layout::RouteStyle::Bezier ? 3 : 1;
    for (std::size_t i = 0; i + step < points.size() && stands.size() < mostStands; i += step) {
        stands.push_back(middleOf(points.subspan(i, step + 1)));
        if (i + step + 1 < points.size())
            stands.push_back(points[i + step]);
    }
    return stands;
}

class Placer
{
public:
    Placer(const Drawing& drawing, double height)
        : m_drawing(drawing), m_ground(drawing), m_lines(drawing), m_height(height)
    {}

    // Beside the lines if there is such room, else on one.
    std::optional<Rect> place(const DrawnEdge& edge, double width)
    {
        std::optional<Rect> best;
        bool isFirst = true;
        for (const layout::Point& stand : standsOf(m_drawing, edge)) {
            const double top = isFirst ? stand.y + below : stand.y - m_height / 2;
            isFirst = false;
            for (const double left : {stand.x + aside, stand.x - aside - width}) {
                const Rect rect{left, top, width, m_height};
                if (!m_ground.isFree(rect, edge) || !m_taken.isFree(rect.grown(gap)))
                    continue;
                if (!m_lines.cross(rect)) {
                    m_taken.add(rect);
                    return rect;
                }
                if (!best)
                    best = rect;
            }
        }
        if (best)
            m_taken.add(*best);
        return best;
    }

private:
    const Drawing& m_drawing;
    Ground m_ground;
    Taken m_taken;
    EdgeLines m_lines;
    double m_height;
};

} // namespace

std::vector<EdgeLabel> placeEdgeLabels(const Drawing& drawing, EdgeLabels labels,
                                       const TextMeasure& measure, const CancelToken& cancel)
{
    std::vector<EdgeLabel> placed;
    std::optional<Placer> placer;               // costly, and many pictures know no shapes
    std::unordered_set<std::uint64_t> labelled; // ports; their edges need not follow one another
    for (std::uint32_t e = 0; e < drawing.edges.size(); ++e) {
        if (e % patience == 0 && cancel.isCancelled())
            break;
        const DrawnEdge& edge = drawing.edges[e];
        if (edge.isLink || edge.pointCount == 0)
            continue;
        if (isSaid(*drawing.boxes[edge.from].box, *drawing.boxes[edge.to].box))
            continue;
        std::string text = textOf(*edge.edge, labels);
        const std::uint64_t port = std::uint64_t{edge.from} << 32U | edge.edge->fromPort;
        if (text.empty() || labelled.contains(port))
            continue;
        if (!placer)
            placer.emplace(drawing, measure.textHeight());
        std::optional<Rect> rect = placer->place(edge, measure.textWidth(text) + 1);
        if (!rect && !edge.edge->label.empty()) {
            text = shapeOf(text);
            rect = placer->place(edge, measure.textWidth(text) + 1);
        }
        if (!rect)
            continue;
        placed.push_back({e, *rect, std::move(text)});
        labelled.insert(port);
    }
    return placed;
}

} // namespace jitscope::picture
