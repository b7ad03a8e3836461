#include "views/graph/graph_actions_p.h"

#include <QAction>
#include <QActionGroup>
#include <QFileDialog>
#include <QMessageBox>

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

void askAndExport(GraphView& view)
{
    const QString path = QFileDialog::getSaveFileName(
        &view, GraphView::tr("Export the graph"), QStringLiteral("graph.svg"),
        GraphView::tr("Vector picture (*.svg);;Image (*.png)"));
    QString problem;
    if (!path.isEmpty() && !view.exportImage(path, &problem))
        QMessageBox::warning(&view, GraphView::tr("Export the graph"), problem);
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
    actions.expand = add(view, QStringLiteral("graphExpand"), GraphView::tr("Open the box"));
    actions.expandAll =
        add(view, QStringLiteral("graphExpandAll"), GraphView::tr("Expand all below"), {Qt::Key_E});
    actions.collapse = add(view, QStringLiteral("graphCollapse"), GraphView::tr("Close the box"));
    actions.collapseAll = add(view, QStringLiteral("graphCollapseAll"),
                              GraphView::tr("Collapse all"), {Qt::SHIFT | Qt::Key_E});
    addSeparator(view);
    actions.rawSsa =
        add(view, QStringLiteral("graphRawSsa"), GraphView::tr("Show raw SSA"), {Qt::Key_R});
    actions.rawSsa->setCheckable(true);
    actions.rawSsa->setToolTip(
        GraphView::tr("Every node as a box: constants, attribute reads and lists too"));
    auto* colours = new QActionGroup(&view);
    const auto addColour = [&view, colours](const QString& name, const QString& text) {
        QAction* action = add(view, name, text);
        action->setCheckable(true);
        colours->addAction(action);
        return action;
    };
    actions.colourByClass = addColour(QStringLiteral("graphColourByClass"),
                                      GraphView::tr("Colour by kind of operator"));
    actions.colourByModule =
        addColour(QStringLiteral("graphColourByModule"), GraphView::tr("Colour by module"));
    actions.colourByNothing =
        addColour(QStringLiteral("graphColourByNothing"), GraphView::tr("One colour"));
    actions.colourByClass->setChecked(true);
    addSeparator(view);
    actions.legend = add(view, QStringLiteral("graphLegend"), GraphView::tr("Legend"), {Qt::Key_L});
    actions.minimap =
        add(view, QStringLiteral("graphMinimapAction"), GraphView::tr("Minimap"), {Qt::Key_M});
    for (QAction* action : {actions.legend, actions.minimap}) {
        action->setCheckable(true);
        action->setChecked(true);
    }
    addSeparator(view);
    actions.exportImage =
        add(view, QStringLiteral("graphExport"), GraphView::tr("Export as picture\u2026"));

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
    const auto colourBy = [&view](QAction* action, GraphView::ColourBy by) {
        QObject::connect(action, &QAction::triggered, &view, [&view, by] { view.setColourBy(by); });
    };
    colourBy(actions.colourByClass, GraphView::ColourBy::OperatorClass);
    colourBy(actions.colourByModule, GraphView::ColourBy::Module);
    colourBy(actions.colourByNothing, GraphView::ColourBy::Nothing);
    QObject::connect(actions.exportImage, &QAction::triggered, &view,
                     [&view] { askAndExport(view); });
    return actions;
}

} // namespace jitscope::views
