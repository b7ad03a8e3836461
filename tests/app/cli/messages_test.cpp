// What the commands say beside their results, and how they end: remarks on files that can be used,
// wrong words, outputs that nobody reads. Through the real program.

#include "tests/app/cli/cli_under_test.h"
#include "tests/fuzz/archive_mutator.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace jitscope::test;
using nlohmann::json;

class MessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void goodModelsHaveNoFindings_data();
    void goodModelsHaveNoFindings();
    void damageIsTold_data();
    void damageIsTold();
    void cutWeightsAreToldWithWhatToDo();
    void libraryIsBlamedAlone_data();
    void libraryIsBlamedAlone();
    void missingFilesAreAnswered_data();
    void missingFilesAreAnswered();
    void documentsShowTheirHistory();
    void unknownWordsAreExplained_data();
    void unknownWordsAreExplained();
    void userIsToldOfHisOwnFile();
    void documentsAreOnlyRead();
    void readerMayGo_data();
    void readerMayGo();
    void fullDiskIsTold();

private:
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name));
    }
    // A document with two stages and a run, made once.
    [[nodiscard]] QString profiled();

    QTemporaryDir m_folder;
    QString m_damaged; // one bit of a weight is another
    QString m_short;   // a weight is cut short
};

namespace {

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

std::string bytesOf(const QString& file)
{
    std::ifstream in(file.toStdString(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

QStringList words(const char* line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

void MessagesTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    const QString sample = samplePath(QStringLiteral("lstm.pt"));
    std::string bytes = bytesOf(sample);
    const std::size_t at = bytes.find("lstm/data/0");
    QVERIFY(at != std::string::npos);
    bytes[at + 300] = static_cast<char>(bytes[at + 300] ^ 1);
    m_damaged = path("damaged.pt");
    std::ofstream(m_damaged.toStdString(), std::ios::binary) << bytes;

    RawArchive archive = readArchive(sample.toStdString());
    for (RawRecord& record : archive.records) {
        if (record.name == "lstm/data/0")
            record.content.resize(8);
    }
    m_short = path("short.pt");
    std::ofstream(m_short.toStdString(), std::ios::binary) << archiveBytes(archive);
}

QString MessagesTest::profiled()
{
    const QString document = path("profiled.jitscope");
    if (!QFile::exists(document)) {
        const CliResult run = runCli(
            {QStringLiteral("profile"), samplePath(QStringLiteral("pointwise.pt")),
             QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("-o"), document});
        if (run.exitCode != 0)
            qWarning("%s", run.messages.c_str());
    }
    return document;
}

void MessagesTest::goodModelsHaveNoFindings_data()
{
    QTest::addColumn<QStringList>("arguments");
    for (const char* file : {"pointwise.pt", "lstm.pt", "mobile.ptl", "mobile_flatbuffer.ptl"}) {
        QTest::addRow("info %s", file)
            << QStringList{QStringLiteral("info"), samplePath(QString::fromUtf8(file)),
                           QStringLiteral("--verify")};
        QTest::addRow("report %s", file)
            << QStringList{QStringLiteral("report"), samplePath(QString::fromUtf8(file))};
    }
}

void MessagesTest::goodModelsHaveNoFindings()
{
    QFETCH(const QStringList, arguments);
    const CliResult result = runCli(arguments);
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.messages, std::string());
}

void MessagesTest::damageIsTold_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<bool>("isResult"); // told in the result
    QTest::newRow("info") << "info FILE" << 1 << true;
    QTest::newRow("info --verify") << "info FILE --verify" << 1 << true;
    QTest::newRow("info --json") << "info FILE --json" << 1 << true;
    QTest::newRow("report") << "report FILE" << 1 << false;
    QTest::newRow("open") << "open FILE -o OUT" << 0 << false;
    QTest::newRow("graph") << "graph FILE" << 0 << false;
    QTest::newRow("picture") << "graph FILE --format svg" << 0 << false;
    QTest::newRow("weights") << "weights FILE" << 0 << false;
    QTest::newRow("measured weights") << "weights FILE --stats" << 0 << false;
    QTest::newRow("passes") << "passes FILE --apply freeze" << 0 << false;
}

void MessagesTest::damageIsTold()
{
    QFETCH(const QString, command);
    QFETCH(const int, exitCode);
    QFETCH(const bool, isResult);
    QStringList arguments = command.split(QLatin1Char(' '));
    arguments.replaceInStrings(QStringLiteral("FILE"), m_damaged);
    arguments.replaceInStrings(QStringLiteral("OUT"), path("damaged.jitscope"));
    const CliResult result = runCli(arguments);
    QVERIFY2(result.exitCode == exitCode, result.messages.c_str());
    const std::string& said = isResult ? result.out : result.messages;
    QVERIFY2(has(said, "does not fit its checksum"), said.c_str());
    QVERIFY2(has(said, "data/0"), said.c_str());
    QVERIFY2(has(said, "Download or copy the file again."), said.c_str());
    QVERIFY(isResult || has(said, "warning: "));
}

void MessagesTest::cutWeightsAreToldWithWhatToDo()
{
    const CliResult info = runCli({QStringLiteral("info"), m_short});
    QCOMPARE(info.exitCode, 1);
    const CliResult opened =
        runCli({QStringLiteral("open"), m_short, QStringLiteral("-o"), path("short.jitscope")});
    QCOMPARE(opened.exitCode, 0);
    for (const std::string& said : {info.out, opened.messages}) {
        const QStringList lines = QString::fromStdString(said).split(QLatin1Char('\n'));
        const QStringList cut = lines.filter(QRegularExpression(QStringLiteral("cut off|needs")));
        QVERIFY2(cut.size() >= 2, said.c_str());
        for (const QString& line : cut)
            QVERIFY2(line.contains(QStringLiteral("again.")), qPrintable(line));
    }
}

void MessagesTest::libraryIsBlamedAlone_data()
{
    QTest::addColumn<QString>("library");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("missing") << "/nosuch.so" << 2;
    QTest::newRow("no library") << samplePath(QStringLiteral("README.md")) << 4;
}

void MessagesTest::libraryIsBlamedAlone()
{
    QFETCH(const QString, library);
    QFETCH(const int, exitCode);
    const QStringList arguments{QStringLiteral("info"), samplePath(QStringLiteral("pointwise.pt")),
                                QStringLiteral("-L"), library};
    const CliResult text = runCli(arguments);
    QVERIFY2(text.exitCode == exitCode, text.messages.c_str());
    QVERIFY2(!has(text.out, "damaged"), text.out.c_str());
    QVERIFY2(has(text.messages, "operator library"), text.messages.c_str());
    const json info = runCli(arguments + QStringList{QStringLiteral("--json")}).json();
    QCOMPARE(info["verdict"].get<std::string>(), std::string("ok"));
    QCOMPARE(info["problems"][0]["code"].get<std::string>(), std::string("operator-library"));
}

void MessagesTest::missingFilesAreAnswered_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("missing") << path("missing.pt");
    QTest::newRow("a folder") << m_folder.path();
    QTest::newRow("a device") << "/dev/null";
}

void MessagesTest::missingFilesAreAnswered()
{
    QFETCH(const QString, file);
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 3);
    const json info = result.json();
    QVERIFY2(info.is_object(), result.out.c_str());
    QCOMPARE(info["kind"].get<std::string>(), std::string("unknown"));
    QCOMPARE(info["verdict"].get<std::string>(), std::string("refused"));
    QCOMPARE(info["problems"].size(), std::size_t{1});
    QCOMPARE(info["problems"][0]["code"].get<std::string>(), std::string("no-file"));
    QVERIFY(!info["problems"][0]["remedy"].get<std::string>().empty());
}

