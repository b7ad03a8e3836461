#include "views/timeline/timeline_style_p.h"

#include "views/look/mixed.h"

#include <array>

namespace jitscope::views {

namespace {

struct Shades
{
    QRgb light;
    QRgb dark;
};

// By OperatorClass: the hues of the graph view's box headers, lighter where a slice lies on a light
// background, so that rows of them do not weigh as much as a header does.
constexpr std::array<Shades, scene::operatorClassCount> classShades = {{
    {0xff4c86cf, 0xff4a82c8}, // Linear
    {0xff5a9e54, 0xff55934f}, // Normalisation
    {0xffc75a73, 0xffbd5a72}, // Activation
    {0xff8a6cc4, 0xff8a6cc0}, // Pointwise
    {0xff38999a, 0xff379090}, // Reduction
    {0xffa67d50, 0xff9c7649}, // Shape
    {0xff8490a0, 0xff727e8d}, // Memory
    {0xffb9860f, 0xffa67c1c}, // Control
    {0xff66799b, 0xff61749a}, // Call
    {0xffd4692f, 0xffc9652f}, // Fusion
    {0xff8f99a5, 0xff788491}, // Data
    {0xff7b8795, 0xff687585}, // Terminal
    {0xff7d8b99, 0xff6b7988}, // Other
}};

// For colouring by text: even steps around the colour circle at one lightness.
constexpr std::array<Shades, 12> separateShades = {{
    {0xff4c86cf, 0xff4a82c8},
    {0xffd4692f, 0xffc9652f},
    {0xff5a9e54, 0xff55934f},
    {0xffc75a73, 0xffbd5a72},
    {0xff8a6cc4, 0xff8a6cc0},
    {0xff38999a, 0xff379090},
    {0xffa67d50, 0xff9c7649},
    {0xffb9860f, 0xffa67c1c},
    {0xffb55cab, 0xffab5aa2},
    {0xff7d8f2c, 0xff76872f},
    {0xff5f7fa0, 0xff5b7a9b},
    {0xffc0563f, 0xffb5553f},
}};

} // namespace

TimelineStyle::TimelineStyle(const QPalette& palette)
{
    const QColor base = palette.color(QPalette::Base);
    text = palette.color(QPalette::Text);
    m_isDark = base.lightness() < 128;
    background = base;
    alternate = mixed(base, text, m_isDark ? 0.035 : 0.025);
    header = mixed(base, text, m_isDark ? 0.07 : 0.05);
    line = mixed(base, text, m_isDark ? 0.13 : 0.10);
    strongLine = mixed(base, text, m_isDark ? 0.30 : 0.26);
    dimText = mixed(base, text, 0.62);
    iteration = mixed(base, text, m_isDark ? 0.26 : 0.20);
    warmup = mixed(base, text, m_isDark ? 0.13 : 0.09);
    unread = mixed(base, text, m_isDark ? 0.34 : 0.30);
    selection = m_isDark ? QColor(0xff6fb1ff) : QColor(0xff0b5ed0);
    range = palette.color(QPalette::Highlight);
    range.setAlpha(m_isDark ? 70 : 46);
}

QColor TimelineStyle::classColour(scene::OperatorClass operatorClass) const
{
    const Shades& shades = classShades.at(static_cast<std::size_t>(operatorClass));
    return QColor(m_isDark ? shades.dark : shades.light);
}

QColor TimelineStyle::textColour(std::string_view string) const
{
    // FNV-1a: std::hash does not promise the same in every process.
    std::uint32_t hash = 2166136261U;
    for (const char c : string)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const Shades& shades = separateShades.at((hash ^ (hash >> 15)) % separateShades.size());
    return QColor(m_isDark ? shades.dark : shades.light);
}

QColor TimelineStyle::onColour(const QColor& colour)
{
    const double light = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue();
    return light > 150 ? QColor(0xff16191d) : QColor(Qt::white);
}

} // namespace jitscope::views
