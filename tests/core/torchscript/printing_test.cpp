// Reading a printed graph gives the graph back: of every function as loaded, after inlining, after
// every pass, and of the executor's plan. That the print is LibTorch's own is in counts_test.
#include "core/ir/print.h"
#include "core/ir/text_reader.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTest>

#include <sstream>

using namespace jitscope;

class PrintingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readingGivesTheGraphBack_data();
    void readingGivesTheGraphBack();
    void afterEveryPass_data();
    void afterEveryPass();
    void ofThePlan_data();
    void ofThePlan();
};

namespace {

// The first line in which the texts differ; empty if they are equal.
QString difference(const std::string& left, const std::string& right)
{
    std::istringstream a(left);
    std::istringstream b(right);
    std::string x;
    std::string y;
    for (int line = 1; left != right; ++line) {
        const bool more = static_cast<bool>(std::getline(a, x));
        const bool others = static_cast<bool>(std::getline(b, y));
        if (!more || !others || x != y)
            return QStringLiteral("line %1:\n  %2\n  %3")
                .arg(line)
                .arg(more ? QString::fromStdString(x.substr(0, 2000)) : QStringLiteral("(end)"),
                     others ? QString::fromStdString(y.substr(0, 2000)) : QStringLiteral("(end)"));
    }
    return {};
}

// Empty if the text that is read and printed again is the same.
QString changeByReading(const ir::Graph& graph)
{
    for (const ir::PrintOptions options : {ir::PrintOptions{false, false}, {true, true}}) {
        const std::string text = ir::print(graph, options);
        const auto read = ir::readPrinted(text);
        if (!read)
            return QString::fromStdString(read.error().message());
        if (read->size() != 1)
            return QStringLiteral("%1 graphs").arg(read->size());
        const QString change = difference(text, ir::print(read->front().graph, options));
        if (!change.isEmpty())
            return change;
        if (!(ir::count(read->front().graph).nodes == ir::count(graph).nodes) ||
            !(ir::count(read->front().graph).uses == ir::count(graph).uses))
            return QStringLiteral("other counts");
    }
    return {};
}

} // namespace

void PrintingTest::readingGivesTheGraphBack_data()
{
    QTest::addColumn<QString>("model");
    for (const std::string& name : test::sampleNames())
        QTest::addRow("%s", name.c_str()) << QString::fromStdString(test::sample(name).string());
    for (const std::string& name : test::largeModelNames()) {
        const auto model = test::largeModel(name);
        if (!model.empty())
            QTest::addRow("large %s", name.c_str()) << QString::fromStdString(model.string());
    }
}

void PrintingTest::readingGivesTheGraphBack()
{
    QFETCH(QString, model);
    const auto session = torchscript::Session::load(model.toStdString(), {}, {});
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY(program);
    for (const ir::Function& function : program->functions) {
        const QString change = changeByReading(function.graph);
        QVERIFY2(change.isEmpty(), qPrintable(change));
    }
    for (const ir::Method& method : program->modules.at(0).methods) {
        const auto stage = (*session)->inlined("", method.name, {});
        QVERIFY(stage);
        const QString change = changeByReading(stage->graph);
        QVERIFY2(change.isEmpty(), qPrintable(change));
    }
}

void PrintingTest::afterEveryPass_data()
{
    QTest::addColumn<QString>("sample");
    for (const std::string& name : test::sampleNames())
        QTest::addRow("%s", name.c_str()) << QString::fromStdString(name);
}

void PrintingTest::afterEveryPass()
{
    QFETCH(QString, sample);
    const auto session = torchscript::Session::load(test::sample(sample.toStdString()), {}, {});
    QVERIFY(session);
    const auto stage = (*session)->inlined("", "forward", {});
    QVERIFY(stage);
    const auto frozen = (*session)->apply(stage->handle, "freeze", {}, {});
    std::size_t applied = 0;
    for (const torchscript::PassInfo& pass : torchscript::passCatalogue()) {
        for (const torchscript::StageHandle start :
             {stage->handle, frozen ? frozen->stage.handle : stage->handle}) {
            const auto outcome = (*session)->apply(start, pass.name, {}, {});
            if (!outcome)
                continue; // it needs what this stage has not
            ++applied;
            const QString change = changeByReading(outcome->stage.graph);
            QVERIFY2(change.isEmpty(),
                     qPrintable(QString::fromStdString(pass.name) + QStringLiteral(", ") + change));
        }
    }
    QVERIFY(applied > 5);
}

void PrintingTest::ofThePlan_data()
{
    QTest::addColumn<QString>("sample");
    QTest::addColumn<QString>("shape");
    for (const char* name : {"residual_cnn_scripted", "residual_cnn_traced", "frozen_cnn"})
        QTest::addRow("%s", name) << QString::fromLatin1(name) << QStringLiteral("1x3x32x32");
    QTest::newRow("lstm") << QStringLiteral("lstm") << QStringLiteral("2x10x16");
}

void PrintingTest::ofThePlan()
{
    QFETCH(QString, sample);
    QFETCH(QString, shape);
    const auto session = torchscript::Session::load(test::sample(sample.toStdString()), {}, {});
    QVERIFY(session);
    const auto stage = (*session)->inlined("", "forward", {});
    QVERIFY(stage);
    for (const int runs : {0, 2}) {
        const auto plan =
            oracle::executedPlan(**session, stage->handle, {shape.toStdString()}, runs);
        const QString change = changeByReading(plan.graph);
        QVERIFY2(change.isEmpty(), qPrintable(change));
    }
}

QTEST_GUILESS_MAIN(PrintingTest)
#include "printing_test.moc"
