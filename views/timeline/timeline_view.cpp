#include "views/timeline/timeline_view.h"

#include "views/timeline/slice_text_p.h"
#include "views/timeline/statistics_panel_p.h"
#include "views/timeline/timeline_canvas_p.h"
#include "views/timeline/timeline_loader_p.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>

namespace jitscope::views {

using timeline::RunTimeline;
using timeline::Slice;
using timeline::TimeRange;
using timeline::Track;
using timeline::TrackKind;

namespace {

constexpr double actionZoom = 1.5;
// While a range is dragged its statistics follow at this pace.
constexpr int statisticsDelay = 60; // milliseconds

} // namespace

class TimelineView::Implementation
{
public:
    Implementation(TimelineView& view, DocumentModel& document, Selection& selection)
        : m_view(view),
          m_document(document),
          m_selection(selection),
          m_loader(new TimelineLoader(&view)),
          m_canvas(new TimelineCanvas(&view)),
          m_statistics(new StatisticsPanel(&view)),
          m_runs(new QComboBox(&view)),
          m_notice(new QLabel(&view))
    {
        compose();
        addActions();
        connectDocument();
        connectParts();
        m_delay.setSingleShot(true);
        m_delay.setInterval(statisticsDelay);
        showRun();
    }

    TimelineCanvas& canvas() { return *m_canvas; }
    [[nodiscard]] bool isBusy() const { return m_loader->isBusy(); }

    void step(int direction)
    {
        if (!m_canvas->stepToOccurrence(direction))
            Q_EMIT m_view.statusMessage(
                m_selection.isEmpty() ? tr("Select a node to go to its executions.")
                : direction < 0       ? tr("No earlier execution of the selection.")
                                      : tr("No later execution of the selection."));
    }

private:
    static QString tr(const char* text) { return TimelineView::tr(text); }

    void compose()
    {
        m_runs->setObjectName(QStringLiteral("timelineRun"));
        m_runs->setToolTip(tr("The run that is shown"));
        m_runs->setAccessibleName(m_runs->toolTip());
        m_runs->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        m_notice->setObjectName(QStringLiteral("timelineNotice"));
        m_notice->setAccessibleName(tr("About the run"));
        m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_notice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        m_bar = new QHBoxLayout;
        m_bar->setContentsMargins(6, 3, 6, 3);
        m_bar->addWidget(m_runs);
        m_bar->addWidget(m_notice, 1);
        auto* splitter = new QSplitter(Qt::Vertical, &m_view);
        splitter->setObjectName(QStringLiteral("timelineSplitter"));
        splitter->addWidget(m_canvas);
        splitter->addWidget(m_statistics);
        splitter->setStretchFactor(0, 3);
        splitter->setStretchFactor(1, 2);
        splitter->setChildrenCollapsible(true);
        auto* layout = new QVBoxLayout(&m_view);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(m_bar);
        layout->addWidget(splitter, 1);
    }

    template <typename Slot>
    QAction* addAction(const char* name, const QString& text, const QList<QKeySequence>& keys,
                       Slot slot)
    {
        auto* action = new QAction(text, &m_view);
        action->setObjectName(QLatin1String(name));
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QObject::connect(action, &QAction::triggered, &m_view, slot);
        m_view.addAction(action);
        return action;
    }

    void addSeparator()
    {
        auto* separator = new QAction(&m_view);
        separator->setSeparator(true);
        m_view.addAction(separator);
    }

