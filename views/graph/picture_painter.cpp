#include "views/graph/picture_painter_p.h"

#include "core/picture/palette.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace jitscope::views {

namespace {

constexpr double densityBelow = 0.12;
constexpr double fullFrom = 0.45;
constexpr double labelsFrom = 0.7;
constexpr double fewFrom = 0.22;
constexpr std::size_t fewBoxes = 250;
constexpr std::size_t smoothEdgeLimit =
    1200; // more curves than this are drawn as polylines without antialiasing

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// A triangle at the end of a route, pointing into the box.
void addArrow(QPolygonF& polygon, const QPointF& tip)
{
    polygon = QPolygonF({tip, tip + QPointF(-measure::arrowHalfWidth, -measure::arrowLength),
                         tip + QPointF(measure::arrowHalfWidth, -measure::arrowLength)});
}

// A route as straight pieces, in the widget.
void appendPolyline(const Picture& picture, const PictureEdge& edge, const ViewTransform& view,
                    QPolygonF& polyline)
{
    const auto points = picture.route(edge);
    if (edge.style == layout::RouteStyle::Vertical) {
        for (const QPointF& point : points)
            polyline.append(view.toWidget(point));
        return;
    }
    constexpr int pieces = 4; // of each curve
    polyline.append(view.toWidget(points[0]));
    for (std::size_t i = 0; i + 3 < points.size(); i += 3) {
        for (int k = 1; k <= pieces; ++k) {
            const double t = static_cast<double>(k) / pieces;
            const double u = 1 - t;
            const QPointF point = u * u * u * points[i] + 3 * u * u * t * points[i + 1] +
                                  3 * u * t * t * points[i + 2] + t * t * t * points[i + 3];
            polyline.append(view.toWidget(point));
        }
    }
}

constexpr double dimOpacity = 0.22; // of what a trace did not reach
constexpr double dimShare = 0.78;   // of the background, where no opacity is used

bool isLit(const PaintState& state, std::uint32_t box)
{
    return !state.trace || state.trace->boxes[box];
}

bool isEdgeLit(const Picture& picture, const PaintState& state, std::uint32_t e)
{
    if (!state.trace)
        return true;
    const PictureEdge& edge = picture.edges[e];
    if (!edge.isLink)
        return state.trace->edges[e];
    // A link belongs to the box at its inner end.
    return state.trace->links[picture.isInside(edge.to, edge.from) ? edge.to : edge.from];
}

} // namespace

PicturePainter::PicturePainter(const GraphStyle& style) : m_style(style), m_boxPainter(style) {}

// What a box is filled with where it is no more than a rectangle.
QRgb PicturePainter::fillOf(const Picture& picture, const PaintState& state,
                            std::uint32_t box) const
{
    const QColor colour =
        isPill(*picture.boxes[box].box) ? m_style.border : state.colouring->of(box);
    return (isLit(state, box) ? colour : blend(colour, m_style.background, dimShare)).rgb();
}

QColor PaintState::traceColour(const GraphStyle& style) const
{
    switch (traceKind) {
    case Tracing::Kind::Upstream:
        return style.inputEdge;
    case Tracing::Kind::Downstream:
        return style.outputEdge;
    default:
        return style.selection;
    }
}

DetailLevel detailLevel(double scale)
{
    return scale < densityBelow ? DetailLevel::Density
           : scale < fullFrom   ? DetailLevel::Boxes
                                : DetailLevel::Full;
}

QPainterPath pathOf(const Picture& picture, const PictureEdge& edge)
{
    QPainterPath path;
    const auto points = picture.route(edge);
    path.moveTo(points[0]);
    if (edge.style == layout::RouteStyle::Bezier) {
        for (std::size_t i = 1; i + 2 < points.size(); i += 3)
            path.cubicTo(points[i], points[i + 1], points[i + 2]);
        return path;
    }
    for (std::size_t i = 1; i < points.size(); ++i) {
        const QPointF& a = points[i - 1];
        const QPointF& b = points[i];
        if (std::abs(a.x() - b.x()) < 0.5) {
            path.lineTo(b);
        } else {
            const double middle = (a.y() + b.y()) / 2;
            path.cubicTo(QPointF(a.x(), middle), QPointF(b.x(), middle), b);
        }
    }
    return path;
}

