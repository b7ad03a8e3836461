#include "core/timeline/lanes.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace jitscope::timeline;

class LanesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nestingByContainment();
    void zeroLengthSlices();
    void partialOverlapKeepsLanesFree();
    void packingReusesLanes();
    void modulesOfConsecutiveNodes();
    void modulesEndWithIterations();
    void boxesEqualBruteForce();
    void boxesAreFewWhenFarOut();
    void hitting();
    void emptyLane();
};

namespace {

void requireFree(const std::vector<Lane>& lanes)
{
    for (const Lane& lane : lanes) {
        for (std::size_t i = 1; i < lane.slices().size(); ++i)
            QVERIFY(lane.slices()[i].start >= lane.slices()[i - 1].end);
    }
}

std::vector<Slice> randomSlices(std::size_t count, std::int64_t shortest, std::int64_t longest)
{
    std::mt19937 random(7);
    std::uniform_int_distribution<std::int64_t> duration(shortest, longest);
    std::vector<Slice> slices;
    std::int64_t now = 1'000'000'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t length = i % 97 == 0 ? 50 * longest : duration(random);
        slices.push_back({now, now + length, 0, static_cast<std::uint32_t>(i + 1), 0});
        now += length + duration(random) / 3;
    }
    return slices;
}

} // namespace

void LanesTest::nestingByContainment()
{
    const std::vector<Slice> slices{{0, 100, 0, 1, 0},
                                    {10, 50, 0, 2, 0},
                                    {20, 30, 0, 3, 0},
                                    {50, 60, 0, 4, 0},
                                    {100, 110, 0, 5, 0}};
    const std::vector<Lane> lanes = nestedLanes(slices);
    QCOMPARE(lanes.size(), 3U);
    QCOMPARE(lanes[0].slices().size(), 2U);
    QCOMPARE(lanes[1].slices().size(), 2U);
    QCOMPARE(lanes[2].slices().front().node, 3U);
}

void LanesTest::zeroLengthSlices()
{
    std::vector<Slice> slices{
        {10, 10, 0, 1, 0}, {10, 10, 0, 2, 0}, {10, 20, 0, 3, 0}, {20, 20, 0, 4, 0}};
    std::sort(slices.begin(), slices.end(), comesBefore);
    const std::vector<Lane> lanes = nestedLanes(slices);
    requireFree(lanes);
    std::size_t count = 0;
    for (const Lane& lane : lanes)
        count += lane.slices().size();
    QCOMPARE(count, 4U);
    std::vector<Box> boxes;
    for (const Lane& lane : lanes)
        lane.boxes({0, 100}, 1, boxes);
    std::size_t seen = 0;
    for (const Box& box : boxes)
        seen += box.count;
    QCOMPARE(seen, 4U);
}

void LanesTest::partialOverlapKeepsLanesFree()
{
    const std::vector<Slice> slices{
        {0, 10, 0, 1, 0}, {5, 20, 0, 2, 0}, {12, 15, 0, 3, 0}, {20, 25, 0, 4, 0}};
    const std::vector<Lane> lanes = nestedLanes(slices);
    requireFree(lanes);
    QCOMPARE(lanes[0].slices().size(), 2U);
}

void LanesTest::packingReusesLanes()
{
    const std::vector<Slice> slices{
        {0, 10, 0, 1, 0}, {5, 20, 0, 2, 0}, {12, 30, 0, 3, 0}, {20, 25, 0, 4, 0}};
    const std::vector<Lane> lanes = packedLanes(slices);
    requireFree(lanes);
    QCOMPARE(lanes.size(), 2U);
    QVERIFY(packedLanes({}).empty());
}

