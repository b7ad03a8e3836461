// Every operator of a sample or test model has a note that says what it does.
#include "core/ir/counts.h"
#include "core/operators/operator_notes.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"

#include <QTest>

using namespace jitscope;

class OperatorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOperatorHasANote_data();
    void everyOperatorHasANote();
};

void OperatorsTest::everyOperatorHasANote_data()
{
    QTest::addColumn<QString>("file");
    for (const std::string& name : test::sampleNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(test::sample(name).string());
    for (const std::string& name : test::largeModelNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(test::largeModel(name).string());
}

void OperatorsTest::everyOperatorHasANote()
{
    QFETCH(QString, file);
    if (file.isEmpty())
        QSKIP("The large models are not there; ./test makes them.");
    const auto session = torchscript::Session::load(file.toStdString(), {}, {});
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY2(program, program ? "" : program.error().message().c_str());
    QStringList missing;
    const auto check = [&](const ir::Graph& graph, const auto& self) -> void {
        for (const auto& [kind, count] : ir::countKinds(graph)) {
            if (!operators::noteOf(kind))
                missing << QString::fromStdString(kind);
        }
        for (const ir::Graph& subgraph : graph.subgraphs)
            self(subgraph, self);
    };
    for (const ir::Function& function : program->functions)
        check(function.graph, check);
    QVERIFY2(missing.isEmpty(), qPrintable(QStringLiteral("Add to resources/operators: ") +
                                           missing.join(QStringLiteral(", "))));
}

QTEST_GUILESS_MAIN(OperatorsTest)
#include "operators_test.moc"
