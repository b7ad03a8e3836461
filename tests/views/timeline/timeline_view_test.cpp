#include "core/timeline/run_loader.h"
#include "tests/core/timeline/recordings.h"
#include "views/timeline/statistics_model_p.h"
#include "views/timeline/timeline_canvas_p.h"
#include "views/timeline/timeline_view.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;
using namespace jitscope::views;

class TimelineViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void withoutRun();
    void showsTheRun();
    void clickSelectsAndStepsThrough();
    void kernelOfARealRun();
    void selectionFromElsewhere();
    void rangeChangesStatistics();
    void zoomKeys();
    void growsWhileRecording();
    void anInterruptedRunKeepsItsSlices();
    void statisticsModel();
    void damagedRun();
    void closing();

private:
    void open();
    void show(std::int64_t run);
    template <typename T>
    T* child(const char* name)
    {
        T* found = m_view->findChild<T*>(QLatin1String(name));
        if (found == nullptr)
            qFatal("no %s", name);
        return found;
    }
    [[nodiscard]] QPoint pointOf(timeline::TrackKind kind, std::size_t lane, std::size_t slice);
    void save(const char* name);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::RecordingDocument> m_recording;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<TimelineView> m_view;
};

void TimelineViewTest::init()
{
    // All but what the offscreen platform says of itself.
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
    m_folder = std::make_unique<QTemporaryDir>();
    m_recording = std::make_unique<test::RecordingDocument>(
        m_folder->filePath(QStringLiteral("run.jitscope")).toStdString(), 4);
    m_document = std::make_unique<DocumentModel>();
    m_selection = std::make_unique<Selection>();
    m_view = std::make_unique<TimelineView>(*m_document, *m_selection);
    m_view->resize(1100, 640);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TimelineViewTest::cleanup()
{
    m_view.reset();
    m_selection.reset();
    m_document.reset();
    m_recording.reset();
}

void TimelineViewTest::open()
{
    QSignalSpy opened(m_document.get(), &DocumentModel::opened);
    m_document->open(QString::fromStdString(m_recording->path().string()));
    QVERIFY(opened.wait());
}

void TimelineViewTest::show(std::int64_t run)
{
    QSignalSpy shown(m_view.get(), &TimelineView::recordingShown);
    open();
    QCOMPARE(m_document->currentRun(), run);
    QTRY_VERIFY(!shown.empty() && !m_view->isBusy());
}

QPoint TimelineViewTest::pointOf(timeline::TrackKind kind, std::size_t lane, std::size_t slice)
{
    const TimelinePicture& picture = child<TimelineCanvas>("timelineCanvas")->picture();
    for (const TrackPlace& place : picture.layout.places()) {
        const timeline::Track& track = picture.timeline->tracks[place.track];
        if (track.kind != kind)
            continue;
        const timeline::Slice& found = track.lanes[lane].slices()[slice];
        return {picture.headerWidth +
                    static_cast<int>(picture.window.xOf((found.start + found.end) / 2)),
                picture.rulerHeight - picture.scroll + picture.layout.laneTop(place, lane) + 5};
    }
    qFatal("no such track");
}

// For looking at: JITSCOPE_SAVE_PICTURES names a folder.
void TimelineViewTest::save(const char* name)
{
    const QString folder = qEnvironmentVariable("JITSCOPE_SAVE_PICTURES");
    if (folder.isEmpty())
        return;
    const QString path = folder + QLatin1Char('/') + QLatin1String(name);
    QVERIFY(m_view->grab().save(path + QStringLiteral(".png")));
    QPalette dark(QColor(0xff31363b), QColor(0xff2b2f34));
    dark.setColor(QPalette::Base, QColor(0xff1d2024));
    dark.setColor(QPalette::AlternateBase, QColor(0xff23272c));
    const QPalette light = m_view->palette();
    m_view->setPalette(dark);
    QVERIFY(m_view->grab().save(path + QStringLiteral("-dark.png")));
    m_view->setPalette(light);
}

void TimelineViewTest::withoutRun()
{
    open();
    save("timeline-empty");
    QCOMPARE(m_document->currentRun(), 0);
    QVERIFY(!child<QComboBox>("timelineRun")->isVisible());
    QCOMPARE(child<QTableView>("statisticsTable")->model()->rowCount(), 0);
    m_view->nextOccurrence(); // nothing to go to
    m_view->zoomToSelection();
    m_view->zoomToFit();
    m_view->zoomIn();
}

void TimelineViewTest::showsTheRun()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 3);
    m_recording->recordGpu(run);
    show(run);
    auto* table = child<QTableView>("statisticsTable");
    QTRY_COMPARE(table->model()->rowCount(), static_cast<int>(m_recording->graph().nodes.size()));
    QCOMPARE(child<QComboBox>("timelineRun")->count(), 1);
    QVERIFY(!table->isColumnHidden(StatisticsModel::Gpu));
    QCOMPARE(table->model()->index(0, StatisticsModel::Kind).data().toString(),
             QStringLiteral("aten::conv2d"));
    save("timeline");
    child<QLineEdit>("statisticsFilter")->setText(QStringLiteral("BN1 layer2"));
    QCOMPARE(table->model()->rowCount(), 2);
    child<QComboBox>("statisticsGroupBy")->setCurrentIndex(2);
    QTRY_VERIFY(table->isColumnHidden(StatisticsModel::Kind));
}