void LanesTest::modulesOfConsecutiveNodes()
{
    const std::vector<std::string> paths{"layer1.0.conv1", "layer1.0.bn1", "layer1.0.bn1",
                                         "layer1.1.conv1", "layer10",      "",
                                         "layer10"};
    std::vector<Slice> nodes;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto start = static_cast<std::int64_t>(10 * i);
        nodes.push_back({start, start + 8, 0, static_cast<std::uint32_t>(i + 1), 0});
    }
    // A constant without a module between two nodes of one: does not part them.
    nodes.insert(nodes.begin() + 2, Slice{18, 19, 0, 99, 0});
    std::vector<std::string> labels;
    const std::vector<Lane> lanes = moduleLanes(
        nodes,
        [&](const Slice& slice) { return slice.node == 99 ? nullptr : &paths[slice.node - 1]; },
        [&](std::string_view path) {
            labels.emplace_back(path);
            return static_cast<std::uint32_t>(labels.size() - 1);
        });
    const auto describe = [&](std::size_t depth) {
        std::string text;
        for (const Slice& slice : lanes[depth].slices())
            text += labels[slice.label] + " " + std::to_string(slice.start) + "-" +
                    std::to_string(slice.end) + "; ";
        return text;
    };
    QCOMPARE(lanes.size(), 3U);
    QCOMPARE(describe(0), std::string("layer1 0-38; layer10 40-48; layer10 60-68; "));
    QCOMPARE(describe(1), std::string("layer1.0 0-28; layer1.1 30-38; "));
    QCOMPARE(describe(2),
             std::string("layer1.0.conv1 0-8; layer1.0.bn1 10-28; layer1.1.conv1 30-38; "));
    requireFree(lanes);
}

void LanesTest::modulesEndWithIterations()
{
    const std::string path = "fc";
    const std::vector<Slice> nodes{{0, 5, 0, 1, 0}, {10, 15, 0, 1, 1}};
    const std::vector<Lane> lanes = moduleLanes(
        nodes, [&](const Slice&) { return &path; }, [](std::string_view) { return 0U; });
    QCOMPARE(lanes.size(), 1U);
    QCOMPARE(lanes[0].slices().size(), 2U);
    QCOMPARE(lanes[0].slices()[1].iteration, 1);
}

// Every slice of the range is in exactly one box, and each box tells the truth about its slices.
void LanesTest::boxesEqualBruteForce()
{
    const Lane lane(randomSlices(20'000, 0, 900));
    const std::int64_t first = lane.slices().front().start;
    const std::int64_t last = lane.slices().back().end;
    std::vector<Box> boxes;
    for (const double resolution : {0.1, 3.0, 777.0, 12'345.6, 1e6}) {
        for (const TimeRange range :
             {TimeRange{first, last + 1}, TimeRange{first + 12'345, first + 999'999}}) {
            boxes.clear();
            lane.boxes(range, resolution, boxes);
            QVERIFY(!boxes.empty());
            std::size_t next = boxes.front().first;
            QVERIFY(next == 0 || lane.slices()[next - 1].end <= range.start);
            for (const Box& box : boxes) {
                QCOMPARE(box.first, next);
                std::int64_t busy = 0;
                std::int64_t longest = 0;
                for (std::size_t i = box.first; i < box.first + box.count; ++i) {
                    busy += lane.slices()[i].duration();
                    longest = std::max(longest, lane.slices()[i].duration());
                    QVERIFY(box.count == 1 ||
                            static_cast<double>(lane.slices()[i].duration()) < resolution);
                }
                QCOMPARE(box.busy, busy);
                QCOMPARE(lane.slices()[box.longest].duration(), longest);
                QCOMPARE(box.end, lane.slices()[box.first + box.count - 1].end);
                next = box.first + box.count;
            }
            QVERIFY(next == lane.slices().size() || lane.slices()[next].start >= range.end);
        }
    }
}

void LanesTest::boxesAreFewWhenFarOut()
{
    const Lane lane(randomSlices(300'000, 0, 900));
    std::vector<Box> boxes;
    const TimeRange all{lane.slices().front().start, lane.slices().back().end};
    lane.boxes(all, static_cast<double>(all.duration()) / 1600, boxes);
    QVERIFY(boxes.size() <= 2 * 1600 + 2);
}

void LanesTest::hitting()
{
    const Lane lane({{100, 110, 0, 1, 0}, {120, 120, 0, 2, 0}});
    QCOMPARE(*lane.at(105, 0), 0U);
    QCOMPARE(*lane.at(119, 2), 1U);
    QCOMPARE(*lane.at(112, 5), 0U);
    QVERIFY(!lane.at(115, 1));
    QCOMPARE(*lane.at(98, 3), 0U);
    QVERIFY(!lane.at(98, 1));
}

void LanesTest::emptyLane()
{
    const Lane lane;
    std::vector<Box> boxes;
    lane.boxes({0, 10}, 1, boxes);
    QVERIFY(boxes.empty());
    QVERIFY(!lane.at(5, 100));
}

QTEST_GUILESS_MAIN(LanesTest)
#include "lanes_test.moc"
