#include "core/timeline/run_times.h"
#include "core/timeline/statistics.h"

#include "core/timeline/lanes.h"
#include "core/timeline/run_loader.h"
#include "tests/core/timeline/recordings.h"

#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;
using namespace jitscope::timeline;

class StatisticsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void byNode();
    void byKindAndModule();
    void selfTimeOfNestedNodes();
    void rangeCutsSlices();
    void gpuTime();
    void timesOfNodesAndModules();
    void nothing();

private:
    static std::shared_ptr<const RunTimeline> recorded(test::RecordingDocument& document,
                                                       std::int64_t run);
    QTemporaryDir m_folder;
};

namespace {

const StatisticsRow* rowOf(const Statistics& statistics, ir::NodeKey node)
{
    for (const StatisticsRow& row : statistics.rows) {
        if (row.node == node)
            return &row;
    }
    return nullptr;
}

} // namespace

std::shared_ptr<const RunTimeline> StatisticsTest::recorded(test::RecordingDocument& document,
                                                            std::int64_t run)
{
    const auto reader = document::Reader::open(document.path());
    const auto nodes = document::NodeIndex::read(*reader);
    RunLoader loader(*reader, run);
    return *loader.read(*nodes, 1000, {});
}

void StatisticsTest::byNode()
{
    test::RecordingDocument document(m_folder.filePath(QStringLiteral("a.jitscope")).toStdString(),
                                     4);
    const std::int64_t run = document.addRun();
    document.record(run, 5);
    const auto timeline = recorded(document, run);
    const Statistics statistics = statisticsOf(*timeline, GroupBy::Node);
    QCOMPARE(statistics.rows.size(), document.graph().nodes.size());
    double share = 0;
    for (const ir::Node& node : document.graph().nodes) {
        const StatisticsRow* row = rowOf(statistics, node.key);
        QVERIFY(row != nullptr);
        QCOMPARE(row->count, 5); // without the warm-up
        std::int64_t total = 0;
        for (int iteration = 0; iteration < 5; ++iteration)
            total += document.durationOf(node, iteration);
        QCOMPARE(row->total, total);
        QCOMPARE(row->self, total);
        QCOMPARE(row->median, document.durationOf(node, 2));
        QCOMPARE(row->minimum, document.durationOf(node, 0));
        QCOMPARE(row->maximum, document.durationOf(node, 4));
        share += row->share;
    }
    QVERIFY(std::abs(share - 1) < 1e-9);
    for (std::size_t i = 1; i < statistics.rows.size(); ++i)
        QVERIFY(statistics.rows[i - 1].self >= statistics.rows[i].self);
}

void StatisticsTest::byKindAndModule()
{
    test::RecordingDocument document(m_folder.filePath(QStringLiteral("b.jitscope")).toStdString(),
                                     4);
    const std::int64_t run = document.addRun();
    document.record(run, 3);
    const auto timeline = recorded(document, run);
    const Statistics kinds = statisticsOf(*timeline, GroupBy::Kind);
    QCOMPARE(kinds.rows.size(), 5U);
    QCOMPARE(timeline->labels[kinds.rows[0].kind], std::string("aten::conv2d"));
    QCOMPARE(kinds.rows[0].count, 3 * 8);
    const Statistics modules = statisticsOf(*timeline, GroupBy::Module);
    const auto module = [&](std::string_view path) -> const StatisticsRow& {
        for (const StatisticsRow& row : modules.rows) {
            if (timeline->labels[row.modulePath] == path)
                return row;
        }
        qFatal("no such module");
    };
    QCOMPARE(module("layer1").count, 3);
    QCOMPARE(module("layer1.0.relu").count, 2 * 3);
    QCOMPARE(module("layer1").self + module("layer1.0").total + module("layer1.1").total,
             module("layer1").total);
}

void StatisticsTest::selfTimeOfNestedNodes()
{
    RunTimeline timeline;
    timeline.labels = {"", "prim::If", "aten::mul"};
    Track track;
    const std::vector<Slice> slices{{0, 100, 1, 1, 0},
                                    {10, 30, 2, 2, 0},
                                    {40, 45, 2, 2, 0},
                                    {100, 110, 2, 2, 0},
                                    {120, 120, 2, 3, 0}};
    track.lanes = nestedLanes(slices);
    timeline.tracks.push_back(track);
    const Statistics statistics = statisticsOf(timeline, GroupBy::Node);
    QCOMPARE(rowOf(statistics, 1)->total, 100);
    QCOMPARE(rowOf(statistics, 1)->self, 75);
    QCOMPARE(rowOf(statistics, 2)->count, 3);
    QCOMPARE(rowOf(statistics, 2)->total, 35);
    QCOMPARE(rowOf(statistics, 3)->count, 1); // of zero length
    QCOMPARE(statistics.self, 110);
}

