#include "views/weights/heat_colours_p.h"

#include "views/look/mixed.h"

#include <algorithm>
#include <cmath>

namespace jitscope::views {

HeatColours::HeatColours(const QPalette& palette, double minimum, double maximum)
    : m_none(palette.color(QPalette::Base)), m_minimum(minimum), m_maximum(maximum)
{
    const bool isDark = m_none.lightness() < 128;
    m_low = isDark ? QColor(0x3f, 0x86, 0xd6) : QColor(0x2b, 0x6c, 0xb8);
    m_high = isDark ? QColor(0xd0, 0x5a, 0x4b) : QColor(0xc4, 0x3c, 0x2e);
}

double HeatColours::from() const
{
    return isDiverging() ? -std::max(-m_minimum, m_maximum) : m_minimum;
}

double HeatColours::to() const
{
    return isDiverging() ? std::max(-m_minimum, m_maximum) : m_maximum;
}

QColor HeatColours::background(double value) const
{
    if (!std::isfinite(value))
        return QColor(0x9c, 0x4d, 0xcc); // no colour of the scale
    if (isDiverging()) {
        const double share = std::clamp(value / to(), -1.0, 1.0);
        return mixed(m_none, share < 0 ? m_low : m_high, std::abs(share));
    }
    const double width = m_maximum - m_minimum;
    const double share = width > 0 ? std::clamp((value - m_minimum) / width, 0.0, 1.0) : 0;
    // Negative numbers are blue here, too; the strongest is the farthest from zero.
    return m_maximum <= 0 ? mixed(m_none, m_low, 1 - share) : mixed(m_none, m_high, share);
}

QColor HeatColours::textOn(const QColor& background)
{
    const double light =
        0.299 * background.red() + 0.587 * background.green() + 0.114 * background.blue();
    return light > 140 ? QColor(0x16, 0x19, 0x1d) : QColor(Qt::white);
}

} // namespace jitscope::views
