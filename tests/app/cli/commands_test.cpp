// The commands on the samples: results, exit codes, and what bad input gets.

#include "tests/app/cli/cli_under_test.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <set>

using namespace jitscope::test;
using nlohmann::json;

namespace {

// The process that jitscope-cli started for the work; 0 if there is none.
qint64 workerOf(qint64 process)
{
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(process));
    if (!children.open(QIODevice::ReadOnly))
        return 0;
    return children.readAll().split(' ').first().toLongLong();
}

} // namespace

class CommandsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samplesAreDescribed_data();
    void samplesAreDescribed();
    void documentsAreDescribed();
    void modelsBecomeDocuments();
    void graphsArePrinted();
    void passesAreListed();
    void passesMakeStages();
    void documentsAreWorkedOn();
    void documentOfAnotherModelIsRefused();
    void mostExpensiveNodesHaveTheirPlaces();
    void interpretedStageIsItsOwnPlan();
    void tablesAreQueried();
    void wrongUse_data();
    void wrongUse();
    void unusableFiles_data();
    void unusableFiles();
    void interruptedRunLeavesADocument();
    void crashIsTold();
    void hostileModelWritesNowhere();

private:
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name));
    }
    // A document with a run of the residual network, made once.
    [[nodiscard]] QString profiled();
    // A run that would take very long, at work.
    void startLongRun(QProcess& process, const QString& document);

    QTemporaryDir m_folder;
};

void CommandsTest::initTestCase()
{
    QVERIFY2(QFile::exists(cliPath()), qPrintable(cliPath()));
    QVERIFY(m_folder.isValid());
    QFile text(path("text.pt"));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("no model");
    QFile empty(path("empty.pt"));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    QFile whole(samplePath(QStringLiteral("lstm.pt")));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QFile cut(path("cut.pt"));
    QVERIFY(cut.open(QIODevice::WriteOnly));
    cut.write(whole.read(whole.size() / 2));
}

QString CommandsTest::profiled()
{
    const QString document = path("profiled.jitscope");
    if (!QFile::exists(document)) {
        const CliResult run = runCli(
            {QStringLiteral("profile"), samplePath(QStringLiteral("residual_cnn_scripted.pt")),
             QStringLiteral("--input"), QStringLiteral("1x3x32x32"), QStringLiteral("--iterations"),
             QStringLiteral("3"), QStringLiteral("-o"), document, QStringLiteral("--json")});
        if (run.exitCode != 0)
            qWarning("%s", run.messages.c_str());
    }
    return document;
}

void CommandsTest::samplesAreDescribed_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("origin");
    const auto add = [](const char* name, const char* origin) {
        QTest::newRow(name) << QString::fromUtf8(name) + QStringLiteral(".pt")
                            << QString::fromUtf8(origin);
    };
    add("residual_cnn_scripted", "scripted");
    add("residual_cnn_traced", "traced");
    add("transformer_traced", "traced");
    add("nested_if_loop", "scripted");
    add("several_methods", "scripted");
}

