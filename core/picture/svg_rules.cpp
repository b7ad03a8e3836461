#include "core/picture/svg_rules_p.h"

#include "core/picture/measures.h"
#include "core/picture/svg.h"

#include <fmt/format.h>

namespace jitscope::picture {

namespace {

constexpr double subtitleOpacity = 0.73;
constexpr double haloOpacity = 0.8;
constexpr double markOpacity = 0.18;

std::string hex(Rgb colour)
{
    return fmt::format("#{:06x}", colour);
}

std::string fill(Rgb colour)
{
    return "fill:" + hex(colour);
}

std::string stroke(Rgb colour, double width)
{
    return fmt::format("stroke:{};stroke-width:{}", hex(colour), width);
}

} // namespace

std::vector<SvgRule> svgRulesOf(const Palette& p)
{
    const std::string title = fmt::format("font-size:{}px;font-weight:600", measure::titlePixels);
    std::vector<SvgRule> rules = {
        {"bg", fill(p.background)},
        {"b", fill(p.body) + ";" + stroke(p.border, 1)},
        {"i", fill(mix(p.body, p.text, pillShare)) + ";" + stroke(p.border, 1)},
        {"f", fill(mix(p.body, p.text, pillShare)) + ";" + stroke(p.dimText, 1) +
                  ";stroke-dasharray:4 2"},
        {"j", fill(p.edge)},
        {"e", "fill:none;" + stroke(p.edge, measure::edgeWidth)},
        {"l", "fill:none;" + stroke(p.edge, measure::edgeWidth) + ";stroke-dasharray:1.5 3"},
        {"w", fill(p.edge)},
        {"g", fmt::format("{};fill-opacity:{}", fill(p.background), haloOpacity)},
        {"m", fmt::format("{};fill-opacity:{}", fill(p.headerText), markOpacity)},
        {"x", "fill:none;" + stroke(p.headerText, 1.6)},
        {"t", fill(p.headerText) + ";" + title},
        {"s", fmt::format("{};fill-opacity:{}", fill(p.headerText), subtitleOpacity)},
        {"y", fill(p.text) + ";" + title},
        {"v", fill(p.text)},
        {"n", fill(p.dimText)},
        {"k", fill(p.edgeLabel)},
    };
    for (int i = 0; i < scene::operatorClassCount; ++i) {
        const Rgb colour = classColour(static_cast<scene::OperatorClass>(i), p.isDark);
        const auto onBackground = [&](double share) { return mix(p.background, colour, share); };
        const auto body = [&](std::uint32_t depth) {
            return fill(onBackground(openTint(p.isDark, depth))) + ";" +
                   stroke(onBackground(openBorderShare), 1);
        };
        rules.push_back({fmt::format("c{}", i), fill(colour)});
        rules.push_back({fmt::format("o{}", i), body(0)});
        rules.push_back({fmt::format("p{}", i), body(1)});
        rules.push_back({fmt::format("h{}", i), fill(onBackground(openHeaderShare))});
        rules.push_back({fmt::format("r{}", i), fill(onBackground(regionHeaderShare))});
    }
    return rules;
}

std::string svgRules(const Palette& palette, std::string_view prefix)
{
    std::string text;
    for (const SvgRule& rule : svgRulesOf(palette))
        text += fmt::format("{}.{}{{{}}}\n", prefix, rule.name, rule.declarations);
    return text;
}

} // namespace jitscope::picture