void StatisticsTest::rangeCutsSlices()
{
    RunTimeline timeline;
    timeline.labels = {"", "prim::If", "aten::mul"};
    Track track;
    const std::vector<Slice> slices{
        {0, 100, 1, 1, -1}, {10, 30, 2, 2, -1}, {40, 45, 2, 2, -1}, {200, 210, 2, 4, 0}};
    track.lanes = nestedLanes(slices);
    timeline.tracks.push_back(track);
    QCOMPARE(statisticsOf(timeline, GroupBy::Node).rows.size(), 1U); // the rest is warm-up
    const Statistics part = statisticsOf(timeline, GroupBy::Node, TimeRange{20, 50});
    QCOMPARE(part.rows.size(), 2U);
    QCOMPARE(rowOf(part, 1)->total, 30);
    QCOMPARE(rowOf(part, 1)->self, 15);
    QCOMPARE(rowOf(part, 2)->total, 15);
    QCOMPARE(rowOf(part, 2)->count, 2);
    QCOMPARE(rowOf(part, 2)->minimum, 5);
    QVERIFY(statisticsOf(timeline, GroupBy::Node, TimeRange{150, 160}).rows.empty());
}

void StatisticsTest::gpuTime()
{
    test::RecordingDocument document(m_folder.filePath(QStringLiteral("c.jitscope")).toStdString(),
                                     2);
    const std::int64_t run = document.addRun();
    document.record(run, 2);
    document.recordGpu(run);
    const auto timeline = recorded(document, run);
    const ir::Node& node = document.graph().nodes[0];
    std::int64_t expected = 0;
    for (int iteration = 0; iteration < 2; ++iteration)
        expected += document.durationOf(node, iteration) / 2 - 12'000;
    const Statistics nodes = statisticsOf(*timeline, GroupBy::Node);
    QCOMPARE(rowOf(nodes, node.key)->gpu, expected);
    QCOMPARE(rowOf(nodes, document.graph().nodes[1].key)->gpu, 0);
    const Statistics modules = statisticsOf(*timeline, GroupBy::Module);
    for (const StatisticsRow& row : modules.rows) {
        if (timeline->labels[row.modulePath] == "layer1.0.conv1")
            QCOMPARE(row.gpu, expected);
        if (timeline->labels[row.modulePath] == "layer1")
            QVERIFY(row.gpu > expected);
    }
}

void StatisticsTest::timesOfNodesAndModules()
{
    test::RecordingDocument document(m_folder.filePath(QStringLiteral("t.jitscope")).toStdString(),
                                     2);
    const std::int64_t run = document.addRun();
    document.record(run, 3);
    const auto timeline = recorded(document, run);
    const RunTimes times(*timeline);
    const Statistics nodes = statisticsOf(*timeline, GroupBy::Node);
    QCOMPARE(times.run().id, run);
    QCOMPARE(times.all(), nodes.self);
    const StatisticsRow& first = nodes.rows[0];
    const StatisticsRow& second = nodes.rows[1];
    const TimeSpent both = times.ofNodes({first.node, second.node, 4'000'000});
    QCOMPARE(both.count, first.count + second.count);
    QCOMPARE(both.total, first.total + second.total);
    QCOMPARE(both.self, first.self + second.self);
    QVERIFY(times.wasExecuted(first.node) && !times.wasExecuted(4'000'000));
    QCOMPARE(times.ofNodes({}).count, 0);

    std::int64_t inModules = 0;
    for (const StatisticsRow& row : statisticsOf(*timeline, GroupBy::Module).rows) {
        const std::string& path = timeline->labels[row.modulePath];
        QCOMPARE(times.ofModule(path).total, row.total);
        if (path.find('.') == std::string::npos)
            inModules += row.total;
    }
    const TimeSpent root = times.ofModule({});
    QCOMPARE(root.count, 3); // the iterations, without the warm-up
    QVERIFY(root.total >= inModules);
    QCOMPARE(root.self, root.total - inModules);
    QCOMPARE(times.ofModule("no.such.module").count, 0);
    QCOMPARE(RunTimes(RunTimeline()).ofModule({}).count, 0);
}

void StatisticsTest::nothing()
{
    const RunTimeline timeline;
    for (const GroupBy by : {GroupBy::Node, GroupBy::Kind, GroupBy::Module}) {
        QVERIFY(statisticsOf(timeline, by).rows.empty());
        QVERIFY(statisticsOf(timeline, by, TimeRange{0, 100}).rows.empty());
    }
}

QTEST_GUILESS_MAIN(StatisticsTest)
#include "statistics_test.moc"
