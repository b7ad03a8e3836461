#include "views/graph/graph_actions_p.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>

namespace jitscope::views {

namespace {

QAction* add(GraphView& view, const QString& name, const QString& text,
             const QList<QKeySequence>& keys = {})
{
    auto* action = new QAction(text, &view);
    action->setObjectName(name);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    view.addAction(action);
    return action;
}

void addSeparator(GraphView& view)
{
    auto* separator = new QAction(&view);
    separator->setSeparator(true);
    view.addAction(separator);
}

void addDepths(GraphView& view, GraphActions& actions)
{
    constexpr int deepest = 5;
    actions.depthMenu = new QMenu(GraphView::tr("Open to depth"), &view);
    actions.depthMenu->menuAction()->setObjectName(QStringLiteral("graphDepthMenu"));
    for (int depth = 0; depth <= deepest + 1; ++depth) {
        const bool isAll = depth > deepest;
        const QString text = isAll        ? GraphView::tr("All")
                             : depth == 0 ? GraphView::tr("Everything closed")
                                          : GraphView::tr("%n level(s)", nullptr, depth);
        auto* action = new QAction(text, &view);
        action->setObjectName(isAll ? QStringLiteral("graphDepthAll")
                                    : QStringLiteral("graphDepth%1").arg(depth));
        action->setShortcut(Qt::ALT | static_cast<Qt::Key>(isAll ? Qt::Key_9 : Qt::Key_0 + depth));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        actions.depthMenu->addAction(action);
        actions.depths.append(action);
    }
    view.addAction(actions.depthMenu->menuAction());
}

void addColours(GraphView& view, GraphActions& actions)
{
    struct Way
    {
        GraphView::ColourBy by;
        const char* name;
        QString text;
        Qt::Key key; // with Shift
    };
    const Way ways[] = {
        {GraphView::ColourBy::OperatorClass, "graphColourByClass",
         GraphView::tr("Kind of operator"), Qt::Key_C},
        {GraphView::ColourBy::Module, "graphColourByModule", GraphView::tr("Module"), Qt::Key_M},
        {GraphView::ColourBy::Type, "graphColourByType", GraphView::tr("Type"), Qt::Key_T},
        {GraphView::ColourBy::Device, "graphColourByDevice", GraphView::tr("Device"), Qt::Key_V},
        {GraphView::ColourBy::Time, "graphColourByTime", GraphView::tr("Time of the run"),
         Qt::Key_H},
        {GraphView::ColourBy::Nothing, "graphColourByNothing", GraphView::tr("One colour"),
         Qt::Key_N}};
    auto* menu = new QMenu(GraphView::tr("Colour by"), &view);
    menu->menuAction()->setObjectName(QStringLiteral("graphColourMenu"));
    auto* group = new QActionGroup(&view);
    for (const Way& way : ways) {
        auto* action = new QAction(way.text, &view);
        action->setObjectName(QLatin1String(way.name));
        action->setShortcut(Qt::SHIFT | way.key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setCheckable(true);
        action->setChecked(way.by == GraphView::ColourBy::OperatorClass);
        group->addAction(action);
        menu->addAction(action);
        actions.colours.insert(way.by, action);
        QObject::connect(action, &QAction::triggered, &view,
                         [&view, by = way.by] { view.setColourBy(by); });
    }
    view.addAction(menu->menuAction());
}

void addTraces(GraphView& view, GraphActions& actions)
{
    actions.upstream = add(view, QStringLiteral("graphUpstream"),
                           GraphView::tr("Show what it depends on"), {Qt::SHIFT | Qt::Key_U});
    actions.downstream = add(view, QStringLiteral("graphDownstream"),
                             GraphView::tr("Show what depends on it"), {Qt::SHIFT | Qt::Key_D});
    actions.ways = add(view, QStringLiteral("graphWays"),
                       GraphView::tr("Show all ways between two boxes"), {Qt::Key_P});
    actions.shortestWay =
        add(view, QStringLiteral("graphShortestWay"),
            GraphView::tr("Show the shortest way between two boxes"), {Qt::SHIFT | Qt::Key_P});
    actions.clearTrace = add(view, QStringLiteral("graphClearTrace"),
                             GraphView::tr("Show everything again"), {Qt::Key_Escape});
    for (QAction* action : {actions.ways, actions.shortestWay})
        action->setToolTip(GraphView::tr("Select one box by a click and the other with Ctrl held"));
}

} // namespace

GraphActions makeActions(GraphView& view)
{
    GraphActions actions;
    actions.fit = add(view, QStringLiteral("graphFit"), GraphView::tr("Fit the whole graph"),
                      {Qt::Key_Home, Qt::Key_F});
    actions.fitSelection = add(view, QStringLiteral("graphFitSelection"),
                               GraphView::tr("Fit the selection"), {Qt::SHIFT | Qt::Key_F});
    actions.zoomIn = add(view, QStringLiteral("graphZoomIn"), GraphView::tr("Zoom in"),
                         {Qt::Key_Plus, Qt::Key_Equal});
    actions.zoomOut =
        add(view, QStringLiteral("graphZoomOut"), GraphView::tr("Zoom out"), {Qt::Key_Minus});
    actions.zoomActual =
        add(view, QStringLiteral("graphZoomActual"), GraphView::tr("100 %"), {Qt::Key_1});
    addSeparator(view);
    actions.expand =
        add(view, QStringLiteral("graphExpand"), GraphView::tr("Open the box"), {Qt::Key_O});
    actions.expandAll =
        add(view, QStringLiteral("graphExpandAll"), GraphView::tr("Expand all below"), {Qt::Key_E});
    actions.collapse = add(view, QStringLiteral("graphCollapse"), GraphView::tr("Close the box"),
                           {Qt::SHIFT | Qt::Key_O});
    actions.collapseAll = add(view, QStringLiteral("graphCollapseAll"),
                              GraphView::tr("Collapse all"), {Qt::SHIFT | Qt::Key_E});
    addDepths(view, actions);
    addSeparator(view);
    addTraces(view, actions);
    addSeparator(view);
    actions.rawSsa =
        add(view, QStringLiteral("graphRawSsa"), GraphView::tr("Show raw SSA"), {Qt::Key_R});
    actions.rawSsa->setCheckable(true);
    actions.rawSsa->setToolTip(
        GraphView::tr("Every node as a box: constants, attribute reads and lists too"));
    actions.repeats = add(view, QStringLiteral("graphRepeats"),
                          GraphView::tr("Fold repeated blocks"), {Qt::Key_B});
    actions.repeats->setCheckable(true);
    actions.repeats->setChecked(true);
    actions.repeats->setToolTip(
        GraphView::tr("Three or more modules that are alike, one after the other, as one box"));
    actions.types =
        add(view, QStringLiteral("graphTypes"), GraphView::tr("Types on edges"), {Qt::Key_T});
    actions.types->setCheckable(true);
    actions.types->setToolTip(GraphView::tr("The type of a value where its shape is not known"));
    addColours(view, actions);
    addSeparator(view);
    actions.legend = add(view, QStringLiteral("graphLegend"), GraphView::tr("Legend"), {Qt::Key_L});
    actions.minimap =
        add(view, QStringLiteral("graphMinimapAction"), GraphView::tr("Minimap"), {Qt::Key_M});
    for (QAction* action : {actions.legend, actions.minimap}) {
        action->setCheckable(true);
        action->setChecked(true);
    }
    addSeparator(view);
    actions.exportImage = add(view, QStringLiteral("graphExport"), GraphView::tr("Export\u2026"),
                              {Qt::CTRL | Qt::SHIFT | Qt::Key_E});

    QObject::connect(actions.fit, &QAction::triggered, &view, &GraphView::zoomToFit);
    QObject::connect(actions.fitSelection, &QAction::triggered, &view, &GraphView::zoomToSelection);
    QObject::connect(actions.zoomIn, &QAction::triggered, &view, &GraphView::zoomIn);
    QObject::connect(actions.zoomOut, &QAction::triggered, &view, &GraphView::zoomOut);
    QObject::connect(actions.zoomActual, &QAction::triggered, &view, &GraphView::zoomActual);
    QObject::connect(actions.expand, &QAction::triggered, &view, &GraphView::expandSelected);
    QObject::connect(actions.expandAll, &QAction::triggered, &view, &GraphView::expandAllBelow);
    QObject::connect(actions.collapse, &QAction::triggered, &view, &GraphView::collapseSelected);
    QObject::connect(actions.collapseAll, &QAction::triggered, &view, &GraphView::collapseAll);
    QObject::connect(actions.rawSsa, &QAction::toggled, &view, &GraphView::setRawSsa);
    QObject::connect(actions.exportImage, &QAction::triggered, &view, &GraphView::showExportDialog);
    return actions;
}

} // namespace jitscope::views
