#include "views/graph/graph_style_p.h"

#include <array>
#include <string_view>

namespace jitscope::views {

namespace {

struct Shades
{
    QRgb light;
    QRgb dark;
};

// By OperatorClass. White text on each of them has a contrast of at least 4.5 : 1.
constexpr std::array<Shades, scene::operatorClassCount> classShades = {{
    {0xff2f66ad, 0xff3a6fb0}, // Linear
    {0xff3f7a3a, 0xff437c3f}, // Normalisation
    {0xffa33a52, 0xffa8485f}, // Activation
    {0xff6a4ba3, 0xff7658ad}, // Pointwise
    {0xff1f7672, 0xff2b7a76}, // Reduction
    {0xff7d5a33, 0xff83613c}, // Shape
    {0xff5c6673, 0xff626d7b}, // Memory
    {0xff8a6100, 0xff8d6a17}, // Control
    {0xff3d4c66, 0xff4a5a78}, // Call
    {0xffb04a1c, 0xffb25427}, // Fusion
    {0xff66707d, 0xff6b7684}, // Data
    {0xff4f5b69, 0xff596676}, // Terminal
    {0xff52606e, 0xff5b6978}, // Other
}};

// For colouring by module: even steps around the colour circle at one lightness.
constexpr std::array<QRgb, 10> separateColours = {0xff2f66ad, 0xffb04a1c, 0xff3f7a3a, 0xffa33a52,
                                                  0xff6a4ba3, 0xff1f7672, 0xff7d5a33, 0xff8a6100,
                                                  0xff4f5b69, 0xff9a3f8f};

QColor mix(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() * (1 - share) + b.redF() * share),
                            static_cast<float>(a.greenF() * (1 - share) + b.greenF() * share),
                            static_cast<float>(a.blueF() * (1 - share) + b.blueF() * share));
}

} // namespace

GraphStyle::GraphStyle(const QPalette& palette, const QFont& font)
{
    const QColor base = palette.color(QPalette::Base);
    const QColor window = palette.color(QPalette::Window);
    m_isDark = base.lightnessF() < 0.5F;
    text = palette.color(QPalette::Text);
    background = m_isDark ? mix(base, QColor(Qt::black), 0.12) : mix(window, base, 0.6);
    dots = mix(background, text, m_isDark ? 0.10 : 0.11);
    body = m_isDark ? mix(base, QColor(Qt::white), 0.06) : base;
    border = mix(background, text, m_isDark ? 0.30 : 0.28);
    dimText = mix(body, text, 0.62);
    headerText = Qt::white;
    headerDimText = QColor(255, 255, 255, 185);
    neutralHeader = m_isDark ? QColor(0xff4a5564) : QColor(0xff55606e);
    edge = mix(background, text, m_isDark ? 0.50 : 0.45);
    edgeLabel = mix(background, text, 0.66);
    selection = m_isDark ? QColor(0xff6fb1ff) : QColor(0xff0b6fe0);
    inputEdge = m_isDark ? QColor(0xff5fc08a) : QColor(0xff16834a);
    outputEdge = m_isDark ? QColor(0xffe79a55) : QColor(0xffc65d07);
    panel = m_isDark ? mix(base, QColor(Qt::white), 0.10) : base;
    panel.setAlpha(236);

    titleFont = font;
    titleFont.setPixelSize(measure::titlePixels);
    titleFont.setWeight(QFont::DemiBold);
    textFont = font;
    textFont.setPixelSize(measure::textPixels);
    textFont.setWeight(QFont::Normal);
}

QColor GraphStyle::classColour(scene::OperatorClass operatorClass) const
{
    const Shades& shades = classShades.at(static_cast<std::size_t>(operatorClass));
    return QColor(m_isDark ? shades.dark : shades.light);
}

QColor GraphStyle::textColour(std::string_view string) const
{
    // FNV-1a: the same in every process, which std::hash does not promise.
    std::uint32_t hash = 2166136261U;
    for (const char c : string)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    const QColor colour(separateColours.at(hash % separateColours.size()));
    return m_isDark ? mix(colour, QColor(Qt::white), 0.08) : colour;
}

QColor headerColour(const GraphStyle& style, const scene::Box& box, GraphView::ColourBy colourBy)
{
    switch (colourBy) {
    case GraphView::ColourBy::OperatorClass:
        return style.classColour(box.operatorClass);
    case GraphView::ColourBy::Module: {
        // The first two parts: layer1.0 and layer1.1 differ, their children look alike.
        std::string_view path = box.modulePath;
        std::size_t end = path.find('.');
        if (end != std::string_view::npos)
            end = path.find('.', end + 1);
        path = path.substr(0, end);
        return path.empty() ? style.neutralHeader : style.textColour(path);
    }
    case GraphView::ColourBy::Nothing:
        break;
    }
    return style.neutralHeader;
}

} // namespace jitscope::views
