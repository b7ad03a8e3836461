// The graphs of the samples, as text, against tests/golden/torchscript. Written anew with
// JITSCOPE_UPDATE_GOLDEN=1.
#include "core/ir/print.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"

#include <QTest>

#include <fstream>
#include <sstream>

using namespace jitscope;

class GoldenTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void graphsAreAsBefore_data();
    void graphsAreAsBefore();
};

namespace {

std::string read(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void compare(const std::string& name, const std::string& text)
{
    const auto file = test::sourceFolder() / "tests/golden/torchscript" / (name + ".txt");
    if (qEnvironmentVariableIsSet("JITSCOPE_UPDATE_GOLDEN")) {
        std::ofstream(file, std::ios::binary) << text;
        return;
    }
    const std::string expected = read(file);
    if (expected == text)
        return;
    std::istringstream left(expected);
    std::istringstream right(text);
    std::string a;
    std::string b;
    int line = 0;
    do {
        ++line;
        a.clear();
        b.clear();
        std::getline(left, a);
        std::getline(right, b);
    } while (a == b && (left || right));
    QFAIL(qPrintable(
        QStringLiteral(
            "%1 differs in line %2:\n  expected: %3\n  now:      %4\n"
            "If that is meant, run with JITSCOPE_UPDATE_GOLDEN=1 and look at the changes.")
            .arg(QString::fromStdString(file.string()))
            .arg(line)
            .arg(QString::fromStdString(a), QString::fromStdString(b))));
}

std::string loadedText(const ir::Program& program)
{
    std::string text;
    for (const ir::Function& function : program.functions)
        text += function.name + "\n" + ir::print(function.graph, {true, false}) + "\n";
    return text;
}

} // namespace

void GoldenTest::graphsAreAsBefore_data()
{
    QTest::addColumn<QString>("sample");
    QTest::addColumn<QStringList>("passes");
    const auto row = [](const char* sample, const QStringList& passes) {
        QTest::addRow("%s", sample) << QString::fromLatin1(sample) << passes;
    };
    row("residual_cnn_scripted", {QStringLiteral("freeze"), QStringLiteral("fold-batch-norm"),
                                  QStringLiteral("fuse-add-relu")});
    row("residual_cnn_traced",
        {QStringLiteral("constant-pooling"), QStringLiteral("eliminate-common-subexpressions")});
    row("nested_if_loop",
        {QStringLiteral("eliminate-dead-code"), QStringLiteral("constant-propagation")});
    row("pointwise", {QStringLiteral("create-autodiff-subgraphs")});
    row("fork_wait", {QStringLiteral("inline-fork-wait")});
    row("several_methods", {QStringLiteral("lower-tuples"), QStringLiteral("peephole")});
    row("lstm", {QStringLiteral("eliminate-exceptions")});
}

void GoldenTest::graphsAreAsBefore()
{
    QFETCH(QString, sample);
    QFETCH(QStringList, passes);
    const std::string name = sample.toStdString();
    auto session = torchscript::Session::load(test::sample(name), {}, {});
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY(program);
    compare(name + ".loaded", loadedText(*program));
    const auto stage = (*session)->inlined("", "forward", {});
    QVERIFY(stage);
    compare(name + ".inlined", ir::print(stage->graph, {true, true}));
    auto handle = stage->handle;
    std::string file = name;
    for (const QString& pass : passes) {
        const auto outcome = (*session)->apply(handle, pass.toStdString(), {}, {});
        QVERIFY2(outcome, outcome ? "" : outcome.error().message().c_str());
        handle = outcome->stage.handle;
        file += "." + pass.toStdString();
        compare(file, ir::print(outcome->stage.graph, {false, true}));
    }
}

QTEST_GUILESS_MAIN(GoldenTest)
#include "golden_test.moc"