void MessagesTest::documentsShowTheirHistory()
{
    const CliResult text = runCli({QStringLiteral("info"), profiled()});
    QVERIFY2(text.exitCode == 0, text.messages.c_str());
    const QString out = QString::fromStdString(text.out);
    for (const char* line :
         {"stages:\n", "\n +1  loaded ", "\n +2  inlined +forward inlined of forward, from stage 1",
          "\n +3  executed ", "\nruns:\n", "\n +1  done  1 iteration on cpu, stage 2"}) {
        QVERIFY2(out.contains(QRegularExpression(QString::fromUtf8(line))), text.out.c_str());
    }
    const json document =
        runCli({QStringLiteral("info"), profiled(), QStringLiteral("--json")}).json()["document"];
    QCOMPARE(document["stages"][1]["id"].get<int>(), 2);
    QCOMPARE(document["stages"][1]["kind"].get<std::string>(), std::string("inlined"));
    QCOMPARE(document["stages"][1]["label"].get<std::string>(), std::string("forward inlined"));
    QCOMPARE(document["stages"][1]["method"].get<std::string>(), std::string("forward"));
    QCOMPARE(document["stages"][1]["parent"].get<int>(), 1);
    QCOMPARE(document["runs"][0]["stage"].get<int>(), 2);
}

