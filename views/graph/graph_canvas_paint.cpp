// What the canvas paints beside the picture: a message when there is none, the strip while one is
// being made.
#include "views/graph/graph_canvas_p.h"

#include <QFontMetricsF>
#include <QPaintEvent>

#include <cmath>

namespace jitscope::views {

namespace {

constexpr int busyDelayMilliseconds = 150; // what is quicker shows no strip

} // namespace

void GraphCanvas::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    painter.setClipRect(event->rect());
    m_painter->paintBackground(painter, m_view, QRectF(event->rect()), devicePixelRatioF());
    if (m_picture) {
        m_painter->paint(painter, *m_picture, m_view, QRectF(event->rect()), m_state);
        Q_EMIT painted();
    } else {
        paintMessage(painter);
    }
    if (m_isBusy && (!m_busySince.isValid() || m_busySince.elapsed() >= busyDelayMilliseconds))
        paintBusy(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        QColor colour = m_style.selection;
        colour.setAlphaF(0.5F);
        painter.setPen(QPen(colour, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void GraphCanvas::paintMessage(QPainter& painter)
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    QFont title = m_style.titleFont;
    title.setPixelSize(18);
    const QRectF middle(24, height() / 2.0 - 40, width() - 48, 36);
    painter.setFont(title);
    painter.setPen(m_style.text);
    painter.drawText(middle, Qt::AlignCenter | Qt::TextWordWrap, m_messageTitle);
    QFont hint = m_style.textFont;
    hint.setPixelSize(13);
    painter.setFont(hint);
    painter.setPen(m_style.dimText);
    painter.drawText(QRectF(24, middle.bottom() + 4, width() - 48, height() / 2.0 - 40),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_messageHint);
}

void GraphCanvas::paintBusy(QPainter& painter)
{
    constexpr double stripHeight = 3;
    constexpr double period = 1400; // milliseconds for one way across
    const double phase =
        std::fmod(m_busySince.isValid() ? static_cast<double>(m_busySince.elapsed()) : 0, period) /
        period;
    const double length = width() / 4.0;
    painter.fillRect(QRectF(-length + phase * (width() + length), 0, length, stripHeight),
                     m_style.selection);
    if (m_busyText.isEmpty())
        return;
    painter.setFont(m_style.textFont);
    const QFontMetricsF metrics(m_style.textFont);
    const QRectF box((width() - metrics.horizontalAdvance(m_busyText) - 24) / 2, 10,
                     metrics.horizontalAdvance(m_busyText) + 24, 24);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(m_style.border, 1));
    painter.setBrush(m_style.panel);
    painter.drawRoundedRect(box, 12, 12);
    painter.setPen(m_style.text);
    painter.drawText(box, Qt::AlignCenter, m_busyText);
}

} // namespace jitscope::views
