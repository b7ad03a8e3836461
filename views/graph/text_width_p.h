// How wide texts are in the fonts of the window. May be used on any thread; one object on one
// thread. Private to views/graph.
#pragma once

#include "core/picture/box_metrics.h"

#include <QFont>
#include <QFontMetricsF>

#include <array>
#include <string_view>

namespace jitscope::views {

class TextWidth
{
public:
    explicit TextWidth(const QFont& font);
    // Of UTF-8. Texts of ASCII are measured by a table, 40 times quicker than by shaping.
    [[nodiscard]] double of(std::string_view text) const;

private:
    QFontMetricsF m_metrics;
    std::array<double, 128> m_advances{};
};

class FontMeasure final : public picture::TextMeasure
{
public:
    FontMeasure(const QFont& titleFont, const QFont& textFont)
        : m_title(titleFont), m_text(textFont), m_textHeight(QFontMetricsF(textFont).height())
    {}
    [[nodiscard]] double titleWidth(std::string_view text) const override
    {
        return m_title.of(text);
    }
    [[nodiscard]] double textWidth(std::string_view text) const override { return m_text.of(text); }
    [[nodiscard]] double textHeight() const override { return m_textHeight; }

private:
    TextWidth m_title;
    TextWidth m_text;
    double m_textHeight;
};

} // namespace jitscope::views
