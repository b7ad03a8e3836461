#include "views/weights/plot_p.h"

#include "views/look/mixed.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

std::vector<double> roundTicks(double from, double to, int most)
{
    const double width = to - from;
    if (!(width > 0) || !std::isfinite(width) || most < 1)
        return {from};
    const double power = std::pow(10.0, std::floor(std::log10(width / most)));
    double step = power;
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        step = power * factor;
        if (width / step <= most)
            break;
    }
    std::vector<double> ticks;
    for (double n = std::ceil(from / step); n * step <= to + step * 1e-9; ++n) {
        if (static_cast<int>(ticks.size()) > most)
            break;
        ticks.push_back(n == 0 ? 0 : n * step);
    }
    return ticks;
}

Plot::Plot(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QSize Plot::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 50, fontMetrics().height() * 12};
}

QSize Plot::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 24, fontMetrics().height() * 6};
}

QColor Plot::accent() const
{
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    return isDark ? QColor(0x5b, 0x9b, 0xe0) : QColor(0x3a, 0x78, 0xc2);
}

QColor Plot::dimmed(double share) const
{
    return mixed(palette().color(QPalette::Base), palette().color(QPalette::Text), share);
}

QRectF Plot::area() const
{
    const QFontMetrics metrics = fontMetrics();
    int labels = 0;
    for (const double tick : ticksOf(vertical(), false))
        labels = std::max(labels, metrics.horizontalAdvance(QString::number(tick, 'g', 4)));
    const int line = metrics.height();
    return QRectF(rect()).adjusted(labels + 14, line + 8, -metrics.averageCharWidth() * 3,
                                   -line - 10);
}

std::vector<double> Plot::ticksOf(const Axis& axis, bool isHorizontal) const
{
    const int length = isHorizontal ? width() / (fontMetrics().averageCharWidth() * 13)
                                    : height() / (fontMetrics().height() * 3);
    return roundTicks(axis.from, axis.to, std::clamp(length, 2, 12));
}

int Plot::placeAt(double x) const
{
    const QRectF inside = area();
    if (places() == 0 || x < inside.left() || x >= inside.right())
        return -1;
    return std::clamp(static_cast<int>((x - inside.left()) / inside.width() * places()), 0,
                      places() - 1);
}

void Plot::contentChanged()
{
    m_place = -1;
    setAccessibleDescription(places() == 0 ? emptyText() : QString());
    update();
}

void Plot::point(int place)
{
    if (place == m_place)
        return;
    m_place = place;
    setAccessibleDescription(place < 0 ? QString() : textOf(place));
    update();
}

void Plot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (places() == 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         emptyText());
        return;
    }
    const QRectF inside = area();
    if (inside.width() < 8 || inside.height() < 8)
        return;
    drawAxes(painter, inside);
    drawPlaces(painter, inside);
    painter.setPen(dimmed(0.5));
    painter.drawLine(inside.bottomLeft(), inside.bottomRight());
    drawPointed(painter, inside);
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void Plot::drawAxes(QPainter& painter, const QRectF& inside)
{
    const QFontMetrics metrics = fontMetrics();
    const Axis across = horizontal();
    const Axis up = vertical();
    for (const double tick : ticksOf(up, false)) {
        const double y = inside.bottom() - (tick - up.from) / (up.to - up.from) * inside.height();
        painter.setPen(dimmed(tick == 0 ? 0.35 : 0.12));
        painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y));
        painter.setPen(dimmed(0.75));
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, inside.left() - 6, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(tick, 'g', 4));
    }
    for (const double tick : ticksOf(across, true)) {
        const double x =
            inside.left() + (tick - across.from) / (across.to - across.from) * inside.width();
        painter.setPen(dimmed(tick == 0 && across.from < 0 ? 0.35 : 0.12));
        painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom() + 4));
        painter.setPen(dimmed(0.75));
        const double half = metrics.averageCharWidth() * 7.0;
        painter.drawText(QRectF(x - half, inside.bottom() + 5, 2 * half, metrics.height()),
                         Qt::AlignHCenter | Qt::AlignTop, QString::number(tick, 'g', 4));
    }
    painter.setPen(dimmed(0.75));
    const QString title = m_place < 0 ? up.title : textOf(m_place);
    painter.drawText(QRectF(8, 3, width() - 16.0, metrics.height()), Qt::AlignLeft,
                     metrics.elidedText(title, Qt::ElideRight, width() - 16));
}

void Plot::drawPointed(QPainter& painter, const QRectF& inside)
{
    if (m_place < 0)
        return;
    const double width = inside.width() / places();
    QColor shade = palette().color(QPalette::Highlight);
    shade.setAlpha(50);
    painter.fillRect(QRectF(inside.left() + m_place * width, inside.top(), std::max(width, 2.0),
                            inside.height()),
                     shade);
}

void Plot::mouseMoveEvent(QMouseEvent* event)
{
    point(placeAt(event->position().x()));
}

void Plot::leaveEvent(QEvent*)
{
    if (!hasFocus())
        point(-1);
}

void Plot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    point(-1);
}

void Plot::keyPressEvent(QKeyEvent* event)
{
    const int last = places() - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return point(std::max(m_place - 1, std::min(0, last)));
    case Qt::Key_Right:
        return point(std::min(m_place + 1, last));
    case Qt::Key_Home:
        return point(std::min(0, last));
    case Qt::Key_End:
        return point(last);
    default:
        QWidget::keyPressEvent(event);
    }
}

bool Plot::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event); // NOLINT: by its type
        const int place = placeAt(help->pos().x());
        if (place < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), textOf(place), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace jitscope::views
