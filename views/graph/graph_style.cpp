#include "views/graph/graph_style_p.h"

#include "core/picture/palette.h"

#include <string_view>

namespace jitscope::views {

namespace {

QColor toColour(picture::Rgb rgb)
{
    return QColor(static_cast<QRgb>(rgb));
}

picture::Rgb toRgb(const QColor& colour)
{
    return colour.rgb() & 0xffffffU;
}

} // namespace

GraphStyle::GraphStyle(const QPalette& palette, const QFont& font)
{
    const picture::Palette colours = picture::paletteOn(toRgb(palette.color(QPalette::Window)),
                                                        toRgb(palette.color(QPalette::Base)),
                                                        toRgb(palette.color(QPalette::Text)));
    m_isDark = colours.isDark;
    text = toColour(colours.text);
    background = toColour(colours.background);
    dots = toColour(colours.dots);
    body = toColour(colours.body);
    border = toColour(colours.border);
    dimText = toColour(colours.dimText);
    headerText = toColour(colours.headerText);
    headerDimText = headerText;
    headerDimText.setAlpha(185);
    neutralHeader = toColour(colours.neutralHeader);
    edge = toColour(colours.edge);
    edgeLabel = toColour(colours.edgeLabel);
    selection = toColour(colours.selection);
    inputEdge = toColour(colours.inputEdge);
    outputEdge = toColour(colours.outputEdge);
    panel = toColour(colours.panel);
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
    return toColour(picture::classColour(operatorClass, m_isDark));
}

QColor GraphStyle::textColour(std::string_view string) const
{
    return toColour(picture::textColour(string, m_isDark));
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
