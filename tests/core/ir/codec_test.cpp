#include "core/ir/codec.h"
#include "core/ir/print.h"
#include "tests/core/ir/graph_builder.h"

#include <QTest>

#include <random>

using namespace jitscope;

class CodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTripKeepsEverything();
    void everyTruncationIsRefused();
    void changedBytesNeverHarm();
    void anotherFormatIsNamed();
    void deepNestingIsRefused();
};

namespace {

ir::Graph richGraph()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Float(1, 3, strides=[3, 1])");
    const ir::NodeId group = builder.node("prim::TensorExprGroup", {x}, {"y"});
    builder.subgraph(group, test::sampleGraph());
    const ir::NodeId constant = builder.node("prim::Constant", {}, {"w"});
    builder.attribute(constant, "value", ir::AttributeKind::Tensor, "<Tensor>");
    ir::Graph graph = builder.finish({builder.output(group)});
    ir::TensorConstant tensor;
    tensor.dtype = graph.strings.intern("Float");
    tensor.shape = {0, 2};
    tensor.hasStatistics = true;
    tensor.minimum = -1.5;
    tensor.maximum = 1e300;
    tensor.mean = 0.25;
    graph.tensors.push_back(tensor);
    graph.sizes = {3, -1};
    graph.attributes.back().tensors = {0, 1};
    graph.origins = {7, 9};
    graph.nodes[0].origins = {0, 2};
    return graph;
}

} // namespace

void CodecTest::roundTripKeepsEverything()
{
    const ir::Graph graph = richGraph();
    QVERIFY(graph.isConsistent());
    const std::vector<std::byte> bytes = ir::encode(graph);
    const Result<ir::Graph> read = ir::decode(bytes);
    QVERIFY(read.has_value());
    QCOMPARE(ir::encode(*read), bytes);
    QCOMPARE(ir::print(*read, {true, true}), ir::print(graph, {true, true}));
    QCOMPARE(read->tensors[0].maximum, 1e300);
    QCOMPARE(read->shapeOf(read->tensors[0])[1], std::int64_t{-1});
    QCOMPARE(read->originsOf(read->nodes[0]).size(), 2U);
}

void CodecTest::everyTruncationIsRefused()
{
    const std::vector<std::byte> bytes = ir::encode(richGraph());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const Result<ir::Graph> read = ir::decode(std::span(bytes).first(size));
        QVERIFY(!read.has_value());
        QVERIFY(!read.error().what.empty());
    }
}

void CodecTest::changedBytesNeverHarm()
{
    const std::vector<std::byte> bytes = ir::encode(richGraph());
    std::mt19937 random(1);
    for (int round = 0; round < 20000; ++round) {
        std::vector<std::byte> changed = bytes;
        for (unsigned i = 0; i <= random() % 3; ++i)
            changed[random() % changed.size()] = static_cast<std::byte>(random());
        if (const Result<ir::Graph> read = ir::decode(changed)) {
            QVERIFY(read->isConsistent());
            QVERIFY(!ir::print(*read).empty());
        }
    }
}

void CodecTest::anotherFormatIsNamed()
{
    const std::vector<std::byte> bytes{std::byte{99}};
    const Result<ir::Graph> read = ir::decode(bytes);
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, ErrorCode::UnusableFile);
    QVERIFY(read.error().where.find("99") != std::string::npos);
}

void CodecTest::deepNestingIsRefused()
{
    ir::Graph graph = test::sampleGraph();
    for (int depth = 0; depth < 100; ++depth) {
        test::GraphBuilder builder;
        const ir::NodeId node = builder.node("prim::fork", {}, {"f"});
        builder.subgraph(node, std::move(graph));
        graph = builder.finish({});
    }
    QVERIFY(!ir::decode(ir::encode(graph)).has_value());
}

QTEST_GUILESS_MAIN(CodecTest)
#include "codec_test.moc"
