// The recording of a run: tracks of iterations, modules, nodes, runtime calls and GPU work over
// time, and below them a table of statistics. Reads on a thread of its own; one selection with the
// other views. UI thread only.
#pragma once

#include "core/timeline/run_times.h"
#include "views/model/document_model.h"
#include "views/model/selection.h"

#include <QWidget>

#include <memory>

namespace jitscope::views {

class TimelineView : public QWidget
{
    Q_OBJECT

public:
    // Object name "timelineView". `document` and `selection` must outlive it.
    TimelineView(DocumentModel& document, Selection& selection, QWidget* parent = nullptr);
    ~TimelineView() override;

    // The actions for a menu, in order, separators included, are QWidget::actions(). Their object
    // names: timelineZoomIn, timelineZoomOut, timelineFit, timelineZoomToSelection,
    // timelinePrevious, timelineNext, timelineClearRange, timelineColourByClass,
    // timelineColourByModule.

    [[nodiscard]] bool isBusy() const; // a recording is being read

public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    void zoomToFit();
    void zoomToSelection(); // the time range if one is selected, else the selected node's nearest
                            // execution
    void previousOccurrence(); // of the selected nodes, seen from the middle of the view
    void nextOccurrence();
    void clearRange();

Q_SIGNALS:
    // What is read of the run has grown, or another run is shown.
    void recordingShown();
    // Where the time of the shown run went, once all of it is read; null when no run is shown.
    void timesChanged(const std::shared_ptr<const jitscope::timeline::RunTimes>& times);
    // For the status bar; empty to clear.
    void statusMessage(const QString& text);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
