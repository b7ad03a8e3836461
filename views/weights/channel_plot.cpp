#include "views/weights/channel_plot_p.h"

#include "views/weights/tensor_table_model.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

ChannelPlot::ChannelPlot(QWidget* parent) : Plot(parent)
{
    setObjectName(QStringLiteral("weightsChannels"));
    setAccessibleName(tr("Range of each channel"));
}

void ChannelPlot::set(std::vector<document::TensorChannelRow> ranges, qlonglong channels,
                      qlonglong step)
{
    m_ranges = std::move(ranges);
    m_channels = channels;
    m_step = std::max<qlonglong>(step, 1);
    m_minimum = std::numeric_limits<double>::infinity();
    m_maximum = -m_minimum;
    for (const document::TensorChannelRow& range : m_ranges) {
        // Comparisons with NaN are false.
        m_minimum = range.minimum < m_minimum ? range.minimum : m_minimum;
        m_maximum = range.maximum > m_maximum ? range.maximum : m_maximum;
    }
    if (!(m_minimum <= m_maximum)) {
        m_ranges.clear();
        m_reason = tr("No channel has a finite element.");
    }
    contentChanged();
}

void ChannelPlot::clear(const QString& reason)
{
    m_ranges.clear();
    m_reason = reason;
    contentChanged();
}

QString ChannelPlot::textOf(int place) const
{
    const document::TensorChannelRow& range = m_ranges[static_cast<std::size_t>(place)];
    const qlonglong last = std::min<qlonglong>(range.channel + m_step, m_channels) - 1;
    const QString which = last > range.channel ? tr("indices %1 to %2").arg(range.channel).arg(last)
                                               : tr("index %1").arg(range.channel);
    return std::isnan(range.minimum)
               ? tr("%1: no finite element").arg(which)
               : tr("%1: %2 to %3")
                     .arg(which, numberText(range.minimum), numberText(range.maximum));
}

Plot::Axis ChannelPlot::horizontal() const
{
    return {0, static_cast<double>(places()) * static_cast<double>(m_step), {}};
}

Plot::Axis ChannelPlot::vertical() const
{
    const double width = m_maximum - m_minimum;
    const double room = width > 0 ? width * 0.04 : std::max(std::abs(m_minimum) / 2, 1e-30);
    return {m_minimum - room, m_maximum + room, tr("Range by index of the first dimension")};
}

void ChannelPlot::drawPlaces(QPainter& painter, const QRectF& area)
{
    const Axis up = vertical();
    const auto y = [&](double value) {
        return area.bottom() - (value - up.from) / (up.to - up.from) * area.height();
    };
    const double width = area.width() / places();
    const auto perPixel = static_cast<std::size_t>(std::max(1.0, std::ceil(1 / width)));
    const double gap = width > 4 ? 1 : 0;
    for (std::size_t i = 0; i < m_ranges.size(); i += perPixel) {
        double minimum = m_ranges[i].minimum;
        double maximum = m_ranges[i].maximum;
        for (std::size_t k = i + 1; k < std::min(i + perPixel, m_ranges.size()); ++k) {
            minimum = std::fmin(minimum, m_ranges[k].minimum); // the other one if one is NaN
            maximum = std::fmax(maximum, m_ranges[k].maximum);
        }
        if (std::isnan(minimum))
            continue;
        const double top = y(maximum);
        painter.fillRect(QRectF(area.left() + static_cast<double>(i) * width, top,
                                std::max(width * static_cast<double>(perPixel) - gap, 1.0),
                                std::max(y(minimum) - top, 1.0)),
                         accent());
    }
}

} // namespace jitscope::views
