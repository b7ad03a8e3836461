#include "views/weights/heat_legend_p.h"

#include <QPainter>

namespace jitscope::views {

HeatLegend::HeatLegend(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("weightsLegend"));
    setAccessibleName(tr("Scale of the heat map"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void HeatLegend::set(const HeatColours& colours)
{
    m_colours = colours;
    setAccessibleDescription(
        colours.isValid() ? tr("%1 to %2").arg(colours.from()).arg(colours.to()) : QString());
    update();
}

QSize HeatLegend::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 34, fontMetrics().height() + 4};
}

void HeatLegend::paintEvent(QPaintEvent*)
{
    if (!m_colours.isValid())
        return;
    QPainter painter(this);
    const QString from = QString::number(m_colours.from(), 'g', 3);
    const QString to = QString::number(m_colours.to(), 'g', 3);
    const int left = fontMetrics().horizontalAdvance(from) + 4;
    const int right = width() - fontMetrics().horizontalAdvance(to) - 4;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(0, 0, left, height()), Qt::AlignLeft | Qt::AlignVCenter, from);
    painter.drawText(QRect(right, 0, width() - right, height()), Qt::AlignRight | Qt::AlignVCenter,
                     to);
    const QRect bar(left, 3, right - left, height() - 6);
    for (int x = 0; x < bar.width(); ++x) {
        const double value = m_colours.from() + (m_colours.to() - m_colours.from()) *
                                                    (static_cast<double>(x) + 0.5) / bar.width();
        painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(), m_colours.background(value));
    }
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
    if (m_colours.isDiverging())
        painter.drawLine(bar.center().x(), bar.top(), bar.center().x(), bar.bottom());
}

} // namespace jitscope::views
