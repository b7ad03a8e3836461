// The colours of a drawn graph, light and dark: those of the window and of pictures in files.
#pragma once

#include "core/scene/operator_class.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace jitscope::picture {

using Rgb = std::uint32_t; // 0xRRGGBB

struct Palette
{
    bool isDark = false;
    Rgb background = 0;
    Rgb dots = 0; // of the background grid
    Rgb body = 0; // of a box
    Rgb border = 0;
    Rgb text = 0;
    Rgb dimText = 0;
    Rgb headerText = 0;
    Rgb neutralHeader = 0;
    Rgb edge = 0;
    Rgb edgeLabel = 0;
    Rgb selection = 0;
    Rgb inputEdge = 0;  // of the selected box
    Rgb outputEdge = 0; // of the selected box
    Rgb panel = 0;      // overlays
};

// Derives all from three colours of the surroundings: of windows, of fields in them, of text.
[[nodiscard]] Palette paletteOn(Rgb window, Rgb base, Rgb text);
// For pictures in files, on the colours of the window's two themes.
[[nodiscard]] Palette lightPalette();
[[nodiscard]] Palette darkPalette();

// The header of a box by its class. White text on each has a contrast of at least 4.5 : 1.
[[nodiscard]] Rgb classColour(scene::OperatorClass operatorClass, bool isDark);
// One of a few well separate colours by number, neighbours well apart; they come again after ten.
[[nodiscard]] Rgb separateColour(std::size_t number, bool isDark);

// How much of its header's colour the body of an open box has over the background. Boxes in boxes
// differ a little.
[[nodiscard]] double openTint(bool isDark, std::uint32_t depth);
inline constexpr double openBorderShare = 0.75;
inline constexpr double openHeaderShare = 0.95;
inline constexpr double regionHeaderShare = 0.7; // of a block of an If or Loop
inline constexpr double pillShare = 0.05;        // of text in the body of an input or output

// `a` with this share of `b`, 0 to 1.
[[nodiscard]] Rgb mix(Rgb a, Rgb b, double share);

} // namespace jitscope::picture
