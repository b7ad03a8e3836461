#include "views/graph/graph_style_p.h"

#include "core/picture/palette.h"

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

QColor GraphStyle::separateColour(std::size_t number) const
{
    return toColour(picture::separateColour(number, m_isDark));
}

} // namespace jitscope::views
