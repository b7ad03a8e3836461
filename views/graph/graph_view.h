// The graph of the stage that the document shows: module calls as boxes that open in place, blocks
// nested, one selection with the other views. Building the scene and laying it out happens on a
// thread of its own; until it is done the picture before stays. UI thread only.
#pragma once

#include "views/model/document_model.h"
#include "views/model/selection.h"

#include <QWidget>

#include <memory>

class QAction;

namespace jitscope::views {

class GraphView : public QWidget
{
    Q_OBJECT

public:
    static constexpr int everyDepth = 1000;

    enum class ColourBy
    {
        OperatorClass, // convolution, normalisation, activation, ...; the legend names them
        Module,        // by the outermost modules in which the shown boxes differ
        Type,          // element type of the first output, where it is known
        Device,        // of the first output, where it is known
        Time,          // that the document's current run spent in it
        Nothing,
    };

    // Object name "graphView". `document` and `selection` must outlive it.
    GraphView(DocumentModel& document, Selection& selection, QWidget* parent = nullptr);
    ~GraphView() override;

    // The actions for a menu, in order, separators and submenus included, are QWidget::actions().
    // Their object names: graphFit, graphFitSelection, graphZoomIn, graphZoomOut, graphZoomActual,
    // graphExpand, graphExpandAll, graphCollapse, graphCollapseAll, graphDepthMenu (graphDepth0 to
    // graphDepth5, graphDepthAll), graphUpstream, graphDownstream, graphWays, graphShortestWay,
    // graphClearTrace, graphRawSsa, graphRepeats, graphTypes, graphColourMenu (graphColourByClass,
    // ...ByModule,
    // ...ByType, ...ByDevice, ...ByTime, ...ByNothing), graphLegend, graphMinimapAction,
    // graphExport.

    [[nodiscard]] ColourBy colourBy() const;
    [[nodiscard]] bool isRawSsa() const;
    [[nodiscard]] bool isBusy() const; // a scene is being built or laid out

    // The method that the stage `loaded` shows: one of a module instance, `forward` of the root
    // after opening.
    void showMethod(const QString& modulePath, const QString& method);

    // Opens what is around a node or module, so that it has a box of its own, and brings what is
    // selected into view. A node of the stage `loaded` that the shown method does not reach is
    // looked for in the model's other methods and at last in its own, `method` of its module.
    void reveal(const document::NodeRef& node, const QString& method = {});
    void revealModule(const QString& path);

    // The whole laid-out graph, not the visible part, as SVG, PNG, PDF or DOT by the file's suffix.
    // False, with `problem` set to a sentence, when the file cannot be written or the suffix is
    // none of these. `remark` becomes empty or what a user should know of the file.
    bool exportImage(const QString& path, QString* problem = nullptr, QString* remark = nullptr);

public Q_SLOTS:
    // How much of the view's foot something lies on, in pixels: the legend and the map keep above.
    void setFoot(int height);
    // Asks what to export, into which file, and writes it.
    void showExportDialog();
    void zoomToFit();
    void zoomToSelection();
    void zoomIn();
    void zoomOut();
    void zoomActual(); // 100 %
    void expandSelected();
    void expandAllBelow(); // the selected box and all in it, up to a limit of boxes
    // Closes what is open deeper and opens so many levels of boxes, 0 for none, everyDepth for all,
    // up to a limit of boxes.
    void openToDepth(int depth);
    // Opens boxes and what is around them: a module by its path, such as layer1.0, or any box by
    // its id, such as /layer1/0. What is not there is answered with boxesNotFound().
    void openBoxes(const QStringList& names);
    void collapseSelected();
    void collapseAll();
    void setRawSsa(bool on);
    void setColourBy(jitscope::views::GraphView::ColourBy colourBy);
    void setTypesShown(bool shown); // on edges, where no shape is known

Q_SIGNALS:
    // The laid-out graph was painted the first time after the document was opened.
    void firstFrame();
    // A new picture is there: another stage, or a box was opened or closed.
    void pictureChanged();
    void busyChanged(bool busy);
    void boxesNotFound(const QStringList& names);
    // The user asked to see the selection in the code view.
    void showInCodeRequested();
    // For the status bar; empty to clear.
    void statusMessage(const QString& text);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
