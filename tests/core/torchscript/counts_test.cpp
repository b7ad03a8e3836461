// The loaded stage holds what LibTorch holds, by LibTorch's own count.
#include "core/ir/counts.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTest>

#include <set>

using namespace jitscope;

class CountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFunctionIsWhole_data();
    void everyFunctionIsWhole();
    void largeModelsAreWhole_data();
    void largeModelsAreWhole();
};

namespace {

void compare(const std::filesystem::path& model)
{
    auto session = torchscript::Session::load(model, {}, {});
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY2(program, program ? "" : program.error().message().c_str());
    QVERIFY2(program->problems.empty(),
             program->problems.empty() ? "" : program->problems.front().c_str());

    const auto expected = oracle::functions(model);
    std::set<std::string> seen;
    ir::NodeKey lastKey = 0;
    for (const ir::Function& function : program->functions) {
        QVERIFY2(seen.insert(function.name).second, function.name.c_str());
        QVERIFY2(function.graph.isConsistent(), function.name.c_str());
        const auto known = expected.find(function.name);
        QVERIFY2(known != expected.end(), function.name.c_str());
        const ir::Counts counts = ir::count(function.graph);
        QCOMPARE(counts.nodes, known->second.counts.nodes);
        QCOMPARE(counts.blocks, known->second.counts.blocks);
        QCOMPARE(counts.values, known->second.counts.values);
        QCOMPARE(counts.uses, known->second.counts.uses);
        QCOMPARE(counts.withSource, known->second.counts.withSource);
        QVERIFY2(ir::countKinds(function.graph) == known->second.kinds, function.name.c_str());
        for (const ir::Node& node : function.graph.nodes) {
            QVERIFY(node.key > lastKey);
            lastKey = node.key;
            QCOMPARE(function.graph.text(node.function), std::string_view(function.name));
        }
    }
    QCOMPARE(seen.size(), expected.size());
}

} // namespace

void CountsTest::everyFunctionIsWhole_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::sampleNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void CountsTest::everyFunctionIsWhole()
{
    QFETCH(QString, name);
    compare(test::sample(name.toStdString()));
}

void CountsTest::largeModelsAreWhole_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::largeModelNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void CountsTest::largeModelsAreWhole()
{
    QFETCH(QString, name);
    const auto model = test::largeModel(name.toStdString());
    if (model.empty())
        QSKIP("The large models are not there; ./test makes them.");
    compare(model);
}

QTEST_GUILESS_MAIN(CountsTest)
#include "counts_test.moc"
