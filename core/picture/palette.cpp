#include "core/picture/palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace jitscope::picture {

namespace {

struct Shades
{
    Rgb light;
    Rgb dark;
};

// By OperatorClass.
constexpr std::array<Shades, scene::operatorClassCount> classShades = {{
    {0x2f66ad, 0x3a6fb0}, // Linear
    {0x3f7a3a, 0x437c3f}, // Normalisation
    {0xa33a52, 0xa8485f}, // Activation
    {0x6a4ba3, 0x7658ad}, // Pointwise
    {0x1f7672, 0x2b7a76}, // Reduction
    {0x7d5a33, 0x83613c}, // Shape
    {0x5c6673, 0x626d7b}, // Memory
    {0x8a6100, 0x8d6a17}, // Control
    {0x3d4c66, 0x4a5a78}, // Call
    {0xb04a1c, 0xb25427}, // Fusion
    {0x66707d, 0x6b7684}, // Data
    {0x4f5b69, 0x596676}, // Terminal
    {0x52606e, 0x5b6978}, // Other
}};

// Even steps around the colour circle at one lightness.
constexpr std::array<Rgb, 10> separateColours = {0x2f66ad, 0xb04a1c, 0x3f7a3a, 0xa33a52, 0x6a4ba3,
                                                 0x1f7672, 0x7d5a33, 0x8a6100, 0x4f5b69, 0x9a3f8f};

constexpr Rgb white = 0xffffff;
constexpr Rgb black = 0x000000;

double lightness(Rgb colour)
{
    const std::array<Rgb, 3> channels = {colour >> 16U & 0xffU, colour >> 8U & 0xffU,
                                         colour & 0xffU};
    const auto [least, most] = std::minmax_element(channels.begin(), channels.end());
    return (*least + *most) / 510.0;
}

} // namespace

Rgb mix(Rgb a, Rgb b, double share)
{
    Rgb mixed = 0;
    for (const unsigned shift : {16U, 8U, 0U}) {
        const double from = a >> shift & 0xffU;
        const double to = b >> shift & 0xffU;
        mixed |= static_cast<Rgb>(std::lround(from + (to - from) * share)) << shift;
    }
    return mixed;
}

Palette paletteOn(Rgb window, Rgb base, Rgb text)
{
    Palette p;
    p.isDark = lightness(base) < 0.5;
    p.text = text;
    p.background = p.isDark ? mix(base, black, 0.12) : mix(window, base, 0.6);
    p.dots = mix(p.background, text, p.isDark ? 0.10 : 0.11);
    p.body = p.isDark ? mix(base, white, 0.06) : base;
    p.border = mix(p.background, text, p.isDark ? 0.30 : 0.28);
    p.dimText = mix(p.body, text, 0.62);
    p.headerText = white;
    p.neutralHeader = p.isDark ? 0x4a5564 : 0x55606e;
    p.edge = mix(p.background, text, p.isDark ? 0.50 : 0.45);
    p.edgeLabel = mix(p.background, text, 0.66);
    p.selection = p.isDark ? 0x6fb1ff : 0x0b6fe0;
    p.inputEdge = p.isDark ? 0x5fc08a : 0x16834a;
    p.outputEdge = p.isDark ? 0xe79a55 : 0xc65d07;
    p.panel = p.isDark ? mix(base, white, 0.10) : base;
    return p;
}

Palette lightPalette()
{
    return paletteOn(0xf2f3f5, 0xffffff, 0x1d2229);
}

Palette darkPalette()
{
    return paletteOn(0x25282d, 0x1c1e22, 0xe3e6ea);
}

Rgb classColour(scene::OperatorClass operatorClass, bool isDark)
{
    const Shades& shades = classShades.at(static_cast<std::size_t>(operatorClass));
    return isDark ? shades.dark : shades.light;
}

Rgb separateColour(std::size_t number, bool isDark)
{
    const Rgb colour = separateColours.at(number % separateColours.size());
    return isDark ? mix(colour, white, 0.08) : colour;
}

double openTint(bool isDark, std::uint32_t depth)
{
    return (isDark ? 0.13 : 0.06) + (depth % 2 == 0 ? 0 : 0.035);
}

} // namespace jitscope::picture
