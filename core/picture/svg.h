// A drawing as SVG, which browsers, editors and viewers show as the window does: standing alone as
// a file, or inside an HTML page that brings the colours. The same drawing gives the same text.
#pragma once

#include "core/picture/drawing.h"
#include "core/picture/palette.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace jitscope::picture {

struct SvgOptions
{
    // None: the element has no colours of its own; the page defines them by svgRules().
    std::optional<Palette> palette = lightPalette();
    bool hasTooltips = true; // what a box and an edge are, shown by browsers
    // Where a closed box leads to when it is clicked; empty for nowhere. May be empty itself.
    std::function<std::string(const scene::Box&)> link;
};

// Well-formed XML, whatever the names in the model are.
[[nodiscard]] std::string toSvg(const Drawing& drawing, const SvgOptions& options = {});

// Style rules for the elements of toSvg() in a page. `prefix` goes before every selector, such as
// "svg.graph ".
[[nodiscard]] std::string svgRules(const Palette& palette, std::string_view prefix);

} // namespace jitscope::picture
