#include "core/timeline/run_loader.h"

#include "tests/core/timeline/recordings.h"

#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;
using namespace jitscope::timeline;

class RunLoaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void wholeRun();
    void inParts();
    void stillRecording();
    void gpuActivity();
    void realGpuActivity_data();
    void realGpuActivity();
    void nestedNodes();
    void runWithoutRows();
    void noSuchRun();
    void damagedChunks();
    void nodesMissingFromTheTable();
    void recordsWithoutTime();
    void cancelledReading();

private:
    std::shared_ptr<const RunTimeline> read(std::int64_t run);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_path;
};

namespace {

const Track* find(const RunTimeline& timeline, TrackKind kind)
{
    for (const Track& track : timeline.tracks) {
        if (track.kind == kind)
            return &track;
    }
    return nullptr;
}

std::vector<document::NodeSlice> consecutive(std::size_t count, std::int64_t start)
{
    std::vector<document::NodeSlice> slices;
    for (std::size_t i = 0; i < count; ++i)
        slices.push_back({start + 10 * static_cast<std::int64_t>(i), 8, 1, 0});
    return slices;
}

} // namespace

void RunLoaderTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath(QStringLiteral("run.jitscope")).toStdString();
}

std::shared_ptr<const RunTimeline> RunLoaderTest::read(std::int64_t run)
{
    const auto reader = document::Reader::open(m_path);
    if (!reader)
        qFatal("%s", reader.error().message().c_str());
    const auto nodes = document::NodeIndex::read(*reader);
    if (!nodes)
        qFatal("%s", nodes.error().message().c_str());
    RunLoader loader(*reader, run);
    const auto timeline = loader.read(*nodes, 1000, {});
    if (!timeline)
        qFatal("%s", timeline.error().message().c_str());
    return *timeline;
}

