// Colours and fonts of the graph, light and dark, from the palette of the window. Private to
// views/graph.
#pragma once

#include "core/picture/box_metrics.h"
#include "core/picture/measures.h"
#include "core/scene/scene.h"
#include "views/graph/graph_view.h"

#include <QColor>
#include <QFont>
#include <QPalette>

namespace jitscope::views {

namespace measure = picture::measure;
using picture::isJunction;
using picture::isPill;

class GraphStyle
{
public:
    // Takes the background and the text from the palette, and with them whether it is light or
    // dark.
    GraphStyle(const QPalette& palette, const QFont& font);

    [[nodiscard]] bool isDark() const { return m_isDark; }
    [[nodiscard]] QColor classColour(scene::OperatorClass operatorClass) const;
    // One of a few well separate colours.
    [[nodiscard]] QColor separateColour(std::size_t number) const;

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

} // namespace jitscope::views
