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
    void impossibleTimesGiveNothing();
    void viewEqualsChunks();
    void viewKnowsEveryBit();
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

void SlicesTest::impossibleTimesGiveNothing()
{
    NodeChunkBuilder builder;
    QVERIFY(builder.add({0, 1, 1, 0}));
    const NodeChunkRow sound = builder.take(1, 0);
    QCOMPARE(slicesOf(sound).size(), 1U);
    for (const std::int64_t unit :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
        NodeChunkRow row = sound;
        row.unit = unit;
        QVERIFY(slicesOf(row).empty());
    }
    for (const std::int64_t t0 :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        NodeChunkRow row = sound;
        row.t0 = t0;
        QVERIFY(slicesOf(row).empty());
    }
}

// Row by row, with numbers that need all 32 bits and the negative iterations of warm-ups.
void SlicesTest::viewKnowsEveryBit()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("d.jitscope")).toStdString();
    jitscope::Result<Writer> writer = Writer::create(path);
    NodeChunkBuilder builder;
    QVERIFY(builder.add({0, 4'000'000'000, 0xfedcba98U, -2}));
    QVERIFY(builder.add({1, 0x01234567, 1, std::numeric_limits<std::int32_t>::min()}));
    QVERIFY(builder.add({0x12345678, 9, 0xffffffffU, std::numeric_limits<std::int32_t>::max()}));
    QVERIFY(builder.add({3'999'999'999, 1, 0x80000000U, -1}));
    const NodeChunkRow row = builder.take(1, 0);
    QVERIFY(writer->add(std::span(&row, 1)).has_value());
    const jitscope::Result<Reader> reader = Reader::open(path);
    const auto table =
        reader->query("SELECT start, duration, node, iteration FROM node_slice").value();
    const std::vector<NodeSlice> slices = slicesOf(row);
    QCOMPARE(table.rows.size(), slices.size());
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const std::vector<std::string> expected{
            std::to_string(slices[i].start), std::to_string(slices[i].duration),
            std::to_string(slices[i].node), std::to_string(slices[i].iteration)};
        QCOMPARE(table.rows[i], expected);
    }
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