void CommandsTest::samplesAreDescribed()
{
    QFETCH(QString, file);
    QFETCH(QString, origin);
    const CliResult result = runCli({QStringLiteral("info"), samplePath(file),
                                     QStringLiteral("--json"), QStringLiteral("--inline")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json info = result.json();
    QVERIFY(info.is_object());
    QCOMPARE(info["kind"].get<std::string>(), std::string("torchscript"));
    QCOMPARE(info["verdict"].get<std::string>(), std::string("ok"));
    QCOMPARE(info["origin"].get<std::string>(), origin.toStdString());
    QVERIFY(info["file_format_version"].get<int>() >= 3);
    QVERIFY(!info["tensors"].empty());
    std::set<std::string> functions;
    for (const json& function : info["functions"]) {
        functions.insert(function["name"].get<std::string>());
        std::uint64_t ofKinds = 0;
        for (const json& n : function["kinds"])
            ofKinds += n.get<std::uint64_t>();
        QCOMPARE(ofKinds, function["nodes"].get<std::uint64_t>());
        QVERIFY(function["blocks"].get<int>() >= 1);
    }
    bool hasForward = false;
    for (const json& method : info["methods"]) {
        QVERIFY(functions.contains(method["function"].get<std::string>()));
        QVERIFY2(method.contains("inlined"), method.dump().c_str());
        hasForward = hasForward || (method["module"] == "" && method["name"] == "forward");
    }
    QVERIFY(hasForward);
}

void CommandsTest::documentsAreDescribed()
{
    const CliResult ofDocument =
        runCli({QStringLiteral("info"), profiled(), QStringLiteral("--json")});
    QVERIFY2(ofDocument.exitCode == 0, ofDocument.messages.c_str());
    const CliResult ofModel =
        runCli({QStringLiteral("info"), samplePath(QStringLiteral("residual_cnn_scripted.pt")),
                QStringLiteral("--json")});
    const json document = ofDocument.json();
    QCOMPARE(document["kind"].get<std::string>(), std::string("jitscope"));
    QVERIFY(document["functions"] == ofModel.json()["functions"]);
    QVERIFY(document["methods"].size() == ofModel.json()["methods"].size());
    QVERIFY(document["document"]["stages"].size() >= 3);
    QCOMPARE(document["document"]["runs"].size(), 1U);
}

void CommandsTest::modelsBecomeDocuments()
{
    const CliResult opened =
        runCli({QStringLiteral("open"), samplePath(QStringLiteral("lstm.pt")), QStringLiteral("-o"),
                path("lstm.jitscope"), QStringLiteral("--json")});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    const json result = opened.json();
    QVERIFY(result["nodes"].get<int>() > 0);
    QVERIFY(result["problems"].empty());
    // One file: nothing is left beside it.
    QVERIFY(!QFile::exists(path("lstm.jitscope-wal")));
}

void CommandsTest::graphsArePrinted()
{
    const QString model = samplePath(QStringLiteral("nested_if_loop.pt"));
    const CliResult text = runCli({QStringLiteral("graph"), model});
    QCOMPARE(text.exitCode, 0);
    QVERIFY(text.out.starts_with("graph("));
    QVERIFY(text.out.find("prim::Loop") != std::string::npos);
    const CliResult asJson =
        runCli({QStringLiteral("graph"), model, QStringLiteral("--format"), QStringLiteral("json"),
                QStringLiteral("--stage"), QStringLiteral("inlined")});
    QVERIFY(asJson.json()["nodes"].is_array());
    const CliResult dot =
        runCli({QStringLiteral("graph"), model, QStringLiteral("--format"), QStringLiteral("dot")});
    QVERIFY(dot.out.starts_with("digraph"));
    const CliResult method =
        runCli({QStringLiteral("graph"), samplePath(QStringLiteral("several_methods.pt")),
                QStringLiteral("--method"), QStringLiteral("encode")});
    QVERIFY2(method.exitCode == 0, method.messages.c_str());
    // The document holds the same graph.
    const CliResult ofDocument = runCli({QStringLiteral("graph"), profiled()});
    const CliResult ofModel =
        runCli({QStringLiteral("graph"), samplePath(QStringLiteral("residual_cnn_scripted.pt"))});
    QVERIFY(!ofModel.out.empty());
    QCOMPARE(ofDocument.out, ofModel.out);
}

void CommandsTest::passesAreListed()
{
    const json passes =
        runCli({QStringLiteral("passes"), QStringLiteral("--list"), QStringLiteral("--json")})
            .json();
    QVERIFY(passes.is_array());
    QVERIFY(passes.size() >= 10);
    for (const json& pass : passes) {
        for (const char* field :
             {"name", "category", "effect", "needs", "arguments", "available", "reason"})
            QVERIFY2(pass.contains(field), field);
        QVERIFY(pass["available"].get<bool>() || !pass["reason"].get<std::string>().empty());
    }
}

void CommandsTest::passesMakeStages()
{
    const CliResult applied =
        runCli({QStringLiteral("passes"), samplePath(QStringLiteral("residual_cnn_scripted.pt")),
                QStringLiteral("--apply"), QStringLiteral("freeze,fold-batch-norm"),
                QStringLiteral("--json")});
    QVERIFY2(applied.exitCode == 0, applied.messages.c_str());
    const json stages = applied.json()["stages"];
    QCOMPARE(stages.size(), 2U);
    QVERIFY(stages[0]["changed"].get<bool>());
    QVERIFY(stages[1]["before"]["kinds"].contains("aten::batch_norm"));
    QVERIFY(!stages[1]["after"]["kinds"].contains("aten::batch_norm"));
    QVERIFY(stages[1]["before"] == stages[0]["after"]);
}

void CommandsTest::documentsAreWorkedOn()
{
    const QString document = path("worked.jitscope");
    const CliResult first =
        runCli({QStringLiteral("passes"), samplePath(QStringLiteral("residual_cnn_traced.pt")),
                QStringLiteral("--apply"), QStringLiteral("freeze"), QStringLiteral("-o"), document,
                QStringLiteral("--json")});
    QVERIFY2(first.exitCode == 0, first.messages.c_str());
    const auto frozen = first.json()["stages"][0]["stage"].get<int>();
    // Another process makes the stage again and goes on from it.
    const CliResult second = runCli({QStringLiteral("passes"), document, QStringLiteral("--stage"),
                                     QString::number(frozen), QStringLiteral("--apply"),
                                     QStringLiteral("fold-batch-norm"), QStringLiteral("--json")});
    QVERIFY2(second.exitCode == 0, second.messages.c_str());
    QVERIFY(second.json()["stages"][0]["before"] == first.json()["stages"][0]["after"]);
    const CliResult run =
        runCli({QStringLiteral("profile"), document, QStringLiteral("--stage"),
                QString::number(second.json()["stages"][0]["stage"].get<int>()),
                QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.messages.c_str());
    QCOMPARE(run.json()["outputs_equal"].get<std::string>(), std::string("yes"));
}

void CommandsTest::documentOfAnotherModelIsRefused()
{
    // The document names its model by path; another model has taken its place.
    const QString model = path("moved.pt");
    const QString document = path("moved.jitscope");
    QVERIFY(QFile::copy(samplePath(QStringLiteral("lstm.pt")), model));
    QCOMPARE(runCli({QStringLiteral("open"), model, QStringLiteral("-o"), document}).exitCode, 0);
    QVERIFY(QFile::remove(model));
    QVERIFY(QFile::copy(samplePath(QStringLiteral("pointwise.pt")), model));
    const CliResult result = runCli(
        {QStringLiteral("passes"), document, QStringLiteral("--apply"), QStringLiteral("freeze")});
    QCOMPARE(result.exitCode, 3);
    QVERIFY2(result.messages.find("not the one") != std::string::npos, result.messages.c_str());
}

void CommandsTest::mostExpensiveNodesHaveTheirPlaces()
{
    const CliResult result = runCli(
        {QStringLiteral("sql"), profiled(),
         QStringLiteral("SELECT n.kind, n.module_path, n.file, n.line, sum(s.duration) AS total "
                        "FROM node_slice s JOIN node_named n ON n.key = s.node "
                        "WHERE s.iteration >= 0 GROUP BY s.node ORDER BY total DESC LIMIT 10"),
         QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json rows = result.json()["rows"];
    QCOMPARE(rows.size(), 10U);
    int withPlace = 0;
    for (const json& row : rows) {
        const bool hasPlace = row[1] != "" && row[2] != "" && row[3] != "0" && row[3] != 0;
        withPlace += hasPlace ? 1 : 0;
    }
    QVERIFY2(withPlace >= 9, rows.dump().c_str());
    const CliResult counted =
        runCli({QStringLiteral("sql"), profiled(),
                QStringLiteral("SELECT (SELECT count(*) FROM node_slice WHERE iteration >= 0), "
                               "executed, recorded, dropped, state, outputs_equal FROM run"),
                QStringLiteral("--csv")});
    const QStringList fields =
        QString::fromStdString(counted.out).split(QLatin1Char('\n')).at(1).split(QLatin1Char(','));
    QCOMPARE(fields.size(), 6);
    QVERIFY(fields.at(0).toInt() > 0);
    QCOMPARE(fields.at(0), fields.at(1));
    QCOMPARE(fields.at(1), fields.at(2));
    QCOMPARE(fields.at(3), QStringLiteral("0"));
    QCOMPARE(fields.at(4), QStringLiteral("done"));
    QCOMPARE(fields.at(5), QStringLiteral("yes"));
}

void CommandsTest::interpretedStageIsItsOwnPlan()
{
    const CliResult run =
        runCli({QStringLiteral("profile"), samplePath(QStringLiteral("pointwise.pt")),
                QStringLiteral("--mode"), QStringLiteral("interpret"),
                QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.messages.c_str());
    QVERIFY(run.json()["stage"] == run.json()["executed_stage"]);
    QVERIFY(run.json()["executed"].get<int>() > 0);
}

void CommandsTest::tablesAreQueried()
{
    const CliResult csv =
        runCli({QStringLiteral("sql"), profiled(), QStringLiteral("SELECT 1 AS a, 'x,\"y\"' AS b"),
                QStringLiteral("--csv")});
    QCOMPARE(csv.out, std::string("a,b\n1,\"x,\"\"y\"\"\"\n"));
    const CliResult write =
        runCli({QStringLiteral("sql"), profiled(), QStringLiteral("DELETE FROM stage")});
    QCOMPARE(write.exitCode, 2);
}

void CommandsTest::wrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    const auto add = [](const char* name, std::initializer_list<const char*> arguments) {
        QStringList list;
        for (const char* argument : arguments)
            list.append(QString::fromUtf8(argument));
        QTest::newRow(name) << list;
    };
    add("nothing", {});
    add("unknown command", {"dance"});
    add("no file", {"info"});
    add("unknown option", {"info", "SAMPLE", "--wat"});
    add("no output", {"open", "SAMPLE"});
    add("no passes", {"passes", "SAMPLE"});
    add("unknown pass", {"passes", "SAMPLE", "--apply", "dance"});
    add("unknown argument of a pass", {"passes", "SAMPLE", "--apply", "freeze:wat=1"});
    add("argument without value", {"passes", "SAMPLE", "--apply", "freeze:mode"});
    add("pass that needs another first", {"passes", "SAMPLE", "--apply", "fold-batch-norm"});
    add("unknown method", {"graph", "SAMPLE", "--method", "dance"});
    add("unknown module", {"graph", "SAMPLE", "--module", "dance"});
    add("unknown function", {"graph", "SAMPLE", "--function", "dance"});
    add("unknown format", {"graph", "SAMPLE", "--format", "dance"});
    add("stage of a model", {"passes", "SAMPLE", "--stage", "3", "--apply", "freeze"});
    add("wrong input", {"profile", "SAMPLE", "--input", "wat:3"});
    add("no iterations", {"profile", "SAMPLE", "--iterations", "0"});
    add("unknown mode", {"profile", "SAMPLE", "--mode", "dance"});
    add("wrong SQL", {"sql", "DOCUMENT", "SELEC 1"});
    add("unknown stage", {"graph", "DOCUMENT", "--stage", "99"});
    add("stage that cannot be worked on",
        {"passes", "DOCUMENT", "--stage", "1", "--apply", "freeze"});
}

void CommandsTest::wrongUse()
{
    QFETCH(QStringList, arguments);
    arguments.replaceInStrings(QStringLiteral("SAMPLE"), samplePath(QStringLiteral("lstm.pt")));
    if (arguments.contains(QStringLiteral("DOCUMENT")))
        arguments.replaceInStrings(QStringLiteral("DOCUMENT"), profiled());
    const CliResult result = runCli(arguments);
    QVERIFY2(result.exitCode == 2, result.messages.c_str());
    QVERIFY(!result.messages.empty());
    QVERIFY2(result.out.empty(), result.out.c_str());
}

void CommandsTest::unusableFiles_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QStringList files{QStringLiteral("missing.pt"), QStringLiteral("text.pt"),
                            QStringLiteral("empty.pt"), QStringLiteral("cut.pt"),
                            QStringLiteral(".")};
    for (const QString& file : files) {
        const QString name = m_folder.filePath(file);
        const auto add = [&](const char* command, const QStringList& more) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QString::fromUtf8(command), file)))
                << QStringList{QString::fromUtf8(command), name} + more;
        };
        add("info", {});
        add("open", {QStringLiteral("-o"), path("never.jitscope")});
        add("graph", {});
        add("passes", {QStringLiteral("--apply"), QStringLiteral("freeze")});
        add("profile", {});
        add("sql", {QStringLiteral("SELECT 1")});
    }
    QTest::newRow("no folder") << QStringList{QStringLiteral("open"),
                                              samplePath(QStringLiteral("lstm.pt")),
                                              QStringLiteral("-o"), path("none/x.jitscope")};
}

