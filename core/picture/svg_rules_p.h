// The style rules of pictures: one class for each way an element can look. Private to core/picture.
#pragma once

#include "core/picture/palette.h"

#include <string>
#include <vector>

namespace jitscope::picture {

struct SvgRule
{
    std::string name;         // the class
    std::string declarations; // "fill:#fff;stroke:none"
};

// In a fixed order. Classes of operator class n: c<n> header, o<n> and p<n> body of an open box at
// even and odd depth, h<n> header of an open box, r<n> header of a block.
[[nodiscard]] std::vector<SvgRule> svgRulesOf(const Palette& palette);

} // namespace jitscope::picture