void TimelineViewTest::clickSelectsAndStepsThrough()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 3);
    show(run);
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      pointOf(timeline::TrackKind::Nodes, 0, 0));
    QCOMPARE(m_selection->nodes().size(), 1U);
    QCOMPARE(m_selection->nodes()[0].modulePath, std::string("layer1.0.conv1"));
    QTRY_VERIFY(canvas->picture().occurrences && canvas->picture().occurrences->size() == 4U);
    save("timeline-selected");

    m_view->zoomToSelection();
    const double resolution = canvas->picture().window.resolution();
    const auto middle = [&] {
        return canvas->picture().window.timeAt(canvas->picture().window.width() / 2.0);
    };
    const std::int64_t first = middle();
    m_view->nextOccurrence();
    QVERIFY(middle() > first);
    QCOMPARE(canvas->picture().window.resolution(), resolution);
    m_view->previousOccurrence();
    QVERIFY(std::abs(middle() - first) < static_cast<std::int64_t>(2 * resolution) + 2);

    m_view->zoomToFit();
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      pointOf(timeline::TrackKind::Modules, 0, 0));
    QVERIFY(m_selection->nodes().empty());
    QCOMPARE(m_selection->module(), QStringLiteral("layer1"));
}

void TimelineViewTest::kernelOfARealRun()
{
    const QString path = m_folder->filePath(QStringLiteral("gpu.jitscope"));
    test::copyGpuRecording("residual_cnn_scripted", path.toStdString());
    QSignalSpy shown(m_view.get(), &TimelineView::recordingShown);
    m_document->open(path);
    QTRY_VERIFY(!shown.empty() && !m_view->isBusy());
    save("timeline-gpu");
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      pointOf(timeline::TrackKind::Iterations, 0, 4));
    m_view->zoomToSelection();
    QTRY_VERIFY(child<QLabel>("statisticsSummary")
                    ->text()
                    .contains(QStringLiteral("236 executions"))); // of the iteration
    save("timeline-gpu-iteration");
    constexpr std::size_t kernel = 57 * 2; // the first of the third recorded iteration
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      pointOf(timeline::TrackKind::Gpu, 0, kernel));
    QCOMPARE(m_selection->nodes().size(), 1U);
    const auto reader = document::Reader::open(path.toStdString());
    const auto nodes = document::NodeIndex::read(*reader);
    const document::NamedNode* node = nodes->node(m_selection->nodes()[0].key);
    QVERIFY(node != nullptr);
    QCOMPARE(node->kind, std::string("aten::conv2d"));
    QCOMPARE(node->modulePath, std::string("stem.0"));
    // The node, the call that launched and the kernel, in each of five iterations.
    QTRY_VERIFY(canvas->picture().occurrences && canvas->picture().occurrences->size() == 15U);
    save("timeline-gpu-kernel");
}