void CommandsTest::unusableFiles()
{
    QFETCH(QStringList, arguments);
    const CliResult result = runCli(arguments);
    QVERIFY2(result.exitCode == 3, result.messages.c_str());
    QVERIFY(!result.messages.empty());
    QVERIFY(!QFile::exists(path("never.jitscope")));
}

void CommandsTest::startLongRun(QProcess& process, const QString& document)
{
    process.start(cliPath(), {QStringLiteral("profile"), samplePath(QStringLiteral("lstm.pt")),
                              QStringLiteral("--iterations"), QStringLiteral("1000000"),
                              QStringLiteral("-o"), document});
    QVERIFY(process.waitForStarted());
    const auto isRecording = [&document] {
        return runCli({QStringLiteral("sql"), document,
                       QStringLiteral("SELECT count(*) > 0 FROM node_chunk"),
                       QStringLiteral("--csv")})
                   .out.find("\n1\n") != std::string::npos;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isRecording(), 120'000);
}

void CommandsTest::interruptedRunLeavesADocument()
{
    const QString document = path("interrupted.jitscope");
    QProcess process;
    startLongRun(process, document);
    kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 6);
    const CliResult state =
        runCli({QStringLiteral("sql"), document, QStringLiteral("SELECT state FROM run"),
                QStringLiteral("--csv")});
    QCOMPARE(state.out, std::string("state\ncancelled\n"));
}