void MessagesTest::unknownWordsAreExplained_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("expected");
    QTest::newRow("command") << words("frob") << "There is no command 'frob'. The commands are";
    QTest::newRow("near command") << words("wieghts x.pt")
                                  << "There is no command 'wieghts'. Did you mean weights?";
    QTest::newRow("near option") << words("graph x.pt --metod forward") << "Did you mean --method?";
    QTest::newRow("no file") << words("info") << "`jitscope-cli info --help`";
    QTest::newRow("nothing") << QStringList() << "`jitscope-cli --help`";
    const QString model = samplePath(QStringLiteral("pointwise.pt"));
    QTest::newRow("method") << QStringList{QStringLiteral("graph"), model,
                                           QStringLiteral("--method"), QStringLiteral("dance")}
                            << "The model itself has no method 'dance'.";
}

void MessagesTest::unknownWordsAreExplained()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, expected);
    const CliResult result = runCli(arguments);
    QCOMPARE(result.exitCode, 2);
    const QString said = QString::fromStdString(result.messages);
    QVERIFY2(said.contains(expected), qPrintable(said));
    QVERIFY2(said.startsWith(QStringLiteral("jitscope-cli: ")), qPrintable(said));
    QCOMPARE(result.out, std::string());
}

// Not of a document in a scratch folder that he has never seen.
void MessagesTest::userIsToldOfHisOwnFile()
{
    const QString ir = path("ir.txt");
    std::ofstream(ir.toStdString()) << "graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n"
                                       "  return (%y)\n";
    const CliResult result =
        runCli({QStringLiteral("passes"), ir, QStringLiteral("--apply"), QStringLiteral("freeze")});
    QCOMPARE(result.exitCode, 4);
    QVERIFY2(has(result.messages, qPrintable(ir)), result.messages.c_str());
    QVERIFY2(!has(result.messages, ".jitscope"), result.messages.c_str());
}

void MessagesTest::documentsAreOnlyRead()
{
    for (const char* statement : {"DELETE FROM stage", "UPDATE stage SET label = ''"}) {
        const CliResult result =
            runCli({QStringLiteral("sql"), profiled(), QString::fromUtf8(statement)});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(has(result.messages, "only read"), result.messages.c_str());
        QVERIFY2(!has(result.messages, "document-format"), result.messages.c_str());
    }
}

void MessagesTest::readerMayGo_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("in a process of its own")
        << QStringLiteral("graph %1 --stage inlined --format json")
               .arg(samplePath(QStringLiteral("residual_cnn_scripted.pt")));
    QTest::newRow("in the process itself") << QStringLiteral("passes --list");
}

// As with `| head -1`.
void MessagesTest::readerMayGo()
{
    QFETCH(const QString, command);
    const QString line = QStringLiteral("set -o pipefail; %1 %2 2>%3 | true; echo ${PIPESTATUS[0]}")
                             .arg(cliPath(), command, path("said"));
    QProcess shell;
    shell.start(QStringLiteral("bash"), {QStringLiteral("-c"), line});
    QVERIFY(shell.waitForFinished(120'000));
    QCOMPARE(shell.readAllStandardOutput(), QByteArray("0\n"));
    QCOMPARE(bytesOf(path("said")), std::string());
}

void MessagesTest::fullDiskIsTold()
{
    if (!QFile::exists(QStringLiteral("/dev/full")))
        QSKIP("There is no /dev/full.");
    QProcess process;
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(cliPath(), {QStringLiteral("passes"), QStringLiteral("--list")});
    QVERIFY(process.waitForFinished(120'000));
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(process.readAllStandardError().contains("cannot be written"));
}

QTEST_GUILESS_MAIN(MessagesTest)
#include "messages_test.moc"