    void addButton(QAction* action, const QString& text)
    {
        auto* button = new QToolButton(&m_view);
        button->setDefaultAction(action);
        button->setText(text);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setAutoRaise(true);
        QString tip = action->text();
        tip.remove(QLatin1Char('&'));
        if (!action->shortcut().isEmpty())
            tip +=
                QStringLiteral(" (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        m_bar->addWidget(button);
    }

    void addActions()
    {
        QAction* in = addAction("timelineZoomIn", tr("Zoom &in"), {QKeySequence::ZoomIn},
                                &TimelineView::zoomIn);
        QAction* out = addAction("timelineZoomOut", tr("Zoom &out"), {QKeySequence::ZoomOut},
                                 &TimelineView::zoomOut);
        QAction* fit =
            addAction("timelineFit", tr("Zoom to &fit"), {Qt::Key_F}, &TimelineView::zoomToFit);
        addAction("timelineZoomToSelection", tr("Zoom to &selection"), {Qt::SHIFT | Qt::Key_F},
                  &TimelineView::zoomToSelection);
        addSeparator();
        QAction* previous = addAction("timelinePrevious", tr("&Previous execution"),
                                      {Qt::Key_BracketLeft}, &TimelineView::previousOccurrence);
        QAction* next = addAction("timelineNext", tr("&Next execution"), {Qt::Key_BracketRight},
                                  &TimelineView::nextOccurrence);
        addAction("timelineClearRange", tr("&Clear time range"), {Qt::Key_Backspace},
                  &TimelineView::clearRange);
        addSeparator();
        auto* colours = new QActionGroup(&m_view);
        const auto addColour = [&](const char* name, const QString& text, Qt::Key key,
                                   SliceColour colour) {
            QAction* action = addAction(name, text, {Qt::SHIFT | key},
                                        [this, colour] { m_canvas->setColour(colour); });
            action->setCheckable(true);
            action->setChecked(colour == SliceColour::OperatorClass);
            colours->addAction(action);
        };
        addColour("timelineColourByClass", tr("Colour by operator &class"), Qt::Key_C,
                  SliceColour::OperatorClass);
        addColour("timelineColourByModule", tr("Colour by &module"), Qt::Key_M,
                  SliceColour::Module);

        addButton(previous, QStringLiteral("\u2190"));
        addButton(next, QStringLiteral("\u2192"));
        addButton(out, QStringLiteral("\u2212"));
        addButton(in, QStringLiteral("+"));
        addButton(fit, tr("Fit"));
    }

    void connectDocument()
    {
        const auto run = [this] { showRun(); };
        QObject::connect(&m_document, &DocumentModel::opened, &m_view, run);
        QObject::connect(&m_document, &DocumentModel::changed, &m_view, run);
        QObject::connect(&m_document, &DocumentModel::currentRunChanged, &m_view, run);
        QObject::connect(&m_document, &DocumentModel::closed, &m_view, [this] {
            m_loader->stop();
            show(nullptr);
            showRun();
        });
        QObject::connect(&m_selection, &Selection::changed, &m_view, [this](const QObject* source) {
            m_scrollsToSelection = source != &m_view;
            showSelection();
        });
    }

    void connectParts()
    {
        QObject::connect(m_loader, &TimelineLoader::loaded, &m_view,
                         [this](const TimelinePtr& timeline) { show(timeline); });
        QObject::connect(m_loader, &TimelineLoader::failed, &m_view,
                         [this](const QString& message) {
                             show(nullptr);
                             m_canvas->setMessage(tr("The run cannot be shown. ") + message);
                         });
        QObject::connect(m_loader, &TimelineLoader::statisticsReady, &m_view,
                         [this](const auto& statistics) {
                             if (m_timeline)
                                 m_statistics->set(statistics, m_timeline, m_document.nodeIndex());
                         });
        QObject::connect(m_loader, &TimelineLoader::timesReady, &m_view,
                         [this](const TimelinePtr& timeline, const auto& times) {
                             if (timeline == m_timeline)
                                 Q_EMIT m_view.timesChanged(times);
                         });
        QObject::connect(m_loader, &TimelineLoader::occurrencesReady, &m_view,
                         [this](const TimelinePtr& timeline, const auto& occurrences) {
                             if (timeline != m_timeline)
                                 return;
                             m_canvas->setOccurrences(occurrences);
                             if (std::exchange(m_scrollsToSelection, false))
                                 m_canvas->stepToOccurrence(0);
                         });
        QObject::connect(m_canvas, &TimelineCanvas::sliceClicked, &m_view,
                         [this](const Track& track, const Slice& slice) { click(track, slice); });
        QObject::connect(m_canvas, &TimelineCanvas::emptyClicked, &m_view,
                         [this] { m_selection.clear(&m_view); });
        QObject::connect(m_canvas, &TimelineCanvas::rangeChanged, &m_view, [this] {
            if (!m_delay.isActive())
                m_delay.start();
        });
        QObject::connect(&m_delay, &QTimer::timeout, &m_view, [this] { requestStatistics(); });
        QObject::connect(m_statistics, &StatisticsPanel::groupByChanged, &m_view,
                         [this] { requestStatistics(); });
        QObject::connect(m_statistics, &StatisticsPanel::nodeChosen, &m_view,
                         [this](ir::NodeKey node) {
                             selectNode(node);
                             m_scrollsToSelection = true; // the answer is not here yet
                         });
        QObject::connect(m_statistics, &StatisticsPanel::moduleChosen, &m_view,
                         [this](const QString& path) {
                             m_selection.selectModule(path, &m_view);
                             m_scrollsToSelection = true;
                         });
        QObject::connect(m_runs, &QComboBox::activated, &m_view, [this](int index) {
            m_document.setCurrentRun(m_runs->itemData(index).toLongLong());
        });
    }

    // The document's current run: its name in the box, its rows from the loader.
    void showRun()
    {
        fillRuns();
        const std::int64_t run = m_document.currentRun();
        if (!m_document.isOpen() || run == 0) {
            m_loader->stop();
            show(nullptr);
            return;
        }
        if (m_timeline && m_timeline->run.id != run)
            show(nullptr);
        m_canvas->setMessage(tr("Reading the recording ..."));
        m_loader->load(m_document.path(), run, m_document.nodeIndex());
    }

    void fillRuns()
    {
        const QSignalBlocker blocker(m_runs);
        m_runs->clear();
        for (const document::RunRow& run : m_document.runs())
            m_runs->addItem(titleOf(run), QVariant::fromValue<qlonglong>(run.id));
        m_runs->setCurrentIndex(
            m_runs->findData(QVariant::fromValue<qlonglong>(m_document.currentRun())));
        m_runs->setVisible(m_runs->count() > 0);
    }

    QString titleOf(const document::RunRow& run) const
    {
        QString title = tr("Run %1: %2, %3, %4")
                            .arg(run.id)
                            .arg(QString::fromStdString(run.device),
                                 run.mode == "executor" ? tr("executor") : tr("interpreter"),
                                 run.iterations == 1 ? tr("1 iteration")
                                                     : tr("%1 iterations").arg(run.iterations));
        if (const document::StageRow* stage = m_document.stage(run.stage))
            title += QStringLiteral(", ") + QString::fromStdString(stage->label);
        if (run.state != "done")
            title += QStringLiteral(" (%1)").arg(stateText(run.state));
        return title;
    }

    static QString stateText(const std::string& state)
    {
        if (state == "recording")
            return tr("recording");
        if (state == "cancelled")
            return tr("cancelled");
        if (state == "interrupted")
            return tr("interrupted");
        return state == "failed" ? tr("failed") : QString::fromStdString(state);
    }

    void show(const TimelinePtr& timeline)
    {
        m_timeline = timeline;
        m_canvas->setTimeline(timeline, m_document.nodeIndex());
        if (!timeline) {
            m_canvas->setMessage(
                m_document.isOpen()
                    ? tr("No run yet. Press Run to execute the model and see where the time goes.")
                    : tr("No document is open."));
            m_statistics->clear();
            Q_EMIT m_view.timesChanged(nullptr);
            m_notice->clear();
            m_notice->setToolTip({});
            return;
        }
        if (timeline->isEmpty())
            m_canvas->setMessage(emptyText(timeline->run));
        showNotice(*timeline);
        requestStatistics();
        if (timeline->isComplete && timeline->run.state != "recording")
            m_loader->requestTimes(timeline);
        m_scrollsToSelection = false;
        showSelection();
        Q_EMIT m_view.recordingShown();
    }

    static QString emptyText(const document::RunRow& run)
    {
        if (run.state == "recording")
            return tr("Recording. Nothing has been executed yet.");
        if (run.state == "failed")
            return tr("The run failed before anything was recorded. The log says why.");
        if (run.state == "cancelled")
            return tr("The run was cancelled before anything was recorded.");
        if (run.state == "interrupted")
            return tr("The engine ended before anything was recorded.");
        return tr("This run has no recorded executions.");
    }

    // What is missing in the recording, the verdict of the run first.
    void showNotice(const RunTimeline& timeline)
    {
        QStringList sentences;
        if (timeline.run.state == "recording")
            sentences << tr("Recording ...");
        if (!timeline.run.verdict.empty())
            sentences << QString::fromStdString(timeline.run.verdict);
        for (const std::string& problem : timeline.problems)
            sentences << QString::fromStdString(problem);
        if (!timeline.isComplete)
            sentences << tr("Reading, %1 executions to go ...")
                             .arg(QLocale().toString(static_cast<qlonglong>(timeline.unreadCount)));
        m_notice->setText(sentences.join(QLatin1Char(' ')));
        m_notice->setToolTip(sentences.join(QLatin1Char('\n')));
    }

    void requestStatistics()
    {
        if (m_timeline)
            m_loader->requestStatistics(m_timeline, m_statistics->groupBy(),
                                        m_canvas->picture().range);
    }

    void showSelection()
    {
        SelectedSlices selected;
        for (const document::NodeRef& ref : m_selection.nodes()) {
            const std::set<ir::NodeKey> related = m_document.nodeIndex()->related(ref);
            selected.nodes.insert(related.begin(), related.end());
            if (ref.key != 0)
                selected.nodes.insert(ref.key);
        }
        if (m_selection.nodes().empty() && m_selection.hasModule())
            selected.module = m_selection.module().toStdString();
        m_statistics->select(selected.nodes, selected.module);
        if (!m_timeline)
            return;
        if (selected.isEmpty())
            m_canvas->setOccurrences(nullptr);
        m_loader->requestOccurrences(m_timeline, std::move(selected));
    }

    void click(const Track& track, const Slice& slice)
    {
        if (track.kind == TrackKind::Modules)
            m_selection.selectModule(QString::fromStdString(m_timeline->label(slice)), &m_view);
        else if (track.kind == TrackKind::Iterations)
            m_canvas->setRange(TimeRange{slice.start, slice.end});
        else if (slice.node != 0)
            selectNode(slice.node);
        else
            m_selection.clear(&m_view);
    }

    // A fused group selects its members, which is what the other views know.
    void selectNode(ir::NodeKey key)
    {
        const document::NodeIndex& index = *m_document.nodeIndex();
        std::vector<document::NodeRef> refs = index.origins(key);
        if (refs.empty()) {
            const document::NamedNode* node = index.node(key);
            refs.push_back({node == nullptr ? std::string() : node->modulePath, 0, key});
        } else if (refs.size() == 1) {
            refs.front().key = key;
        }
        m_selection.selectNodes(std::move(refs), &m_view);
    }

    TimelineView& m_view;
    DocumentModel& m_document;
    Selection& m_selection;
    TimelineLoader* m_loader;
    TimelineCanvas* m_canvas;
    StatisticsPanel* m_statistics;
    QComboBox* m_runs;
    QLabel* m_notice;
    QHBoxLayout* m_bar = nullptr;
    QTimer m_delay;
    TimelinePtr m_timeline;
    bool m_scrollsToSelection = false;
};

TimelineView::TimelineView(DocumentModel& document, Selection& selection, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("timelineView"));
    m_implementation = std::make_unique<Implementation>(*this, document, selection);
    setFocusProxy(&m_implementation->canvas());
}

TimelineView::~TimelineView() = default;

bool TimelineView::isBusy() const
{
    return m_implementation->isBusy();
}

void TimelineView::zoomIn()
{
    m_implementation->canvas().zoomBy(actionZoom);
}

void TimelineView::zoomOut()
{
    m_implementation->canvas().zoomBy(1 / actionZoom);
}

void TimelineView::zoomToFit()
{
    m_implementation->canvas().zoomToFit();
}

void TimelineView::zoomToSelection()
{
    m_implementation->canvas().zoomToSelection();
}

void TimelineView::previousOccurrence()
{
    m_implementation->step(-1);
}

void TimelineView::nextOccurrence()
{
    m_implementation->step(1);
}

void TimelineView::clearRange()
{
    m_implementation->canvas().setRange({});
}

} // namespace jitscope::views
