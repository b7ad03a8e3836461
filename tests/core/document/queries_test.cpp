// The queries that the documentation shows give what it promises.

#include "core/document/node_chunk.h"
#include "core/document/reader.h"
#include "core/document/writer.h"
#include "tests/core/ir/graph_builder.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;

namespace {

std::string queryOfReadme()
{
    QFile page(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/README.md"));
    if (!page.open(QIODevice::ReadOnly))
        return {};
    const QRegularExpression block(QStringLiteral("```sql\n(.*?)```"),
                                   QRegularExpression::DotMatchesEverythingOption);
    return block.match(QString::fromUtf8(page.readAll())).captured(1).toStdString();
}

// Two written nodes in two module instances: keys 1 and 2, lines 10 and 20.
ir::Graph inlined()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId conv = builder.node("aten::conv2d", {x}, {"a"});
    const ir::NodeId relu = builder.node("aten::relu", {builder.output(conv)}, {"b"});
    builder.at(conv, "/models/m.py", 10, 1);
    builder.at(relu, "/models/m.py", 20, 1);
    ir::Graph graph = builder.finish({builder.output(relu)});
    graph.nodes[0].modulePath = graph.strings.intern("layer1.conv");
    graph.nodes[1].modulePath = graph.strings.intern("layer1.act");
    return graph;
}

// What the executor made of them: one fused node with key 3, and a node from nothing with key 4.
ir::Graph executed()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId fused = builder.node("prim::TensorExprGroup", {x}, {"b"});
    builder.node("prim::BailOut", {x}, {"c"});
    ir::Graph graph = builder.finish({builder.output(fused)});
    graph.nodes[0].key = 3;
    graph.nodes[1].key = 4;
    for (ir::Node& node : graph.nodes)
        node.ordinal = ir::none;
    graph.origins = {1, 2};
    graph.nodes[0].origins = {0, 2};
    return graph;
}

} // namespace

class QueriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenMostExpensiveNodes();
};

void QueriesTest::tenMostExpensiveNodes()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("d.jitscope")).toStdString();
    Result<document::Writer> writer = document::Writer::create(path);
    QVERIFY(writer->writeProgram({}).has_value());
    document::StageRow stage;
    stage.kind = "inlined";
    stage.parent = writer->addStage(stage, inlined()).value();
    stage.kind = "executed";
    QVERIFY(writer->addStage(stage, executed()).has_value());

    document::RunRow run;
    run.id = writer->addRun(run).value();
    document::NodeChunkBuilder builder;
    QVERIFY(builder.add({0, 900'000'000, 4, -1})); // a warm-up does not count
    QVERIFY(builder.add({1'000'000'000, 1'000'000, 3, 0}));
    QVERIFY(builder.add({1'001'000'000, 2'500, 4, 0}));
    QVERIFY(builder.add({1'002'000'000, 1'500'000, 3, 1}));
    const document::NodeChunkRow chunk = builder.take(run.id, 0);
    QVERIFY(writer->add(std::span(&chunk, 1)).has_value());

    const std::string sql = queryOfReadme();
    QVERIFY(!sql.empty());
    const Result<document::Reader> reader = document::Reader::open(path);
    const Result<document::SqlTable> table = reader->query(sql);
    QVERIFY2(table.has_value(), table ? "" : table.error().message().c_str());
    const std::vector<std::string> columns{"ms", "calls", "kind", "modules", "places"};
    QCOMPARE(table->columns, columns);
    QCOMPARE(table->rows.size(), 2U);
    const auto& fused = table->rows[0];
    QCOMPARE(fused[0], std::string("2.5"));
    QCOMPARE(fused[1], std::string("2"));
    QCOMPARE(fused[2], std::string("prim::TensorExprGroup"));
    QVERIFY(fused[3].find("layer1.conv") != std::string::npos);
    QVERIFY(fused[3].find("layer1.act") != std::string::npos);
    QVERIFY(fused[4].find("/models/m.py:10") != std::string::npos);
    QVERIFY(fused[4].find("/models/m.py:20") != std::string::npos);
    QCOMPARE(table->rows[1][2], std::string("prim::BailOut"));
    QCOMPARE(table->rows[1][4], std::string());
}

QTEST_GUILESS_MAIN(QueriesTest)
#include "queries_test.moc"
