#include "views/graph/picture_painter_p.h"

#include "core/picture/palette.h"
#include "views/graph/text_width_p.h"

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

// What a box is filled with where it is no more than a rectangle.
QRgb fillOf(const GraphStyle& style, const scene::Box& box, GraphView::ColourBy colourBy)
{
    return isPill(box) ? style.border.rgb() : headerColour(style, box, colourBy).rgb();
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

PicturePainter::Letters::Letters(const QFont& f) : font(f), width(f), metrics(f)
{
    baseline = (metrics.ascent() - metrics.descent()) / 2;
}

PicturePainter::PicturePainter(const GraphStyle& style)
    : m_style(style), m_title(style.titleFont), m_text(style.textFont)
{}

// In the painter's pen. Boxes are as wide as their texts, so most need no shortening, and measuring
// by the table costs a tenth of drawing. Returns the width that was drawn.
double PicturePainter::drawText(QPainter& painter, const Letters& letters, const QRectF& rect,
                                std::string_view text, Qt::Alignment alignment) const
{
    QString shown = toQString(text);
    double width = letters.width.of(text);
    if (width > rect.width() + 1) {
        shown = letters.metrics.elidedText(shown, Qt::ElideRight, rect.width());
        width = letters.metrics.horizontalAdvance(shown);
    }
    const double room = rect.width() - width;
    const double x = rect.left() + (alignment & Qt::AlignRight     ? room
                                    : alignment & Qt::AlignHCenter ? room / 2
                                                                   : 0);
    painter.setFont(letters.font);
    painter.drawText(QPointF(x, rect.center().y() + letters.baseline), shown);
    return width;
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
            rects[fillOf(m_style, *drawn.box, state.colourBy)].push_back(rect);
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
        appendPolyline(picture, picture.edges[e], view, polyline);
        painter.drawPolyline(polyline);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    std::unordered_map<QRgb, std::vector<QRectF>> rects;
    for (const std::uint32_t i : m_visible.boxes) {
        const PictureBox& drawn = picture.boxes[i];
        if (!drawn.isOpen)
            rects[fillOf(m_style, *drawn.box, state.colourBy)].push_back(view.toWidget(drawn.rect));
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
    QPen pen(m_style.edge, measure::edgeWidth);
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
    painter.setPen(m_style.edgeLabel);
    QColor halo = m_style.background;
    halo.setAlphaF(0.8F);
    // All edges of a port carry the same value: one label beside the port is enough.
    std::pair<std::uint32_t, std::uint32_t> last{noBox, 0};
    for (const std::uint32_t e : m_visible.edges) {
        const PictureEdge& edge = picture.edges[e];
        if (edge.isLink || edge.edge->label.empty())
            continue;
        const std::pair port{edge.from, edge.edge->fromPort};
        const scene::BoxKind from = picture.boxes[edge.from].box->kind;
        const scene::BoxKind to = picture.boxes[edge.to].box->kind;
        if (port == last || from == scene::BoxKind::Input || from == scene::BoxKind::Reference ||
            to == scene::BoxKind::Output)
            continue; // those carry the shape themselves
        last = port;
        const QPointF start = picture.route(edge).front();
        const std::string& label = edge.edge->label;
        const QRectF rect(start.x() + 5, start.y() + 3, m_text.width.of(label) + 1,
                          m_text.metrics.height());
        painter.fillRect(rect, halo);
        drawText(painter, m_text, rect, label, Qt::AlignLeft);
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
    painter.setPen(m_style.headerText);
    if (box.subtitle.empty()) {
        drawText(painter, m_title, area, box.title,
                 box.canOpen() ? Qt::AlignLeft : Qt::AlignHCenter);
        return;
    }
    const double titleWidth = drawText(painter, m_title, area, box.title, Qt::AlignLeft);
    area.setLeft(std::min(area.right(), area.left() + titleWidth + 8));
    if (area.width() < 12)
        return;
    painter.setPen(m_style.headerDimText);
    area.translate(0, 0.5);
    drawText(painter, m_text, area, box.subtitle, Qt::AlignLeft);
}

void PicturePainter::paintRows(QPainter& painter, const QRectF& area, const scene::Box& box) const
{
    QRectF row(area.left() + measure::sidePadding, area.top() + measure::rowsPadding,
               area.width() - 2 * measure::sidePadding, measure::rowHeight);
    for (const scene::Row& r : box.rows) {
        painter.setPen(m_style.dimText);
        const double nameWidth = drawText(painter, m_text, row, r.name, Qt::AlignLeft);
        if (!r.value.empty()) {
            painter.setPen(m_style.text);
            QRectF rest = row;
            rest.setLeft(std::min(row.right(), row.left() + nameWidth + 8));
            drawText(painter, m_text, rest, r.value, Qt::AlignRight);
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
    const double tint = picture::openTint(m_style.isDark(), drawn.depth);
    painter.setPen(QPen(blend(m_style.background, colour, picture::openBorderShare), 1));
    painter.setBrush(blend(m_style.background, colour, tint));
    painter.drawRoundedRect(drawn.rect.adjusted(0.5, 0.5, -0.5, -0.5), measure::corner,
                            measure::corner);
    const QRectF header(drawn.rect.left(), drawn.rect.top(), drawn.rect.width(),
                        measure::headerHeight);
    painter.fillPath(
        headerPath(header, measure::corner),
        blend(m_style.background, colour,
              box.isAlwaysOpen() ? picture::regionHeaderShare : picture::openHeaderShare));
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
    painter.setBrush(blend(m_style.body, m_style.text, picture::pillShare));
    painter.drawRoundedRect(drawn.rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    QRectF area = drawn.rect.adjusted(measure::sidePadding, 0, -measure::sidePadding, 0);
    painter.setPen(m_style.text);
    if (box.subtitle.empty()) {
        drawText(painter, m_title, area, box.title, Qt::AlignHCenter);
        return;
    }
    const double titleWidth = drawText(painter, m_title, area, box.title, Qt::AlignLeft);
    area.setLeft(std::min(area.right(), area.left() + titleWidth + 8));
    painter.setPen(m_style.dimText);
    drawText(painter, m_text, area, box.subtitle, Qt::AlignLeft);
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