void CommandsTest::crashIsTold()
{
    const QString document = path("crashed.jitscope");
    QProcess process;
    startLongRun(process, document);
    const qint64 worker = workerOf(process.processId());
    QVERIFY(worker > 0);
    kill(static_cast<pid_t>(worker), SIGSEGV);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 5);
    QVERIFY(process.readAllStandardError().contains("crashed"));
    const CliResult state =
        runCli({QStringLiteral("sql"), document, QStringLiteral("SELECT state FROM run"),
                QStringLiteral("--csv")});
    QCOMPARE(state.out, std::string("state\nrecording\n"));
}

void CommandsTest::hostileModelWritesNowhere()
{
    const QString python = pythonWithTorch();
    if (python.isEmpty())
        QSKIP("No Python with torch is here to make the model (JITSCOPE_PYTHON).");
    QTemporaryDir outside;
    QDir(m_folder.path()).mkpath(QStringLiteral("documents"));
    const QString model = path("hostile.pt");
    QProcess maker;
    maker.start(python, {qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
                             QStringLiteral("/tests/app/cli/make_hostile.py"),
                         model, outside.path()});
    QVERIFY(maker.waitForFinished(120'000));
    QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());

    // It is said before the model is loaded, and again with all else.
    const CliResult info = runCli({QStringLiteral("info"), model, QStringLiteral("--json")});
    QVERIFY2(info.out.find("writes-files") != std::string::npos, info.out.c_str());
    const json facts = info.json();
    QVERIFY2(facts["runs_at_load"].dump().find("Hostile") != std::string::npos, info.out.c_str());
    const CliResult run =
        runCli({QStringLiteral("profile"), model, QStringLiteral("--input"), QStringLiteral("1x2"),
                QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("-o"),
                path("documents/hostile.jitscope")});
    QVERIFY2(run.exitCode == 0 || run.exitCode == 4, run.messages.c_str());
    const std::size_t warned = run.messages.find("may do so while it is loaded");
    QVERIFY2(warned != std::string::npos, run.messages.c_str());
    if (run.messages.find("no Landlock") != std::string::npos)
        QSKIP("This kernel has no Landlock.");
    QVERIFY2(QDir(outside.path()).isEmpty(), "a model wrote outside the document's folder");

    // Where it may write, it does: the model is what it is said to be.
    const CliResult allowed =
        runCli({QStringLiteral("profile"), model, QStringLiteral("--input"), QStringLiteral("1x2"),
                QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("-o"),
                outside.filePath(QStringLiteral("hostile.jitscope"))});
    QVERIFY2(allowed.exitCode == 0, allowed.messages.c_str());
    QVERIFY(QFile::exists(outside.filePath(QStringLiteral("at-load"))));
    QVERIFY(QFile::exists(outside.filePath(QStringLiteral("at-run"))));
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "commands_test.moc"
