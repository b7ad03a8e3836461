// Colours and measures of the graph, light and dark. Private to views/graph.
#pragma once

#include "core/scene/scene.h"
#include "views/graph/graph_view.h"

#include <QColor>
#include <QFont>
#include <QPalette>

namespace jitscope::views {

// Lengths in pixels at 100 %.
namespace measure {
inline constexpr double corner = 6;
inline constexpr double headerHeight = 26;
inline constexpr double rowHeight = 17;
inline constexpr double rowsPadding = 5; // above and below the rows
inline constexpr double sidePadding = 11;
inline constexpr double markSize = 16; // the + or - of a box that can be opened
inline constexpr double pillHeight = 24;
inline constexpr double openPadding = 18; // between the border of an open box and what is in it
inline constexpr double smallestWidth = 64;
inline constexpr double largestWidth = 320; // longer texts are elided
inline constexpr double portSpacing = 22;
inline constexpr double portRadius = 2.5;
inline constexpr int titlePixels = 13;
inline constexpr int textPixels = 11;
} // namespace measure

class GraphStyle
{
public:
    // Takes the background and the text from the palette, and with them whether it is light or
    // dark.
    GraphStyle(const QPalette& palette, const QFont& font);

    [[nodiscard]] bool isDark() const { return m_isDark; }
    [[nodiscard]] QColor classColour(scene::OperatorClass operatorClass) const;
    // One of a few well separate colours, the same for the same text.
    [[nodiscard]] QColor textColour(std::string_view text) const;

    QColor background;
    QColor dots; // of the background grid
    QColor body; // of a box
    QColor border;
    QColor text;
    QColor dimText;
    QColor headerText;
    QColor headerDimText;
    QColor neutralHeader;
    QColor edge;
    QColor edgeLabel;
    QColor selection;
    QColor inputEdge;  // of the selected box
    QColor outputEdge; // of the selected box
    QColor panel;      // overlays

    QFont titleFont;
    QFont textFont;

private:
    bool m_isDark;
};

// The colour of a box's header in one of the ways to colour.
[[nodiscard]] QColor headerColour(const GraphStyle& style, const scene::Box& box,
                                  GraphView::ColourBy colourBy);

} // namespace jitscope::views