void TimelineViewTest::selectionFromElsewhere()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 30);
    show(run);
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    for (int i = 0; i < 12; ++i)
        m_view->zoomIn();
    const ir::Node& node = m_recording->graph().nodes.back();
    m_selection->selectNodes({{"fc", 0, node.key}}, nullptr);
    QTRY_VERIFY(canvas->picture().occurrences && canvas->picture().occurrences->size() == 31U);
    const timeline::TimeRange shown = canvas->picture().window.range();
    const Occurrences& all = *canvas->picture().occurrences;
    QVERIFY(std::any_of(all.begin(), all.end(), [&](const Occurrence& occurrence) {
        return occurrence.start < shown.end && occurrence.end > shown.start;
    }));
    m_selection->clear(nullptr);
    QTRY_VERIFY(!canvas->picture().occurrences || canvas->picture().occurrences->empty());
}

void TimelineViewTest::rangeChangesStatistics()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 3);
    show(run);
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    auto* summary = child<QLabel>("statisticsSummary");
    QTRY_VERIFY(summary->text().contains(QStringLiteral("whole run")));
    // A click on an iteration takes its time as the range.
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {},
                      pointOf(timeline::TrackKind::Iterations, 0, 2));
    QVERIFY(canvas->picture().range.has_value());
    QTRY_VERIFY(summary->text().contains(QStringLiteral("selected range")));
    auto* table = child<QTableView>("statisticsTable");
    QCOMPARE(table->model()->index(0, StatisticsModel::Count).data().toString(),
             QStringLiteral("1"));
    save("timeline-range");
    QTest::keyClick(canvas, Qt::Key_Escape);
    QTRY_VERIFY(summary->text().contains(QStringLiteral("whole run")));

    QWidget* viewport = canvas->viewport();
    QTest::mousePress(viewport, Qt::LeftButton, Qt::ShiftModifier, {400, 60});
    QTest::mouseMove(viewport, {600, 60});
    QTest::mouseRelease(viewport, Qt::LeftButton, Qt::ShiftModifier, {600, 60});
    QVERIFY(canvas->picture().range.has_value());
    m_view->clearRange();
    QVERIFY(!canvas->picture().range.has_value());
}

void TimelineViewTest::zoomKeys()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 3);
    show(run);
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    const double all = canvas->picture().window.resolution();
    QTest::keyClick(canvas, Qt::Key_W);
    QVERIFY(canvas->picture().window.resolution() < all);
    const timeline::TimeRange before = canvas->picture().window.range();
    QTest::keyClick(canvas, Qt::Key_D);
    QVERIFY(canvas->picture().window.range().start > before.start);
    for (int i = 0; i < 60; ++i)
        QTest::keyClick(canvas, Qt::Key_W);
    QVERIFY(canvas->picture().window.resolution() >= TimeWindow::closestResolution);
    canvas->viewport()->grab();
    for (int i = 0; i < 80; ++i)
        QTest::keyClick(canvas, Qt::Key_S);
    QVERIFY(std::abs(canvas->picture().window.resolution() / all - 1) < 0.01);
    QStringList names;
    for (const QAction* action : m_view->actions())
        names << action->objectName();
    QVERIFY(names.contains(QStringLiteral("timelineFit")));
    QVERIFY(names.contains(QStringLiteral("timelineNext")));
}

