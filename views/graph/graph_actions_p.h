// The actions of the graph view and its context menu. Private to views/graph.
#pragma once

#include "views/graph/graph_view.h"

#include <QList>
#include <QMap>

class QAction;
class QMenu;

namespace jitscope::views {

struct GraphActions
{
    QAction* fit = nullptr;
    QAction* fitSelection = nullptr;
    QAction* zoomIn = nullptr;
    QAction* zoomOut = nullptr;
    QAction* zoomActual = nullptr;
    QAction* expand = nullptr;
    QAction* expandAll = nullptr;
    QAction* collapse = nullptr;
    QAction* collapseAll = nullptr;
    QMenu* depthMenu = nullptr;
    QList<QAction*> depths; // of the menu: 0 to 5 levels, then all
    QAction* upstream = nullptr;
    QAction* downstream = nullptr;
    QAction* ways = nullptr;
    QAction* shortestWay = nullptr;
    QAction* clearTrace = nullptr;
    QAction* rawSsa = nullptr;
    QAction* repeats = nullptr;
    QAction* types = nullptr;
    QMap<GraphView::ColourBy, QAction*> colours;
    QAction* legend = nullptr;
    QAction* minimap = nullptr;
    QAction* exportImage = nullptr;
};

// Makes the actions, adds them to the view in the order of its menu and connects those that are
// slots of the view.
[[nodiscard]] GraphActions makeActions(GraphView& view);

} // namespace jitscope::views
