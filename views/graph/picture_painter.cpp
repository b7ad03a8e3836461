#include "views/graph/picture_painter_p.h"

#include "views/graph/box_metrics_p.h"

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
constexpr std::size_t smoothEdgeLimit =
    1200; // more curves than this are drawn as polylines without antialiasing
constexpr double arrowLength = 7;
constexpr double arrowHalfWidth = 3.2;
constexpr double edgeWidth = 1.4;

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QColor blend(const QColor& a, const QColor& b, double share)
{
    const auto channel = [share](float x, float y) {
        return static_cast<float>(x * (1 - share) + y * share);
    };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()),
                            channel(a.blueF(), b.blueF()));
}

// A rectangle whose upper corners alone are round.
QPainterPath headerPath(const QRectF& rect, double radius)
{
    QPainterPath path;
    path.moveTo(rect.bottomLeft());
    path.lineTo(rect.left(), rect.top() + radius);
    path.quadTo(rect.topLeft(), QPointF(rect.left() + radius, rect.top()));
    path.lineTo(rect.right() - radius, rect.top());
    path.quadTo(rect.topRight(), QPointF(rect.right(), rect.top() + radius));
    path.lineTo(rect.bottomRight());
    path.closeSubpath();
    return path;
}

void drawElided(QPainter& painter, const QRectF& rect, const QString& text, Qt::Alignment alignment)
{
    const QFontMetricsF metrics(painter.font());
    const QString shown = metrics.elidedText(text, Qt::ElideRight, rect.width() + 0.5);
    painter.drawText(rect, static_cast<int>(alignment | Qt::AlignVCenter | Qt::TextSingleLine),
                     shown);
}

// A triangle at the end of a route, pointing into the box.
void addArrow(QPolygonF& polygon, const QPointF& tip)
{
    polygon = QPolygonF({tip, tip + QPointF(-arrowHalfWidth, -arrowLength),
                         tip + QPointF(arrowHalfWidth, -arrowLength)});
}

} // namespace

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
    picture.boxGrid().find(sceneArea, m_visible.boxes, m_marks);
    picture.edgeGrid().find(sceneArea, m_visible.edges, m_marks);
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
    switch (detailLevel(view.scale)) {
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
            rects[headerColour(m_style, *drawn.box, state.colourBy).rgb()].push_back(rect);
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
        const QColor colour = headerColour(m_style, *drawn.box, state.colourBy);
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
        for (const QPointF& point : picture.route(picture.edges[e]))
            polyline.append(view.toWidget(point));
        painter.drawPolyline(polyline);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    std::unordered_map<QRgb, std::vector<QRectF>> rects;
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (!drawn.isOpen)
            rects[headerColour(m_style, *drawn.box, state.colourBy).rgb()].push_back(
                view.toWidget(drawn.rect));
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
            if (rect.width() < leastWidth || drawn.box->isAlwaysOpen())
                continue;
            painter.setPen(m_style.text);
            const QString path =
                drawn.box->subtitle.empty() ? title : title + u' ' + toQString(drawn.box->subtitle);
            painter.drawText(
                QPointF(rect.left() + 4, rect.top() + titleHeight + metrics.ascent() + 1),
                metrics.elidedText(path, Qt::ElideRight, rect.width() - 8));
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
        if (picture.boxes[i].isOpen)
            paintOpenBox(painter, picture.boxes[i], state);
    }
    paintEdges(painter, picture, view, state);
    if (view.scale >= labelsFrom)
        paintEdgeLabels(painter, picture);
    paintHighlight(painter, picture, view, state);
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (drawn.isOpen)
            continue;
        if (isPill(*drawn.box))
            paintPill(painter, drawn);
        else
            paintClosedBox(painter, drawn, state);
    }
    painter.restore();
}

