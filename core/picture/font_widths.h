// Widths of texts without a font at hand: those of DejaVu Sans, which are also those of Verdana and
// wider than those of most fonts that could take their place.
#pragma once

#include "core/picture/box_metrics.h"
#include "core/picture/measures.h"

#include <string>
#include <string_view>

namespace jitscope::picture {

enum class FontWeight
{
    Regular,
    Bold
};

// In em, of UTF-8.
[[nodiscard]] double fontWidth(std::string_view text, FontWeight weight);

// The text, or its beginning and an ellipsis that together are no wider than `width` em.
[[nodiscard]] std::string elided(std::string_view text, FontWeight weight, double width);

class TableMeasure final : public TextMeasure
{
public:
    [[nodiscard]] double titleWidth(std::string_view text) const override
    {
        return fontWidth(text, FontWeight::Bold) * measure::titlePixels;
    }
    [[nodiscard]] double textWidth(std::string_view text) const override
    {
        return fontWidth(text, FontWeight::Regular) * measure::textPixels;
    }
    // Ascent and descent of DejaVu Sans.
    [[nodiscard]] double textHeight() const override { return 1.164 * measure::textPixels; }
};

} // namespace jitscope::picture
