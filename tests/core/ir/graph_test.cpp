#include "core/ir/counts.h"
#include "core/ir/graph.h"
#include "tests/core/ir/graph_builder.h"

#include <QTest>

using namespace jitscope;

namespace {

// Conditions within conditions.
ir::Graph nested(int depth)
{
    test::GraphBuilder builder;
    for (int i = 0; i < depth; ++i)
        builder.open(builder.node("prim::If", {}, {}));
    for (int i = 0; i < depth; ++i)
        builder.close({});
    return builder.finish({});
}

} // namespace

class GraphTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsFollowTheRules();
    void usesAreCompleteAndInOrder();
    void damageIsNoticed_data();
    void damageIsNoticed();
    void copiesHaveStringsOfTheirOwn();
};

void GraphTest::countsFollowTheRules()
{
    const ir::Graph graph = test::sampleGraph();
    QVERIFY(graph.isConsistent());
    const ir::Counts counts = ir::count(graph);
    QCOMPARE(counts.nodes, 7U);
    QCOMPARE(counts.blocks, 4U);  // its own, two branches, the loop's body
    QCOMPARE(counts.values, 10U); // 2 inputs, 2 of the loop's body, 6 outputs
    QCOMPARE(counts.uses, 14U);   // 1 + 1 + 3 + 3 + 1 inputs, 1 + 1 + 2 + 1 returns
    QCOMPARE(counts.withSource, 3U);
    const auto kinds = ir::countKinds(graph);
    QCOMPARE(kinds.at("prim::Constant"), 2U);
    QCOMPARE(kinds.at("aten::relu"), 1U);
    QCOMPARE(kinds.size(), 6U);
}

void GraphTest::usesAreCompleteAndInOrder()
{
    const ir::Graph graph = test::sampleGraph();
    const ir::UseIndex uses(graph);
    const ir::ValueId x = graph.parametersOf(graph.blocks[0])[0];
    QCOMPARE(uses.of(x).size(), 2U); // the relu and the loop
    QCOMPARE(graph.kind(graph.nodes[uses.of(x)[0].node]), std::string_view("aten::relu"));
    QCOMPARE(graph.kind(graph.nodes[uses.of(x)[1].node]), std::string_view("prim::Loop"));
    QCOMPARE(uses.of(x)[1].index, 2U);
    std::size_t total = 0;
    for (ir::ValueId value = 0; value < graph.values.size(); ++value) {
        for (const ir::Use& use : uses.of(value)) {
            const ir::ValueId used = use.node != ir::none
                                         ? graph.inputsOf(graph.nodes[use.node])[use.index]
                                         : graph.returnsOf(graph.blocks[use.block])[use.index];
            QCOMPARE(used, value);
            ++total;
        }
    }
    QCOMPARE(total, ir::count(graph).uses);
    QVERIFY(uses.of(ir::none - 1).empty());
    QVERIFY(uses.of(ir::none).empty());
    QVERIFY(uses.of(static_cast<ir::ValueId>(graph.values.size())).empty());
}

void GraphTest::damageIsNoticed_data()
{
    QTest::addColumn<int>("damage");
    for (int damage = 0; damage < 13; ++damage)
        QTest::addRow("%d", damage) << damage;
}

void GraphTest::damageIsNoticed()
{
    QFETCH(int, damage);
    ir::Graph graph = test::sampleGraph();
    switch (damage) {
    case 0:
        graph.blocks.clear();
        break;
    case 1:
        graph.inputs[0] = 1000;
        break;
    case 2:
        graph.nodes[2].outputs.count = 0xffffffff;
        break;
    case 3:
        graph.nodeBlocks[1] = graph.nodeBlocks[0]; // a block with two owners
        break;
    case 4:
        std::swap(graph.blockNodes[0], graph.blockNodes[1]);
        break;
    case 5:
        graph.nodes[3].owner = 0;
        break;
    case 6:
        graph.nodeBlocks[0] = 0; // a block within itself
        break;
    case 7:
        graph.values[0].block = 77;
        break;
    case 8:
        graph.nodes[0].attributes.first = 0xfffffff0;
        break;
    case 9:
        graph.nodes[0].kind = 5000; // a string that is not there
        break;
    case 10:
        graph.values[0].type = 5000;
        break;
    case 11: // each node claims all inputs: few bytes, much work
        for (ir::Node& node : graph.nodes)
            node.inputs = {0, static_cast<std::uint32_t>(graph.inputs.size())};
        break;
    default:
        graph = nested(2000);
        break;
    }
    QVERIFY(!graph.isConsistent());
    QVERIFY(nested(200).isConsistent());
}

void GraphTest::copiesHaveStringsOfTheirOwn()
{
    ir::Graph copy;
    {
        const ir::Graph graph = test::sampleGraph();
        copy = graph;
    }
    QCOMPARE(copy.kind(copy.nodes[2]), std::string_view("prim::If"));
    QCOMPARE(copy.strings.find("prim::If"), copy.nodes[2].kind);
    QCOMPARE(copy.strings.at(123456), std::string_view());
}

QTEST_GUILESS_MAIN(GraphTest)
#include "graph_test.moc"