void PicturePainter::paintEdges(QPainter& painter, const Picture& picture,
                                const ViewTransform& view, const PaintState& state)
{
    const bool isSmooth = !state.isMoving || m_visible.edges.size() <= smoothEdgeLimit / 4;
    painter.setRenderHint(QPainter::Antialiasing, isSmooth);
    QPen pen(m_style.edge, edgeWidth);
    if (view.scale < 1)
        pen = QPen(m_style.edge, 0);
    QPen linkPen = pen;
    linkPen.setStyle(Qt::DotLine);
    painter.setBrush(Qt::NoBrush);
    for (const std::uint32_t e : m_visible.edges) {
        const PictureEdge& edge = picture.edges[e];
        painter.setPen(edge.isLink ? linkPen : pen);
        const auto points = picture.route(edge);
        if (points.size() == 2 && std::abs(points[0].x() - points[1].x()) < 0.5)
            painter.drawLine(points[0], points[1]);
        else
            painter.drawPath(pathOf(picture, edge));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.edge);
    QPolygonF arrow;
    for (const std::uint32_t e : m_visible.edges) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.isLink || isJunction(*picture.boxes[edge.to].box))
            continue;
        addArrow(arrow, picture.route(edge).back());
        painter.drawPolygon(arrow);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void PicturePainter::paintEdgeLabels(QPainter& painter, const Picture& picture) const
{
    painter.setFont(m_style.textFont);
    painter.setPen(m_style.edgeLabel);
    const QFontMetricsF metrics(m_style.textFont);
    // All edges of a port carry the same value: one label beside the port is enough.
    std::pair<std::uint32_t, std::uint32_t> last{noBox, 0};
    for (const std::uint32_t e : m_visible.edges) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.isLink || edge.edge->label.empty())
            continue;
        const std::pair port{edge.from, edge.edge->fromPort};
        const scene::BoxKind from = picture.boxes[edge.from].box->kind;
        if (port == last || from == scene::BoxKind::Input || from == scene::BoxKind::Reference)
            continue; // those carry the shape themselves
        last = port;
        const QPointF start = picture.route(edge).front();
        const QString label = toQString(edge.edge->label);
        const QRectF rect(start.x() + 5, start.y() + 3, metrics.horizontalAdvance(label),
                          metrics.height());
        QColor halo = m_style.background;
        halo.setAlphaF(0.8F);
        painter.fillRect(rect, halo);
        painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent()), label);
    }
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
        for (const std::uint32_t e : picture.edgesOf(state.current))
            draw(e, picture.edges[e].to == state.current ? m_style.inputEdge : m_style.outputEdge);
    }
    if (state.hoveredEdge != noBox && state.hoveredEdge < picture.edges.size())
        draw(state.hoveredEdge, m_style.selection);
}

void PicturePainter::paintHeader(QPainter& painter, const QRectF& header, const scene::Box& box,
                                 bool isOpen) const
{
    QRectF area = header.adjusted(measure::sidePadding, 0, -measure::sidePadding, 0);
    if (box.canOpen() && !box.isAlwaysOpen()) {
        const QRectF mark(area.right() - measure::markSize + 3,
                          header.center().y() - measure::markSize / 2, measure::markSize,
                          measure::markSize);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(255, 255, 255, 46));
        painter.drawRoundedRect(mark, 4, 4);
        painter.setPen(QPen(m_style.headerText, 1.6, Qt::SolidLine, Qt::FlatCap));
        const QPointF c = mark.center();
        painter.drawLine(QPointF(c.x() - 4, c.y()), QPointF(c.x() + 4, c.y()));
        if (!isOpen)
            painter.drawLine(QPointF(c.x(), c.y() - 4), QPointF(c.x(), c.y() + 4));
        area.setRight(mark.left() - 4);
    }
    painter.setFont(m_style.titleFont);
    painter.setPen(m_style.headerText);
    const QString title = toQString(box.title);
    const double titleWidth = QFontMetricsF(m_style.titleFont).horizontalAdvance(title);
    if (box.subtitle.empty()) {
        drawElided(painter, area, title, box.canOpen() ? Qt::AlignLeft : Qt::AlignHCenter);
        return;
    }
    drawElided(painter, area, title, Qt::AlignLeft);
    QRectF rest = area;
    rest.setLeft(std::min(area.right(), area.left() + titleWidth + 8));
    if (rest.width() < 12)
        return;
    painter.setFont(m_style.textFont);
    painter.setPen(m_style.headerDimText);
    rest.translate(0, 0.5);
    drawElided(painter, rest, toQString(box.subtitle), Qt::AlignLeft);
}

