// Colours for numbers: around zero from blue to red, or from pale to strong where all have one
// sign. Private to views/weights.
#pragma once

#include <QColor>
#include <QPalette>

namespace jitscope::views {

class HeatColours
{
public:
    HeatColours() = default;
    HeatColours(const QPalette& palette, double minimum, double maximum);

    [[nodiscard]] bool isValid() const { return m_maximum >= m_minimum; }
    // The ends of the scale; the same distance from zero if there are both signs.
    [[nodiscard]] double from() const;
    [[nodiscard]] double to() const;
    [[nodiscard]] bool isDiverging() const { return m_minimum < 0 && m_maximum > 0; }

    [[nodiscard]] QColor background(double value) const; // of any value, NaN and Inf included
    [[nodiscard]] static QColor textOn(const QColor& background);

private:
    QColor m_none;
    QColor m_low;
    QColor m_high;
    double m_minimum = 1;
    double m_maximum = 0;
};

} // namespace jitscope::views