void TimelineViewTest::growsWhileRecording()
{
    const std::int64_t run = m_recording->addRun("recording");
    show(run);
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    QVERIFY(canvas->picture().timeline->isEmpty());
    const std::int64_t end = m_recording->record(run, 1);
    m_document->refresh();
    QTRY_VERIFY(!canvas->picture().timeline->isEmpty());
    const std::size_t before = canvas->picture().timeline->sliceCount;
    m_recording->addSlices(run, 0, {{end + 5'000, 800'000, 1, 1}});
    m_recording->setState(run, "done", "Lost: 3 executions.");
    m_document->refresh();
    QTRY_COMPARE(canvas->picture().timeline->sliceCount, before + 1);
    QVERIFY(child<QLabel>("timelineNotice")->text().contains(QStringLiteral("Lost: 3")));
    // All was shown before: all is shown after.
    QVERIFY(canvas->picture().window.range().end >= end + 805'000);
}

void TimelineViewTest::anInterruptedRunKeepsItsSlices()
{
    const std::int64_t run = m_recording->addRun("recording");
    m_recording->record(run, 1);
    // A document whose writer is gone, as after a crash.
    QVERIFY(m_recording->writer().setInfo("writer", "another-boot 1 1").has_value());
    show(run);
    const QString title = child<QComboBox>("timelineRun")->currentText();
    QVERIFY2(title.endsWith(QStringLiteral("(interrupted)")), qPrintable(title));
    QVERIFY2(title.contains(QStringLiteral("10 iterations,")), qPrintable(title));
    QVERIFY(child<TimelineCanvas>("timelineCanvas")->picture().timeline->sliceCount > 0);
    const QString notice = child<QLabel>("timelineNotice")->text();
    QVERIFY2(notice.contains(QStringLiteral("engine ended")), qPrintable(notice));
    QVERIFY2(!notice.contains(QStringLiteral("Recording")), qPrintable(notice));
}

void TimelineViewTest::statisticsModel()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 2);
    const auto reader = document::Reader::open(m_recording->path());
    const auto nodes =
        std::make_shared<const document::NodeIndex>(*document::NodeIndex::read(*reader));
    timeline::RunLoader loader(*reader, run);
    const auto timeline = *loader.read(*nodes, 100, {});
    StatisticsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const timeline::GroupBy by :
         {timeline::GroupBy::Node, timeline::GroupBy::Kind, timeline::GroupBy::Module}) {
        model.set(
            std::make_shared<const timeline::Statistics>(timeline::statisticsOf(*timeline, by)),
            timeline, nodes);
        QVERIFY(model.rowCount() > 0);
        const QPersistentModelIndex kept = model.index(1, StatisticsModel::Total);
        const QString total = kept.data().toString();
        for (int column = 0; column < StatisticsModel::ColumnCount; ++column) {
            model.sort(column, Qt::AscendingOrder);
            model.sort(column, Qt::DescendingOrder);
            QCOMPARE(kept.data().toString(), total);
        }
        model.sort(StatisticsModel::Self, Qt::DescendingOrder);
        for (int row = 1; row < model.rowCount(); ++row)
            QVERIFY(model.row(row - 1)->self >= model.row(row)->self);
    }
    model.setFilter(QStringLiteral("no such thing"));
    QCOMPARE(model.rowCount(), 0);
    model.sort(0, Qt::AscendingOrder);
    model.setFilter({});
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    model.sort(3, Qt::AscendingOrder);
}

void TimelineViewTest::damagedRun()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->addSlices(run, 0, {{1'000, 0, 1, 0}, {1'000, 0, 2, 0}, {1'500, 700, 999'999, 0}});
    document::NodeChunkBuilder builder;
    builder.add({5'000, 10, 1, 0});
    std::vector<document::NodeChunkRow> bad{builder.take(run, 0)};
    bad[0].start.clear();
    QVERIFY(m_recording->writer().add<document::NodeChunkRow>(bad));
    show(run);
    QVERIFY(child<QLabel>("timelineNotice")->text().contains(QStringLiteral("damaged")));
    auto* canvas = child<TimelineCanvas>("timelineCanvas");
    canvas->viewport()->grab();
    const QPoint unknown = pointOf(timeline::TrackKind::Nodes, 0, 2);
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, unknown);
    QCOMPARE(m_selection->nodes().size(), 1U);
    QTRY_VERIFY(child<QTableView>("statisticsTable")->model()->rowCount() == 3);
}

void TimelineViewTest::closing()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 3);
    show(run);
    m_document->close();
    QVERIFY(child<TimelineCanvas>("timelineCanvas")->picture().timeline == nullptr);
    QCOMPARE(child<QTableView>("statisticsTable")->model()->rowCount(), 0);
    open();
    m_view.reset(); // while it reads
}

QTEST_MAIN(TimelineViewTest)
#include "timeline_view_test.moc"
