#include "views/weights/histogram_plot_p.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

HistogramPlot::HistogramPlot(QWidget* parent) : Plot(parent)
{
    setObjectName(QStringLiteral("weightsHistogram"));
    setAccessibleName(tr("Histogram of the elements"));
}

void HistogramPlot::set(std::vector<qlonglong> counts, double minimum, double maximum,
                        const QString& measure)
{
    m_counts = std::move(counts);
    m_minimum = minimum;
    m_maximum = maximum;
    m_measure = measure;
    m_sum = 0;
    m_largest = 0;
    for (const qlonglong count : m_counts) {
        m_sum += count;
        m_largest = std::max(m_largest, count);
    }
    contentChanged();
}

void HistogramPlot::clear(const QString& reason)
{
    m_counts.clear();
    m_reason = reason;
    contentChanged();
}

void HistogramPlot::setLogarithmic(bool logarithmic)
{
    m_isLogarithmic = logarithmic;
    update();
}

QString HistogramPlot::textOf(int place) const
{
    const double step = (m_maximum - m_minimum) / places();
    const qlonglong count = m_counts[static_cast<std::size_t>(place)];
    const double share = m_sum == 0 ? 0 : static_cast<double>(count) / static_cast<double>(m_sum);
    return tr("%1 to %2: %3 (%4 %)")
        .arg(QString::number(m_minimum + place * step, 'g', 5),
             QString::number(m_minimum + (place + 1) * step, 'g', 5), QLocale().toString(count),
             QString::number(share * 100, 'f', share < 0.01 ? 3 : 1));
}

Plot::Axis HistogramPlot::horizontal() const
{
    // All elements are equal: some room around them.
    if (!(m_maximum > m_minimum)) {
        const double room = m_minimum == 0 ? 1 : std::abs(m_minimum) / 2;
        return {m_minimum, m_minimum + room, {}};
    }
    return {m_minimum, m_maximum, {}};
}

double HistogramPlot::heightOf(qlonglong count) const
{
    const auto number = static_cast<double>(count);
    return m_isLogarithmic ? std::log10(number + 1) : number;
}

Plot::Axis HistogramPlot::vertical() const
{
    const QString what = m_measure == QLatin1String("magnitude") ? tr("Elements by magnitude")
                         : m_measure == QLatin1String("dequantized")
                             ? tr("Elements by dequantized value")
                             : tr("Elements by value");
    return {0, heightOf(m_largest) * 1.05,
            m_isLogarithmic ? tr("%1, log10 of count").arg(what) : what};
}

void HistogramPlot::drawPlaces(QPainter& painter, const QRectF& area)
{
    const double width = area.width() / places();
    const double highest = vertical().to;
    const double gap = width > 4 ? 1 : 0;
    for (int i = 0; i < places(); ++i) {
        const qlonglong count = m_counts[static_cast<std::size_t>(i)];
        if (count == 0)
            continue;
        // A single element among millions is seen, too.
        const double height = std::max(1.0, heightOf(count) / highest * area.height());
        painter.fillRect(QRectF(area.left() + i * width, area.bottom() - height,
                                std::max(width - gap, 1.0), height),
                         accent());
    }
}

} // namespace jitscope::views
