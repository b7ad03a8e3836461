#include "views/graph/box_painter_p.h"

#include "core/picture/palette.h"

#include <QPaintEngine>
#include <QPainterPath>

#include <algorithm>

namespace jitscope::views {

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
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

} // namespace

QColor blend(const QColor& a, const QColor& b, double share)
{
    const auto channel = [share](float x, float y) {
        return static_cast<float>(x * (1 - share) + y * share);
    };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()),
                            channel(a.blueF(), b.blueF()));
}

BoxPainter::Letters::Letters(const QFont& f) : font(f), width(f), metrics(f)
{
    top = (metrics.ascent() + metrics.descent()) / 2;
}

const QStaticText& BoxPainter::Letters::textOf(const std::string& text) const
{
    constexpr std::size_t mostTexts = 20'000;
    if (texts.size() >= mostTexts)
        texts.clear();
    const auto [at, isNew] = texts.try_emplace(text);
    if (isNew) {
        at->second.setText(toQString(text));
        at->second.setTextFormat(Qt::PlainText);
        at->second.setPerformanceHint(QStaticText::AggressiveCaching);
    }
    return at->second;
}

BoxPainter::BoxPainter(const GraphStyle& style)
    : m_style(style), m_title(style.titleFont), m_text(style.textFont)
{}

// In the painter's pen. Boxes are as wide as their texts, so most need no shortening, and measuring
// by the table costs a tenth of drawing. Returns the width that was drawn.
double BoxPainter::drawText(QPainter& painter, const Letters& letters, const QRectF& rect,
                            std::string_view text, Qt::Alignment alignment) const
{
    std::string shown(text);
    double width = letters.width.of(text);
    if (width > rect.width() + 1) {
        const QString elided =
            letters.metrics.elidedText(toQString(text), Qt::ElideRight, rect.width());
        width = letters.metrics.horizontalAdvance(elided);
        shown = elided.toStdString();
    }
    const double room = rect.width() - width;
    const double x = rect.left() + (alignment & Qt::AlignRight     ? room
                                    : alignment & Qt::AlignHCenter ? room / 2
                                                                   : 0);
    painter.setFont(letters.font);
    const QPointF corner(x, rect.center().y() - letters.top);
    if (painter.paintEngine()->type() == QPaintEngine::Raster)
        painter.drawStaticText(corner, letters.textOf(shown));
    else // where it stays a text that can be searched, as in a PDF
        painter.drawText(corner + QPointF(0, letters.metrics.ascent()), toQString(shown));
    return width;
}

void BoxPainter::paintHeader(QPainter& painter, const QRectF& header, const scene::Box& box,
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
    // The beginning of a text says nothing in less; a text that is shorter is whole.
    if (area.width() < std::min(12.0, m_text.width.of(box.subtitle) - 1))
        return;
    painter.setPen(m_style.headerDimText);
    area.translate(0, 0.5);
    drawText(painter, m_text, area, box.subtitle, Qt::AlignLeft);
}

void BoxPainter::paintRows(QPainter& painter, const QRectF& area, const scene::Box& box) const
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

void BoxPainter::paintText(QPainter& painter, const QRectF& rect, std::string_view text) const
{
    drawText(painter, m_text, rect, text, Qt::AlignLeft);
}

// The edges of two more sheets below: there is more than one of it.
void BoxPainter::paintSheets(QPainter& painter, const QRectF& rect, const QColor& colour) const
{
    constexpr double step = 3;
    for (const int sheet : {2, 1}) {
        const double by = sheet * step;
        painter.setPen(QPen(blend(m_style.background, colour, 0.75), 1));
        painter.setBrush(blend(m_style.background, colour, 0.30));
        painter.drawRoundedRect(rect.translated(by, by).adjusted(0.5, 0.5, -0.5, -0.5),
                                measure::corner, measure::corner);
    }
}

void BoxPainter::paintClosed(QPainter& painter, const PictureBox& drawn, const QColor& colour) const
{
    const scene::Box& box = *drawn.box;
    if (!box.members.empty())
        paintSheets(painter, drawn.rect, colour);
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

void BoxPainter::paintOpen(QPainter& painter, const PictureBox& drawn, const QColor& colour) const
{
    const scene::Box& box = *drawn.box;
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

void BoxPainter::paintPill(QPainter& painter, const PictureBox& drawn) const
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

} // namespace jitscope::views