void PicturePainter::collect(const Picture& picture, const QRectF& sceneArea)
{
    m_visible.boxes.clear();
    m_visible.edges.clear();
    picture.findBoxes(sceneArea, m_visible.boxes, m_marks);
    picture.findEdges(sceneArea, m_visible.edges, m_marks);
    std::erase_if(m_visible.boxes,
                  [&](std::uint32_t i) { return !picture.boxes[i].rect.intersects(sceneArea); });
    std::erase_if(m_visible.edges, [&](std::uint32_t e) {
        // A vertical route has bounds without width, which QRectF calls empty.
        return !picture.edges[e].bounds.adjusted(-1, -1, 1, 1).intersects(sceneArea);
    });
}

void PicturePainter::paintBackground(QPainter& painter, const ViewTransform& view,
                                     const QRectF& area, double devicePixelRatio) const
{
    painter.fillRect(area, m_style.background);
    constexpr double spacing = 28;
    if (view.scale < fullFrom)
        return;
    const double step = spacing * view.scale;
    const double size = std::max(1.0, std::round(devicePixelRatio)) / devicePixelRatio;
    std::vector<QRectF> dots;
    const double startX =
        area.left() + std::fmod(std::fmod(view.offset.x() - area.left(), step) + step, step);
    const double startY =
        area.top() + std::fmod(std::fmod(view.offset.y() - area.top(), step) + step, step);
    for (double y = startY; y < area.bottom(); y += step) {
        for (double x = startX; x < area.right(); x += step)
            dots.emplace_back(std::floor(x), std::floor(y), size, size);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.dots);
    painter.drawRects(dots.data(), static_cast<int>(dots.size()));
}

void PicturePainter::paint(QPainter& painter, const Picture& picture, const ViewTransform& view,
                           const QRectF& area, const PaintState& state)
{
    constexpr double margin = 12; // rings, arrows and labels reach out of their item
    collect(picture, view.toScene(area.adjusted(-margin, -margin, margin, margin)));
    // Few boxes are drawn in full even where their texts are no more than a texture.
    DetailLevel level = detailLevel(view.scale);
    if (level == DetailLevel::Boxes && view.scale >= fewFrom && m_visible.boxes.size() <= fewBoxes)
        level = DetailLevel::Full;
    switch (level) {
    case DetailLevel::Density:
        paintDensity(painter, picture, view, state);
        break;
    case DetailLevel::Boxes:
        paintBoxesLevel(painter, picture, view, state);
        break;
    case DetailLevel::Full:
        paintFull(painter, picture, view, state);
        break;
    }
    paintRings(painter, picture, view, state);
}

void PicturePainter::paintDensity(QPainter& painter, const Picture& picture,
                                  const ViewTransform& view, const PaintState& state)
{
    if (m_visible.boxes.empty())
        collect(picture, picture.bounds);
    painter.setRenderHint(QPainter::Antialiasing, false);
    constexpr double smallest = 1; // pixels; no box disappears
    std::unordered_map<QRgb, std::vector<QRectF>> rects;
    std::vector<QRectF> frames;
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        QRectF rect = view.toWidget(drawn.rect);
        rect.setSize({std::max(rect.width(), smallest), std::max(rect.height(), smallest)});
        if (drawn.isOpen)
            frames.push_back(rect);
        else
            rects[fillOf(picture, state, i)].push_back(rect);
    }
    painter.setPen(Qt::NoPen);
    QColor frame = m_style.border;
    frame.setAlphaF(0.22F);
    painter.setBrush(frame);
    painter.drawRects(frames.data(), static_cast<int>(frames.size()));
    QColor line = m_style.edge;
    line.setAlphaF(0.5F);
    std::vector<QLineF> lines;
    for (const std::uint32_t e : m_visible.edges) {
        const auto points = picture.route(picture.edges[e]);
        lines.emplace_back(view.toWidget(points.front()), view.toWidget(points.back()));
    }
    painter.setPen(QPen(line, 0));
    painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    painter.setPen(Qt::NoPen);
    for (const auto& [colour, list] : rects) {
        painter.setBrush(QColor(colour));
        painter.drawRects(list.data(), static_cast<int>(list.size()));
    }
}

// How much of a strip below the title bar of an open box is free, from its left end to the first
// box inside.
double PicturePainter::freeWidth(const Picture& picture, std::uint32_t open,
                                 const ViewTransform& view, const QRectF& strip)
{
    if (strip.bottom() > view.toWidget(picture.boxes[open].rect).bottom())
        return 0;
    std::vector<std::uint32_t> found;
    picture.findBoxes(view.toScene(strip), found, m_marks);
    double right = strip.right();
    for (const std::uint32_t i : found) {
        const QRectF rect = view.toWidget(picture.boxes[i].rect);
        if (i != open && rect.intersects(strip) && picture.isInside(i, open))
            right = std::min(right, rect.left() - 4);
    }
    return right - strip.left();
}

