// Both engines on shapes that are awkward: nothing may overlap, edges end at their ports, ranks go
// down.
#include "core/layout/automatic_layout.h"
#include "tests/core/layout/crossings.h"
#include "tests/core/layout/graph_text.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <random>

using namespace jitscope;
using layout::Graph;
using layout::Placement;

namespace {

Graph boxes(std::size_t count)
{
    Graph graph;
    for (std::size_t i = 0; i < count; ++i)
        graph.boxes.push_back(
            {{60.0 + static_cast<double>(i * 37 % 140), 26.0 + static_cast<double>(i * 13 % 60)}});
    return graph;
}

void join(Graph& graph, std::uint32_t from, std::uint32_t to, double fromShare = 0.5,
          double toShare = 0.5)
{
    graph.edges.push_back(
        {from, to, graph.boxes[from].size.width * fromShare, graph.boxes[to].size.width * toShare});
}

Graph randomGraph(std::uint32_t count, unsigned seed)
{
    std::mt19937 random(seed);
    Graph graph = boxes(count);
    for (std::uint32_t i = 1; i < count; ++i) {
        join(graph, i - 1 - random() % std::min<std::uint32_t>(i, 4), i, 0.3, 0.7);
        if (random() % 3 == 0)
            join(graph, random() % i, i, 0.6, 0.2);
    }
    return graph;
}

bool overlap(const Graph& graph, const Placement& p, std::size_t a, std::size_t b)
{
    return p.positions[a].x + graph.boxes[a].size.width > p.positions[b].x + 0.01 &&
           p.positions[b].x + graph.boxes[b].size.width > p.positions[a].x + 0.01 &&
           p.positions[a].y + graph.boxes[a].size.height > p.positions[b].y + 0.01 &&
           p.positions[b].y + graph.boxes[b].size.height > p.positions[a].y + 0.01;
}

QString checked(const Graph& graph, const Placement& p, bool isAcyclic)
{
    if (p.positions.size() != graph.boxes.size() || p.firstPoint.size() != graph.edges.size() + 1)
        return QStringLiteral("sizes");
    for (std::size_t a = 0; a < graph.boxes.size(); ++a) {
        if (p.positions[a].x < -0.01 || p.positions[a].y < -0.01 ||
            p.positions[a].x + graph.boxes[a].size.width > p.size.width + 0.01)
            return QStringLiteral("box %1 is out of the picture").arg(a);
        for (std::size_t b = a + 1; b < graph.boxes.size(); ++b) {
            if (overlap(graph, p, a, b))
                return QStringLiteral("boxes %1 and %2 overlap").arg(a).arg(b);
        }
    }
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        const layout::EdgeSpec& edge = graph.edges[e];
        const auto route = p.route(e);
        if (route.size() < 2)
            return QStringLiteral("edge %1 has no route").arg(e);
        const double fromX = p.positions[edge.from].x + edge.fromX;
        const double toX = p.positions[edge.to].x + edge.toX;
        const bool runsUp = p.ranks[edge.from] > p.ranks[edge.to]; // closes a cycle
        const double fromY =
            p.positions[edge.from].y + (runsUp ? 0 : graph.boxes[edge.from].size.height);
        const double toY = p.positions[edge.to].y + (runsUp ? graph.boxes[edge.to].size.height : 0);
        if (std::abs(route.front().x - fromX) > 0.01 || std::abs(route.front().y - fromY) > 0.01 ||
            std::abs(route.back().x - toX) > 0.01 || std::abs(route.back().y - toY) > 0.01)
            return QStringLiteral("edge %1 does not end at its ports").arg(e);
        if (isAcyclic && p.ranks[edge.from] >= p.ranks[edge.to])
            return QStringLiteral("edge %1 does not go down").arg(e);
    }
    return {};
}

} // namespace

class LayoutTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placesAwkwardGraphs_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<bool>("acyclic");
        const char* const names[] = {"one",   "disconnected", "multi-edges", "self-loop",
                                     "cycle", "skips",        "fan"};
        for (int i = 0; i < 7; ++i)
            QTest::newRow(names[i]) << i << (i != 3 && i != 4);
    }

    void placesAwkwardGraphs()
    {
        QFETCH(int, shape);
        QFETCH(bool, acyclic);
        Graph graph = boxes(shape == 0 ? 1 : 9);
        if (shape == 2) {
            for (int i = 0; i < 4; ++i)
                join(graph, 0, 1, 0.2 * i, 0.25 * i);
        } else if (shape == 3) {
            join(graph, 0, 1);
            join(graph, 1, 1, 0.3, 0.7);
        } else if (shape == 4) {
            for (std::uint32_t i = 0; i < 5; ++i)
                join(graph, i, (i + 1) % 5);
        } else if (shape == 5) {
            for (std::uint32_t i = 0; i < 8; ++i) {
                join(graph, i, i + 1);
                if (i < 6)
                    join(graph, i, i + 3, 0.8, 0.1);
            }
        } else if (shape == 6) {
            for (std::uint32_t i = 1; i < 8; ++i) {
                join(graph, 0, i, 0.1 * i);
                join(graph, i, 8, 0.5, 0.1 * i);
            }
            graph.boxes[0].pin = layout::Pin::Top;
            graph.boxes[8].pin = layout::Pin::Bottom;
        }
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QCOMPARE(checked(graph, *placement, acyclic), QString());
        const auto automatic = layout::AutomaticLayout().place(graph, {}); // dot where it is there
        QVERIFY(automatic.has_value());
        if (shape != 3)
            QCOMPARE(checked(graph, *automatic, false), QString());
    }

    void placesNothing()
    {
        const auto placement = layout::LayeredLayout().place({}, {});
        QVERIFY(placement.has_value());
        QCOMPARE(placement->size.width, 0.0);
    }

    void placesRandomGraphs()
    {
        for (unsigned seed = 0; seed < 60; ++seed) {
            const Graph graph = randomGraph(5 + seed * 2, seed);
            const auto placement = layout::LayeredLayout().place(graph, {});
            QVERIFY(placement.has_value());
            QCOMPARE(checked(graph, *placement, true), QString());
        }
    }

    void givesTheSamePictureAgain()
    {
        const Graph graph = randomGraph(300, 7);
        const auto first = layout::LayeredLayout().place(graph, {});
        const auto second = layout::LayeredLayout().place(graph, {});
        QVERIFY(first->positions == second->positions && first->points == second->points);
    }

    void keepsAChainStraightBesideItsReferences()
    {
        Graph graph;
        for (std::uint32_t i = 0; i < 400; ++i)
            graph.boxes.push_back({{100, 26}});
        for (std::uint32_t i = 1; i < 200; ++i) {
            graph.edges.push_back({i - 1, i, 50, 40});
            graph.edges.push_back({200 + i, i, 50, 60});
        }
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY2(placement->size.width < 4000, std::to_string(placement->size.width).c_str());
    }

    void survivesAHugeChain()
    {
        Graph graph = boxes(50'000);
        for (std::uint32_t i = 1; i < 50'000; ++i)
            join(graph, i - 1, i);
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QCOMPARE(placement->ranks.back(), 49'999U);
    }

    void keepsTheOrderWhenABoxGrows()
    {
        for (unsigned seed = 0; seed < 12; ++seed) {
            Graph graph = randomGraph(40, seed);
            for (const bool isDot : {false, true}) {
                const auto before =
                    isDot ? layout::DotLayout({}, std::chrono::seconds(20)).place(graph, {})
                          : layout::LayeredLayout().place(graph, {});
                if (!before)
                    continue; // dot is not installed
                Graph grown = graph;
                layout::BoxSpec& box = grown.boxes[7];
                for (layout::EdgeSpec& edge : grown.edges) { // ports move with the width
                    edge.fromX *= edge.from == 7 ? 5 : 1;
                    edge.toX *= edge.to == 7 ? 5 : 1;
                }
                box.size = {box.size.width * 5, box.size.height * 9};
                const auto after = layout::LayeredLayout().rearrange(grown, *before, {});
                QVERIFY(after.has_value());
                QCOMPARE(checked(grown, *after, true), QString());
                QVERIFY(after->ranks == before->ranks);
                for (std::size_t a = 0; a < graph.boxes.size(); ++a) {
                    for (std::size_t b = 0; b < graph.boxes.size(); ++b) {
                        if (before->ranks[a] == before->ranks[b] &&
                            before->positions[a].x < before->positions[b].x)
                            QVERIFY(after->positions[a].x < after->positions[b].x);
                    }
                }
            }
        }
    }

    void placesAnewWhatItHasNotSeen()
    {
        const Graph graph = randomGraph(20, 3);
        const auto other = layout::LayeredLayout().place(randomGraph(21, 3), {});
        const auto placement = layout::LayeredLayout().rearrange(graph, *other, {});
        QVERIFY(placement.has_value());
        QCOMPARE(checked(graph, *placement, true), QString());
    }

    void stopsWhenCancelled()
    {
        const CancelToken cancel;
        cancel.cancel();
        const Graph graph = randomGraph(500, 3);
        QCOMPARE(layout::LayeredLayout().place(graph, cancel).error().code, ErrorCode::Cancelled);
        QCOMPARE(layout::AutomaticLayout().place(graph, cancel).error().code, ErrorCode::Cancelled);
    }

    void killsALateDot()
    {
        QTemporaryDir folder;
        const QString program = folder.filePath(QStringLiteral("dot"));
        QFile file(program);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\nexec sleep 600\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        const layout::DotLayout late({}, std::chrono::milliseconds(50), program.toStdString());
        const auto placement = late.place(randomGraph(20, 1), {});
        QVERIFY(!placement.has_value());
        QCOMPARE(placement.error().code, ErrorCode::Unavailable);
    }

    void refusesAMissingOrStrangeDot()
    {
        const layout::DotLayout missing({}, std::chrono::milliseconds(500), "/nowhere/dot");
        QCOMPARE(missing.place(randomGraph(20, 1), {}).error().code, ErrorCode::Unavailable);
        const layout::DotLayout strange({}, std::chrono::milliseconds(5000),
                                        "cat"); // gives back what it reads
        QCOMPARE(strange.place(randomGraph(20, 1), {}).error().code, ErrorCode::Unavailable);
    }

    void countsCrossingsAsDrawn()
    {
        // Two boxes above two below: straight, then crossed; edges of one port are no pair.
        Graph graph;
        for (int i = 0; i < 4; ++i)
            graph.boxes.push_back({{100, 20}});
        graph.edges = {{0, 2, 50, 50}, {1, 3, 50, 50}};
        layout::Placement placement;
        placement.positions = {{0, 0}, {200, 0}, {0, 100}, {200, 100}};
        placement.firstPoint = {0, 2, 4};
        placement.points = {{50, 20}, {50, 100}, {250, 20}, {250, 100}};
        QCOMPARE(tests::countCrossings(graph, placement), std::size_t{0});
        placement.points = {{50, 20}, {250, 100}, {250, 20}, {50, 100}};
        QCOMPARE(tests::countCrossings(graph, placement), std::size_t{1});
        graph.edges = {{0, 2, 50, 50}, {0, 3, 50, 50}};
        QCOMPARE(tests::countCrossings(graph, placement), std::size_t{0});
        // The text of a graph gives the graph again.
        const auto again = tests::graphsOf(tests::toText({"a name", graph, 7}));
        QCOMPARE(again.size(), std::size_t{1});
        QCOMPARE(again[0].name, std::string("a name"));
        QCOMPARE(again[0].dotCrossings, std::size_t{7});
        QCOMPARE(again[0].graph.boxes.size(), std::size_t{4});
        QCOMPARE(again[0].graph.edges[1].to, 3U);
        QVERIFY(tests::graphsOf("graph 0 x\nedge 0 9 1 1\n").empty());
    }

    void dotKeepsToThePorts()
    {
        for (unsigned seed = 0; seed < 5; ++seed) {
            const Graph graph = randomGraph(30, seed);
            const auto placement = layout::DotLayout({}, std::chrono::seconds(20)).place(graph, {});
            if (!placement && placement.error().what.find("cannot be started") != std::string::npos)
                QSKIP("dot is not installed");
            QVERIFY2(placement.has_value(), placement ? "" : placement.error().message().c_str());
            QCOMPARE(checked(graph, *placement, true), QString());
        }
    }
};

QTEST_GUILESS_MAIN(LayoutTest)
#include "layout_test.moc"
