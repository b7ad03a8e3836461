#include "core/ir/print.h"
#include "tests/core/ir/graph_builder.h"

#include <QFile>
#include <QTest>

using namespace jitscope;

class PrintTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsAsLibTorchDoes();
};

void PrintTest::printsAsLibTorchDoes()
{
    QFile golden(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
                 QStringLiteral("/tests/golden/ir/sample.txt"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId group = builder.node("prim::TensorExprGroup", {x}, {"y"});
    builder.subgraph(group, test::sampleGraph());
    const ir::Graph graph = builder.finish({builder.output(group)});
    QCOMPARE(QString::fromStdString(ir::print(graph, {true, false})),
             QString::fromUtf8(golden.readAll()));
}

QTEST_GUILESS_MAIN(PrintTest)
#include "print_test.moc"