void PicturePainter::paintBoxesLevel(QPainter& painter, const Picture& picture,
                                     const ViewTransform& view, const PaintState& state)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(m_style.textFont);
    const double titleHeight = measure::headerHeight * view.scale;
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (!drawn.isOpen)
            continue;
        const QRectF rect = view.toWidget(drawn.rect);
        const QColor own = state.colouring->of(i);
        const QColor colour = isLit(state, i) ? own : blend(own, m_style.background, dimShare);
        painter.fillRect(rect, blend(m_style.background, colour, 0.07));
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), std::max(2.0, titleHeight)),
                         blend(m_style.background, colour, 0.55));
        painter.setPen(QPen(blend(m_style.background, colour, 0.4), 0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
    }
    const bool isSmooth = !state.isMoving && m_visible.edges.size() <= smoothEdgeLimit;
    painter.setRenderHint(QPainter::Antialiasing, isSmooth);
    painter.setPen(QPen(blend(m_style.background, m_style.edge, 0.85), 0));
    QPolygonF polyline;
    for (const std::uint32_t e : m_visible.edges) {
        polyline.clear();
        appendPolyline(picture, picture.edges[e], view, polyline);
        painter.drawPolyline(polyline);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    std::unordered_map<QRgb, std::vector<QRectF>> rects;
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (!drawn.isOpen)
            rects[fillOf(picture, state, i)].push_back(view.toWidget(drawn.rect));
    }
    painter.setPen(Qt::NoPen);
    for (const auto& [colour, list] : rects) {
        painter.setBrush(QColor(colour));
        painter.drawRects(list.data(), static_cast<int>(list.size()));
    }
    // Names of open boxes and of closed modules, in letters of fixed size, where they fit.
    const QFontMetricsF metrics(m_style.textFont);
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        const QRectF rect = view.toWidget(drawn.rect);
        const QString title = toQString(drawn.box->title);
        if (drawn.isOpen) {
            constexpr double leastWidth = 70;
            const QRectF room(rect.left() + 4, rect.top() + titleHeight + 1, rect.width() - 8,
                              metrics.height());
            if (drawn.box->isAlwaysOpen() || room.width() < leastWidth)
                continue;
            const double width = freeWidth(picture, i, view, room);
            if (width < leastWidth)
                continue;
            painter.setPen(m_style.text);
            const QString path =
                drawn.box->subtitle.empty() ? title : title + u' ' + toQString(drawn.box->subtitle);
            painter.drawText(QPointF(room.left(), room.top() + metrics.ascent()),
                             metrics.elidedText(path, Qt::ElideRight, width));
        } else if (rect.height() + 1 >= metrics.height() &&
                   metrics.horizontalAdvance(title) <= rect.width() - 4) {
            painter.setPen(m_style.headerText);
            painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, title);
        }
    }
}

void PicturePainter::paintFull(QPainter& painter, const Picture& picture, const ViewTransform& view,
                               const PaintState& state)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.translate(view.offset);
    painter.scale(view.scale, view.scale);
    for (const std::uint32_t i : m_visible.boxes) {
        if (picture.boxes[i].isOpen) {
            painter.setOpacity(isLit(state, i) ? 1 : 2 * dimOpacity);
            m_boxPainter.paintOpen(painter, picture.boxes[i], state.colouring->of(i));
        }
    }
    painter.setOpacity(1);
    paintEdges(painter, picture, view, state);
    if (view.scale >= labelsFrom)
        paintEdgeLabels(painter, picture, state);
    paintHighlight(painter, picture, view, state);
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (drawn.isOpen)
            continue;
        painter.setOpacity(isLit(state, i) ? 1 : dimOpacity);
        if (isPill(*drawn.box))
            m_boxPainter.paintPill(painter, drawn);
        else
            m_boxPainter.paintClosed(painter, drawn, state.colouring->of(i));
    }
    painter.restore();
}

