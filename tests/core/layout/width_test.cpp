// How wide pictures get: open boxes are as wide as pictures, and their ports are anywhere. Straight
// edges between them must not lead the picture aside; in ordinary scopes edges stay straight.
#include "core/layout/automatic_layout.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace jitscope;
using layout::Graph;
using layout::Placement;

namespace {

void addChain(Graph& graph, std::uint32_t count, double width, double inX, double outX)
{
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto box = static_cast<std::uint32_t>(graph.boxes.size());
        graph.boxes.push_back({{width, 300}});
        if (i > 0)
            graph.edges.push_back({box - 1, box, outX, inX});
    }
}

double widestRank(const Graph& graph, const Placement& placement)
{
    std::vector<double> widths(graph.boxes.size(), 0);
    for (std::size_t box = 0; box < graph.boxes.size(); ++box)
        widths[placement.ranks[box]] += graph.boxes[box].size.width;
    return *std::max_element(widths.begin(), widths.end());
}

std::size_t bends(const Graph& graph, const Placement& placement)
{
    std::size_t count = 0;
    for (std::size_t edge = 0; edge < graph.edges.size(); ++edge) {
        const auto route = placement.route(edge);
        for (std::size_t i = 0; i + 1 < route.size(); ++i)
            count += std::abs(route[i].x - route[i + 1].x) > 0.5 ? 1U : 0U;
    }
    return count;
}

QString misplaced(const Graph& graph, const Placement& placement)
{
    for (std::size_t a = 0; a < graph.boxes.size(); ++a) {
        for (std::size_t b = 0; b < graph.boxes.size(); ++b) {
            const double right = placement.positions[a].x + graph.boxes[a].size.width;
            if (a != b && placement.ranks[a] == placement.ranks[b] &&
                placement.positions[a].x <= placement.positions[b].x &&
                right > placement.positions[b].x)
                return QStringLiteral("boxes %1 and %2 overlap").arg(a).arg(b);
        }
    }
    return {};
}

// A few open boxes of 4000 in a row, each taking a value made at the very top as well, as layers of
// a decoder do; so those values pass beside all of the boxes before.
Graph layersWithSharedInputs()
{
    Graph graph;
    for (int i = 0; i < 4; ++i)
        graph.boxes.push_back({{90, 24}, layout::Pin::Top});
    for (std::uint32_t layer = 0; layer < 6; ++layer) {
        const auto box = static_cast<std::uint32_t>(graph.boxes.size());
        graph.boxes.push_back({{4000, 2500}});
        if (layer > 0)
            graph.edges.push_back({box - 1, box, 2800, 300});
        for (std::uint32_t input = 0; input < 4; ++input)
            graph.edges.push_back({input, box, 45, 420 + 110.0 * input});
    }
    return graph;
}

} // namespace

class WidthTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsOpenBoxesInOneColumn()
    {
        Graph graph;
        addChain(graph, 30, 2000, 200, 1700);
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QCOMPARE(placement->size.width, 2000.0); // straight edges would take 45500
    }

    void keepsSmallBoxesBesideThePortsOfTheirColumn()
    {
        // open - small - open ...: the small ones are straight below the port above them
        Graph graph;
        for (std::uint32_t i = 0; i < 21; ++i) {
            const bool isOpen = i % 2 == 0;
            graph.boxes.push_back({{isOpen ? 2000.0 : 80.0, isOpen ? 900.0 : 26.0}});
            if (i > 0)
                graph.edges.push_back({i - 1, i, isOpen ? 40.0 : 1700.0, isOpen ? 200.0 : 40.0});
        }
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QCOMPARE(placement->size.width, 2000.0);
        QCOMPARE(bends(graph, *placement), std::size_t{10}); // one for each small box
    }

    void leavesOrdinaryChainsStraight()
    {
        Graph graph;
        addChain(graph, 20, 100, 30, 50);
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QCOMPARE(bends(graph, *placement), std::size_t{0});
        QCOMPARE(placement->size.width, 100.0 + 19 * 20);
    }

    void boundsAnEndlessOrdinaryChain()
    {
        Graph graph;
        addChain(graph, 2000, 100, 30, 50);
        const auto placement = layout::LayeredLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QVERIFY2(placement->size.width < 1000, std::to_string(placement->size.width).c_str());
    }

    void putsOpenBoxesBelowOneAnotherDespiteTheirSharedInputs()
    {
        const Graph graph = layersWithSharedInputs();
        for (const bool usesDot : {false, true}) {
            const auto placement = layout::AutomaticLayout({}, usesDot).place(graph, {});
            QVERIFY(placement.has_value());
            QCOMPARE(misplaced(graph, *placement), QString());
            QVERIFY2(placement->size.width < 1.25 * 4000 + 600,
                     std::to_string(placement->size.width).c_str());
        }
    }

    void dotDoesNotSprawl()
    {
        Graph graph;
        addChain(graph, 30, 2000, 200, 1700);
        const auto placement = layout::AutomaticLayout().place(graph, {});
        QVERIFY(placement.has_value());
        QVERIFY2(placement->size.width <= 1.25 * 2000 + 600,
                 std::to_string(placement->size.width).c_str());
        QCOMPARE(misplaced(graph, *placement), QString());
    }

    void boundsRandomGraphsOfOpenBoxes()
    {
        for (unsigned seed = 0; seed < 40; ++seed) {
            std::mt19937 random(seed);
            Graph graph;
            for (std::uint32_t i = 0; i < 40; ++i) {
                const bool isOpen = random() % 3 == 0;
                const double width = isOpen ? 1000.0 + random() % 3000 : 60.0 + random() % 100;
                graph.boxes.push_back({{width, isOpen ? 800.0 : 26.0}});
                for (std::uint32_t k = 0; i > 0 && k <= random() % 2; ++k) {
                    const std::uint32_t from = i - 1 - random() % std::min<std::uint32_t>(i, 3);
                    graph.edges.push_back(
                        {from, i, graph.boxes[from].size.width * 0.8, width * (0.1 + 0.3 * k)});
                }
            }
            const auto placement = layout::LayeredLayout().place(graph, {});
            QVERIFY(placement.has_value());
            QCOMPARE(misplaced(graph, *placement), QString());
            QVERIFY2(placement->size.width < 2 * widestRank(graph, *placement) + 600,
                     std::to_string(seed).c_str());
        }
    }

    // As when a person opens the boxes of a chain one after the other.
    void keepsTheOrderWhileAChainIsOpened()
    {
        Graph graph;
        for (std::uint32_t i = 0; i < 12; ++i) {
            graph.boxes.push_back({{140, 44}});
            if (i > 0)
                graph.edges.push_back({i - 1, i, 70, 47});
        }
        for (std::uint32_t i = 1; i < 12; ++i) { // a reference beside each, and a skip
            const auto box = static_cast<std::uint32_t>(graph.boxes.size());
            graph.boxes.push_back({{60, 20}});
            graph.edges.push_back({box, i, 30, 93});
            if (i + 2 < 12)
                graph.edges.push_back({i, i + 2, 70, 93});
        }
        const auto before = layout::LayeredLayout().place(graph, {});
        QVERIFY(before.has_value());
        Graph opened = graph;
        for (std::uint32_t box = 1; box < 12; ++box) {
            opened.boxes[box].size = {1800, 700};
            for (layout::EdgeSpec& edge : opened.edges) {
                if (edge.from == box)
                    edge.fromX = 1500;
                if (edge.to == box)
                    edge.toX = edge.toX < 50 ? 250 : 700;
            }
            const auto after = layout::LayeredLayout().rearrange(opened, *before, {});
            QVERIFY(after.has_value());
            QVERIFY(after->ranks == before->ranks);
            QCOMPARE(misplaced(opened, *after), QString());
            for (std::size_t a = 0; a < graph.boxes.size(); ++a) {
                for (std::size_t b = 0; b < graph.boxes.size(); ++b) {
                    if (before->ranks[a] == before->ranks[b] &&
                        before->positions[a].x < before->positions[b].x)
                        QVERIFY(after->positions[a].x < after->positions[b].x);
                }
            }
            QVERIFY2(after->size.width < 1.25 * (1800 + 60 + 28) + 600,
                     std::to_string(after->size.width).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(WidthTest)
#include "width_test.moc"
