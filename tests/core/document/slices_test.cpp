#include "core/document/node_chunk.h"
#include "core/document/reader.h"
#include "core/document/writer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace jitscope::document;

class SlicesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chunkRoundTrip();
    void fullChunksAreRefused();
    void timesThatDoNotFitAreRefused();
    void longSliceStandsAlone();
    void wrongSizesGiveNothing();
    void viewEqualsChunks();
};

namespace {

bool same(const NodeSlice& a, const NodeSlice& b)
{
    return a.start == b.start && a.duration == b.duration && a.node == b.node &&
           a.iteration == b.iteration;
}

} // namespace

void SlicesTest::chunkRoundTrip()
{
    NodeChunkBuilder builder;
    QVERIFY(builder.empty());
    const std::vector<NodeSlice> slices{
        {1000, 50, 7, 0}, {990, 200, 8, 0}, {2000, 0, 0xfffffffeU, -3}};
    for (const NodeSlice& slice : slices)
        QVERIFY(builder.add(slice));
    const NodeChunkRow row = builder.take(5, 2);
    QVERIFY(builder.empty());
    QCOMPARE(row.run, 5);
    QCOMPARE(row.thread, 2);
    QCOMPARE(row.t0, 990);
    QCOMPARE(row.t1, 2000);
    QCOMPARE(row.longest, 200);
    QCOMPARE(row.unit, 1);
    const std::vector<NodeSlice> read = slicesOf(row);
    QCOMPARE(read.size(), slices.size());
    for (std::size_t i = 0; i < read.size(); ++i)
        QVERIFY(same(read[i], slices[i]));
}

void SlicesTest::fullChunksAreRefused()
{
    NodeChunkBuilder builder;
    for (std::uint32_t i = 0; i < chunkCapacity; ++i)
        QVERIFY(builder.add({i, 1, i, 0}));
    QVERIFY(!builder.add({chunkCapacity, 1, 1, 0}));
    QCOMPARE(builder.take(1, 0).n, static_cast<std::int64_t>(chunkCapacity));
    QVERIFY(builder.add({0, 1, 1, 0}));
}

void SlicesTest::timesThatDoNotFitAreRefused()
{
    NodeChunkBuilder builder;
    QVERIFY(builder.add({0, 10, 1, 0}));
    QVERIFY(!builder.add({5'000'000'000, 10, 1, 0}));
    QVERIFY(builder.add({20, 10, 1, 0}));
}

void SlicesTest::longSliceStandsAlone()
{
    NodeChunkBuilder builder;
    QVERIFY(builder.add({123, 60'000'000'000, 1, 0})); // a minute
    const NodeChunkRow row = builder.take(1, 0);
    QCOMPARE(row.unit, 16);
    const std::vector<NodeSlice> read = slicesOf(row);
    QCOMPARE(read[0].start, 123);
    QVERIFY(read[0].duration <= 60'000'000'000 && read[0].duration > 60'000'000'000 - 16);
}

void SlicesTest::wrongSizesGiveNothing()
{
    NodeChunkBuilder builder;
    QVERIFY(builder.add({0, 1, 1, 0}));
    NodeChunkRow row = builder.take(1, 0);
    row.n = 2;
    QVERIFY(slicesOf(row).empty());
    row.n = -1;
    QVERIFY(slicesOf(row).empty());
    row.n = std::numeric_limits<std::int64_t>::max();
    QVERIFY(slicesOf(row).empty());
}

void SlicesTest::viewEqualsChunks()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("d.jitscope")).toStdString();
    jitscope::Result<Writer> writer = Writer::create(path);
    std::vector<NodeChunkRow> rows;
    std::int64_t total = 0;
    for (std::int64_t thread = 0; thread < 2; ++thread) {
        NodeChunkBuilder builder;
        for (std::uint32_t i = 0; i < chunkCapacity; ++i) {
            QVERIFY(builder.add({1'000'000'000'000LL + i * 1000, i * 37 % 65537, i,
                                 static_cast<std::int32_t>(i / 100)}));
            total += i * 37 % 65537;
        }
        rows.push_back(builder.take(3, thread));
    }
    QVERIFY(writer->add(std::span<const NodeChunkRow>(rows)).has_value());
    const jitscope::Result<Reader> reader = Reader::open(path);
    const auto sums =
        reader
            ->query(
                "SELECT count(*), sum(duration), min(start), max(node), max(iteration), min(run) "
                "FROM node_slice")
            .value()
            .rows[0];
    QCOMPARE(sums[0], std::to_string(2 * chunkCapacity));
    QCOMPARE(sums[1], std::to_string(total));
    QCOMPARE(sums[2], std::string("1000000000000"));
    QCOMPARE(sums[3], std::to_string(chunkCapacity - 1));
    QCOMPARE(sums[4], std::to_string((chunkCapacity - 1) / 100));
    QCOMPARE(sums[5], std::string("3"));
    const auto summaries = reader->chunkSummaries(3).value();
    QCOMPARE(summaries.size(), 2U);
    QVERIFY(summaries[0].start.empty());
    QCOMPARE(slicesOf(reader->chunk(summaries[1].id).value()).size(),
             static_cast<std::size_t>(chunkCapacity));
    QVERIFY(!reader->chunk(99).has_value());
}

QTEST_GUILESS_MAIN(SlicesTest)
#include "slices_test.moc"