void PicturePainter::paintEdges(QPainter& painter, const Picture& picture,
                                const ViewTransform& view, const PaintState& state)
{
    const bool isSmooth = !state.isMoving || m_visible.edges.size() <= smoothEdgeLimit / 4;
    painter.setRenderHint(QPainter::Antialiasing, isSmooth);
    const double width = view.scale < 1 ? 0 : measure::edgeWidth;
    const QPen plain(m_style.edge, width);
    const QPen traced(state.traceColour(m_style), std::max(2.0, 1.6 / view.scale));
    painter.setBrush(Qt::NoBrush);
    const auto draw = [&](std::uint32_t e, QPen pen) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.isLink)
            pen.setStyle(Qt::DotLine);
        painter.setPen(pen);
        const auto points = picture.route(edge);
        if (points.size() == 2 && std::abs(points[0].x() - points[1].x()) < 0.5)
            painter.drawLine(points[0], points[1]);
        else
            painter.drawPath(pathOf(picture, edge));
    };
    const auto drawArrow = [&](std::uint32_t e, const QColor& colour) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.isLink || isJunction(*picture.boxes[edge.to].box))
            return;
        QPolygonF arrow;
        addArrow(arrow, picture.route(edge).back());
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(arrow);
        painter.setBrush(Qt::NoBrush);
    };
    // What a trace reached lies above the rest.
    painter.setOpacity(state.trace ? dimOpacity : 1);
    for (const std::uint32_t e : m_visible.edges) {
        if (!state.trace || !isEdgeLit(picture, state, e))
            draw(e, plain);
    }
    for (const std::uint32_t e : m_visible.edges) {
        if (!state.trace || !isEdgeLit(picture, state, e))
            drawArrow(e, m_style.edge);
    }
    painter.setOpacity(1);
    if (state.trace) {
        for (const std::uint32_t e : m_visible.edges) {
            if (!isEdgeLit(picture, state, e))
                continue;
            draw(e, traced);
            drawArrow(e, traced.color());
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void PicturePainter::paintEdgeLabels(QPainter& painter, const Picture& picture,
                                     const PaintState& state) const
{
    QColor halo = m_style.background;
    halo.setAlphaF(0.8F);
    for (const std::uint32_t e : m_visible.edges) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.label == noLabel)
            continue;
        const PictureLabel& label = picture.labels[edge.label];
        painter.setOpacity(isEdgeLit(picture, state, e) ? 1 : dimOpacity);
        painter.fillRect(label.rect, halo);
        painter.setPen(m_style.edgeLabel);
        m_boxPainter.paintText(painter, label.rect, label.text);
    }
    painter.setOpacity(1);
}

void PicturePainter::paintHighlight(QPainter& painter, const Picture& picture,
                                    const ViewTransform& view, const PaintState& state)
{
    const double width = std::max(2.2, 2.0 / view.scale);
    const auto draw = [&](std::uint32_t e, const QColor& colour) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(pathOf(picture, picture.edges[e]));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        QPolygonF arrow;
        addArrow(arrow, picture.route(picture.edges[e]).back());
        if (!picture.edges[e].isLink)
            painter.drawPolygon(arrow);
    };
    if (state.current != noBox && state.current < picture.boxes.size()) {
        for (const std::uint32_t e : picture.edgesOf(state.current)) {
            const PictureEdge& edge = picture.edges[e];
            // A link goes on inside the box with what arrives at or leaves it.
            const bool turnsIn = edge.isLink && picture.boxes[state.current].isOpen;
            const bool isInput = (edge.to == state.current) != turnsIn;
            draw(e, isInput ? m_style.inputEdge : m_style.outputEdge);
        }
    }
    if (state.hoveredEdge != noBox && state.hoveredEdge < picture.edges.size())
        draw(state.hoveredEdge, m_style.selection);
}

void PicturePainter::paintRings(QPainter& painter, const Picture& picture,
                                const ViewTransform& view, const PaintState& state) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    const auto ring = [&](std::uint32_t i, const QColor& colour, double width) {
        const PictureBox& drawn = picture.boxes[i];
        const double gap = 1 + width / 2;
        const double corner = isPill(*drawn.box) ? drawn.rect.height() / 2 : measure::corner;
        painter.setPen(QPen(colour, width));
        const QRectF rect = view.toWidget(drawn.rect).adjusted(-gap, -gap, gap, gap);
        painter.drawRoundedRect(rect, corner * view.scale + gap, corner * view.scale + gap);
    };
    if (state.hovered != noBox && state.hovered < picture.boxes.size() &&
        !state.selected.contains(state.hovered)) {
        QColor colour = m_style.selection;
        colour.setAlphaF(0.55F);
        ring(state.hovered, colour, 1.5);
    }
    for (const std::uint32_t i : state.selected) {
        if (i < picture.boxes.size())
            ring(i, m_style.selection, 2.5);
    }
}

} // namespace jitscope::views