void PicturePainter::paintRows(QPainter& painter, const QRectF& area, const scene::Box& box) const
{
    painter.setFont(m_style.textFont);
    QRectF row(area.left() + measure::sidePadding, area.top() + measure::rowsPadding,
               area.width() - 2 * measure::sidePadding, measure::rowHeight);
    const QFontMetricsF metrics(m_style.textFont);
    for (const scene::Row& r : box.rows) {
        const QString name = toQString(r.name);
        painter.setPen(m_style.dimText);
        drawElided(painter, row, name, Qt::AlignLeft);
        if (!r.value.empty()) {
            painter.setPen(m_style.text);
            QRectF rest = row;
            rest.setLeft(std::min(row.right(), row.left() + metrics.horizontalAdvance(name) + 8));
            drawElided(painter, rest, toQString(r.value), Qt::AlignRight);
        }
        row.translate(0, measure::rowHeight);
    }
}

void PicturePainter::paintClosedBox(QPainter& painter, const PictureBox& drawn,
                                    const PaintState& state) const
{
    const scene::Box& box = *drawn.box;
    const QColor colour = headerColour(m_style, box, state.colourBy);
    const QRectF header(drawn.rect.left(), drawn.rect.top(), drawn.rect.width(),
                        measure::headerHeight);
    if (box.rows.empty()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(drawn.rect, measure::corner, measure::corner);
    } else {
        painter.setPen(QPen(m_style.border, 1));
        painter.setBrush(m_style.body);
        painter.drawRoundedRect(drawn.rect.adjusted(0.5, 0.5, -0.5, -0.5), measure::corner,
                                measure::corner);
        painter.fillPath(headerPath(header, measure::corner), colour);
        paintRows(painter, drawn.rect.adjusted(0, measure::headerHeight, 0, 0), box);
    }
    paintHeader(painter, header, box, false);
}

void PicturePainter::paintOpenBox(QPainter& painter, const PictureBox& drawn,
                                  const PaintState& state) const
{
    const scene::Box& box = *drawn.box;
    const QColor colour = headerColour(m_style, box, state.colourBy);
    const double tint = (m_style.isDark() ? 0.13 : 0.06) + (drawn.depth % 2 == 0 ? 0 : 0.035);
    painter.setPen(QPen(blend(m_style.background, colour, 0.75), 1));
    painter.setBrush(blend(m_style.background, colour, tint));
    painter.drawRoundedRect(drawn.rect.adjusted(0.5, 0.5, -0.5, -0.5), measure::corner,
                            measure::corner);
    const QRectF header(drawn.rect.left(), drawn.rect.top(), drawn.rect.width(),
                        measure::headerHeight);
    painter.fillPath(headerPath(header, measure::corner),
                     blend(m_style.background, colour, box.isAlwaysOpen() ? 0.7 : 0.95));
    paintHeader(painter, header, box, true);
}

void PicturePainter::paintPill(QPainter& painter, const PictureBox& drawn) const
{
    const scene::Box& box = *drawn.box;
    const double radius = drawn.rect.height() / 2;
    if (isJunction(box)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_style.edge);
        painter.drawEllipse(drawn.rect);
        return;
    }
    QPen pen(box.kind == scene::BoxKind::Reference ? m_style.dimText : m_style.border, 1);
    if (box.kind == scene::BoxKind::Reference)
        pen.setStyle(Qt::DashLine);
    painter.setPen(pen);
    painter.setBrush(blend(m_style.body, m_style.text, 0.05));
    painter.drawRoundedRect(drawn.rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    QRectF area = drawn.rect.adjusted(measure::sidePadding, 0, -measure::sidePadding, 0);
    painter.setFont(m_style.titleFont);
    painter.setPen(m_style.text);
    const QString title = toQString(box.title);
    if (box.subtitle.empty()) {
        drawElided(painter, area, title, Qt::AlignHCenter);
        return;
    }
    drawElided(painter, area, title, Qt::AlignLeft);
    area.setLeft(std::min(
        area.right(), area.left() + QFontMetricsF(m_style.titleFont).horizontalAdvance(title) + 8));
    painter.setFont(m_style.textFont);
    painter.setPen(m_style.dimText);
    drawElided(painter, area, toQString(box.subtitle), Qt::AlignLeft);
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