void RunLoaderTest::wholeRun()
{
    test::RecordingDocument document(m_path, 4);
    const std::int64_t run = document.addRun();
    const std::int64_t end = document.record(run, 3);
    const auto timeline = read(run);
    QVERIFY(timeline->isComplete);
    QVERIFY(timeline->problems.empty());
    QCOMPARE(timeline->tracks.size(), 3U);
    QCOMPARE(timeline->range.start, 1'000'000'000);
    QVERIFY(timeline->range.end <= end);

    const Track* iterations = find(*timeline, TrackKind::Iterations);
    QVERIFY(iterations != nullptr);
    QCOMPARE(iterations->lanes.size(), 1U);
    QCOMPARE(timeline->label(iterations->lanes[0].slices()[0]), std::string("warm-up 1"));
    QCOMPARE(timeline->label(iterations->lanes[0].slices()[3]), std::string("iteration 2"));
    QCOMPARE(timeline->iterationAt(iterations->lanes[0].slices()[3].start)->number, 2);
    QVERIFY(timeline->iterationAt(0) == nullptr);

    const Track* nodes = find(*timeline, TrackKind::Nodes);
    QCOMPARE(nodes->lanes.size(), 1U);
    QCOMPARE(nodes->lanes[0].slices().size(), 4 * document.graph().nodes.size());
    const Slice& first = nodes->lanes[0].slices()[0];
    QCOMPARE(timeline->label(first), std::string("aten::conv2d"));
    QCOMPARE(timeline->labels[timeline->nodes.at(first.node).modulePath],
             std::string("layer1.0.conv1"));

    const Track* modules = find(*timeline, TrackKind::Modules);
    QCOMPARE(modules->lanes.size(), 3U);
    // Of one pass: layer1, layer2, fc; two blocks in each layer; six calls in each block.
    QCOMPARE(modules->lanes[0].slices().size(), 4U * 3);
    QCOMPARE(modules->lanes[1].slices().size(), 4U * 4);
    QCOMPARE(modules->lanes[2].slices().size(), 4U * 4 * 6);
    QCOMPARE(timeline->label(modules->lanes[1].slices()[1]), std::string("layer1.1"));
}

void RunLoaderTest::inParts()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    document.addSlices(run, 0, consecutive(3 * document::chunkCapacity + 5, 1'000));
    const auto reader = document::Reader::open(m_path);
    const auto nodes = document::NodeIndex::read(*reader);
    RunLoader loader(*reader, run);
    auto timeline = *loader.read(*nodes, 1, {});
    QVERIFY(!timeline->isComplete);
    QCOMPARE(timeline->sliceCount, std::size_t{document::chunkCapacity});
    QCOMPARE(timeline->unreadCount, 2U * document::chunkCapacity + 5);
    const Track* track = find(*timeline, TrackKind::Nodes);
    QCOMPARE(track->unread.size(), 3U);
    QCOMPARE(track->unread[0].count, std::int64_t{document::chunkCapacity});
    QCOMPARE(track->unread[0].longest, 8);
    QCOMPARE(timeline->range.end, 1'000 + 10 * (3 * std::int64_t{document::chunkCapacity} + 4) + 8);
    timeline = *loader.read(*nodes, 2, {});
    QVERIFY(!timeline->isComplete);
    timeline = *loader.read(*nodes, 2, {});
    QVERIFY(timeline->isComplete);
    QCOMPARE(timeline->unreadCount, 0U);
    QCOMPARE(find(*timeline, TrackKind::Nodes)->lanes[0].slices().size(),
             3U * document::chunkCapacity + 5);
}

void RunLoaderTest::stillRecording()
{
    test::RecordingDocument document(m_path, 2);
    const std::int64_t run = document.addRun("recording");
    const auto reader = document::Reader::open(m_path);
    const auto nodes = document::NodeIndex::read(*reader);
    RunLoader loader(*reader, run);
    auto timeline = *loader.read(*nodes, 10, {});
    QVERIFY(timeline->isEmpty());
    QVERIFY(timeline->isComplete);
    QCOMPARE(timeline->range.duration(), 0);
    document.record(run, 2);
    document.recordGpu(run);
    timeline = *loader.read(*nodes, 10, {});
    const std::size_t before = timeline->sliceCount;
    QCOMPARE(before, 3 * document.graph().nodes.size());
    // The next ones begin earlier on another thread, and later on this one.
    document.addSlices(run, 1, consecutive(5, 500));
    document.addSlices(run, 0, consecutive(5, 9'000'000'000));
    document.setState(run, "done");
    timeline = *loader.read(*nodes, 10, {});
    QCOMPARE(timeline->sliceCount, before + 10);
    QCOMPARE(timeline->run.state, std::string("done"));
    QCOMPARE(timeline->range.start, 500);
    // Nothing is read twice.
    timeline = *loader.read(*nodes, 10, {});
    QCOMPARE(timeline->sliceCount, before + 10);
    QCOMPARE(find(*timeline, TrackKind::Gpu)->lanes[0].slices().size(), 3U * 4);
}

void RunLoaderTest::gpuActivity()
{
    test::RecordingDocument document(m_path, 2);
    const std::int64_t run = document.addRun();
    document.record(run, 1);
    document.recordGpu(run);
    std::vector<document::MemcpyRow> copies(1);
    copies[0].run = run;
    copies[0].start = 900'000'000;
    copies[0].end = 900'010'000;
    copies[0].deviceId = 1;
    copies[0].copyKind = 1;
    QVERIFY(document.writer().add<document::MemcpyRow>(copies));
    const auto timeline = read(run);
    const Track* kernels = find(*timeline, TrackKind::Gpu);
    QCOMPARE(kernels->title, std::string("GPU 0, stream 7"));
    QCOMPARE(timeline->label(kernels->lanes[0].slices()[0]),
             std::string("implicit_convolve_sgemm"));
    QCOMPARE(kernels->lanes[0].slices()[0].node, document.graph().nodes[0].key);
    const Track& copy = timeline->tracks.back();
    QCOMPARE(copy.title, std::string("GPU 1, stream 0"));
    QCOMPARE(timeline->label(copy.lanes[0].slices()[0]), std::string("copy host to device"));
    const Track* calls = find(*timeline, TrackKind::Runtime);
    QCOMPARE(calls->title, std::string("CUDA calls, thread 4711"));
    QCOMPARE(timeline->range.start, 900'000'000);
}

void RunLoaderTest::realGpuActivity_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<std::size_t>("kernels"); // of all iterations, as PyTorch's profiler counts
    QTest::addColumn<QStringList>("kinds");   // of nodes that launched them
    QTest::newRow("residual_cnn_scripted")
        << QStringLiteral("residual_cnn_scripted") << std::size_t{5 * 57}
        << QStringList{QStringLiteral("aten::adaptive_avg_pool2d"),
                       QStringLiteral("aten::batch_norm"), QStringLiteral("aten::conv2d"),
                       QStringLiteral("aten::linear")};
    QTest::newRow("pointwise") << QStringLiteral("pointwise") << std::size_t{5}
                               << QStringList{QStringLiteral("prim::TensorExprGroup")};
}

// As an H100 did it: every kernel leads to its node, and from there to a line.
void RunLoaderTest::realGpuActivity()
{
    QFETCH(const QString, model);
    QFETCH(const std::size_t, kernels);
    QFETCH(const QStringList, kinds);
    test::copyGpuRecording(model.toStdString(), m_path);
    const auto timeline = read(1);
    QVERIFY(timeline->problems.empty());
    const auto reader = document::Reader::open(m_path);
    const auto nodes = document::NodeIndex::read(*reader);
    QVERIFY(nodes);
    const Track* stream = find(*timeline, TrackKind::Gpu);
    QVERIFY(stream != nullptr);
    QCOMPARE(stream->title, std::string("GPU 0, stream 7"));
    QCOMPARE(stream->lanes.size(), 1U); // one after the other
    QCOMPARE(stream->lanes[0].slices().size(), kernels);
    QSet<QString> seen;
    for (const Slice& slice : stream->lanes[0].slices()) {
        QVERIFY(slice.end > slice.start);
        QVERIFY(!timeline->label(slice).empty());
        const document::NamedNode* node = nodes->node(slice.node);
        QVERIFY(node != nullptr);
        seen.insert(QString::fromStdString(node->kind));
        const auto origins = nodes->origins(node->key);
        QVERIFY(node->line > 0 ||
                std::any_of(origins.begin(), origins.end(), [&](const document::NodeRef& origin) {
                    const document::NamedNode* loaded = nodes->node(origin.loaded);
                    return loaded != nullptr && loaded->line > 0;
                }));
        QVERIFY(std::any_of(timeline->iterations.begin(), timeline->iterations.end(),
                            [&](const document::IterationRow& iteration) {
                                return iteration.number >= 0 && iteration.start <= slice.start &&
                                       slice.end <= iteration.end;
                            }));
    }
    for (const QString& kind : kinds)
        QVERIFY2(seen.contains(kind), qPrintable(kind));
    QVERIFY(find(*timeline, TrackKind::Runtime) != nullptr);
}

void RunLoaderTest::nestedNodes()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    // In order of their end, the block's owner last, in a later chunk than its nodes.
    document.addSlices(run, 0, {{1'000, 10, 1, 0}, {1'020, 10, 2, 0}});
    document.addSlices(run, 0, {{990, 100, 3, 0}});
    const auto timeline = read(run);
    const Track* nodes = find(*timeline, TrackKind::Nodes);
    QCOMPARE(nodes->lanes.size(), 2U);
    QCOMPARE(nodes->lanes[0].slices()[0].node, 3U);
    QCOMPARE(nodes->lanes[1].slices().size(), 2U);
}

void RunLoaderTest::runWithoutRows()
{
    test::RecordingDocument document(m_path, 1);
    const auto timeline = read(document.addRun("failed"));
    QVERIFY(timeline->isEmpty());
    QVERIFY(timeline->isComplete);
    QVERIFY(timeline->problems.empty());
    QCOMPARE(timeline->run.state, std::string("failed"));
}

void RunLoaderTest::noSuchRun()
{
    test::RecordingDocument document(m_path, 1);
    const auto reader = document::Reader::open(m_path);
    RunLoader loader(*reader, 42);
    const auto timeline = loader.read({}, 10, {});
    QVERIFY(!timeline);
    QCOMPARE(timeline.error().code, ErrorCode::InvalidArgument);
    QVERIFY(timeline.error().what.find("42") != std::string::npos);
}

void RunLoaderTest::damagedChunks()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    document.addSlices(run, 0, consecutive(3, 1'000));
    document::NodeChunkBuilder builder;
    builder.add({5'000, 10, 1, 0});
    builder.add({5'020, 10, 2, 0});
    const document::NodeChunkRow good = builder.take(run, 0);
    std::vector<document::NodeChunkRow> bad(6, good);
    bad[0].duration.resize(7);
    bad[1].node.clear();
    bad[2].n = 1'000'000'000;
    bad[3].t0 = std::numeric_limits<std::int64_t>::max() - 5;
    bad[3].t1 = std::numeric_limits<std::int64_t>::max();
    bad[4].unit = std::int64_t{1} << 60;
    bad[5].n = -1;
    QVERIFY(document.writer().add<document::NodeChunkRow>(bad));
    const auto timeline = read(run);
    QVERIFY(timeline->isComplete);
    QCOMPARE(timeline->sliceCount, 3U);
    QCOMPARE(timeline->problems.size(), 6U);
    QVERIFY(timeline->problems[0].find("damaged") != std::string::npos);
    QVERIFY(timeline->range.end < 2'000);
}

void RunLoaderTest::nodesMissingFromTheTable()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    document.addSlices(run, 0, {{1'000, 10, 1, 0}, {1'020, 10, 777'777, 0}, {1'040, 10, 0, 0}});
    const auto timeline = read(run);
    QCOMPARE(timeline->problems.size(), 1U);
    QVERIFY(timeline->problems[0].find("2 executed nodes") != std::string::npos);
    const Track* nodes = find(*timeline, TrackKind::Nodes);
    QVERIFY(timeline->label(nodes->lanes[0].slices()[1]).empty());

    // They may come later, with the stage that has them.
    const auto reader = document::Reader::open(m_path);
    const auto index = document::NodeIndex::read(*reader);
    RunLoader loader(*reader, run);
    QCOMPARE((*loader.read({}, 10, {}))->problems.size(), 1U);
    const auto named = *loader.read(*index, 10, {});
    QCOMPARE(named->label(find(*named, TrackKind::Nodes)->lanes[0].slices()[0]),
             std::string("aten::conv2d"));
}

void RunLoaderTest::recordsWithoutTime()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    std::vector<document::KernelRow> kernels(3);
    for (document::KernelRow& kernel : kernels)
        kernel.run = run;
    kernels[1].start = 10;
    kernels[1].end = 5;
    kernels[2].start = 10;
    kernels[2].end = 10;
    QVERIFY(document.writer().add<document::KernelRow>(kernels));
    const auto timeline = read(run);
    QCOMPARE(find(*timeline, TrackKind::Gpu)->lanes[0].slices().size(), 1U);
    QCOMPARE(timeline->problems.size(), 1U);
    QVERIFY(timeline->problems[0].find("2 GPU records") != std::string::npos);
}

void RunLoaderTest::cancelledReading()
{
    test::RecordingDocument document(m_path, 1);
    const std::int64_t run = document.addRun();
    document.record(run, 1);
    const auto reader = document::Reader::open(m_path);
    RunLoader loader(*reader, run);
    CancelToken cancel;
    cancel.cancel();
    const auto timeline = loader.read({}, 10, cancel);
    QVERIFY(!timeline);
    QCOMPARE(timeline.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(RunLoaderTest)
#include "run_loader_test.moc"
