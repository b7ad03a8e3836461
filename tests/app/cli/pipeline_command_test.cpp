// Lists of passes in files: applied, saved, and refused with the line that is wrong.

#include "tests/app/cli/cli_under_test.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope::test;
using nlohmann::json;

class PipelineCommandTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fileIsAppliedAsOptionsAre();
    void jsonIsAppliedAsTextIs();
    void pipelineIsSavedAndAppliedAgain();
    void passesOfADocumentAreSaved();
    void profileTakesAPipeline();
    void wrongFilesNameTheLine_data();
    void wrongFilesNameTheLine();
    void valuesKeepTheirTypes();

private:
    [[nodiscard]] QString write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(QString::fromUtf8(name)));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        return file.fileName();
    }
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name));
    }
    [[nodiscard]] static CliResult
    passes(const QStringList& more,
           const QString& file = samplePath(QStringLiteral("residual_cnn_scripted.pt")))
    {
        return runCli(QStringList{QStringLiteral("passes"), file, QStringLiteral("--json")} + more);
    }
    // Names of the passes and what they left.
    [[nodiscard]] static QString summary(const CliResult& result)
    {
        QString text;
        const json out = result.json();
        for (const json& stage : out.value("stages", json::array()))
            text += QString::fromStdString(stage["pass"].get<std::string>() + " " +
                                           stage["after"]["nodes"].dump() + "\n");
        return text;
    }

    QTemporaryDir m_folder;
};

void PipelineCommandTest::fileIsAppliedAsOptionsAre()
{
    const QString file = write("release.passes", "# release\nfreeze:mode=eval\n\nfold-batch-norm "
                                                 "# after freezing\n");
    const CliResult fromFile = passes({QStringLiteral("--pipeline"), file});
    QVERIFY2(fromFile.exitCode == 0, fromFile.messages.c_str());
    const CliResult fromOptions =
        passes({QStringLiteral("--apply"), QStringLiteral("freeze:mode=eval,fold-batch-norm")});
    QCOMPARE(summary(fromFile), summary(fromOptions));
    QCOMPARE(summary(fromFile).count(u'\n'), 2);
}

void PipelineCommandTest::jsonIsAppliedAsTextIs()
{
    const QString text = write("a.passes", "freeze:mode=eval\nfold-batch-norm\n");
    const QString list = write("a.json", R"([{"name": "freeze", "arguments": {"mode": "eval"}},
                                             {"name": "fold-batch-norm"}])");
    const CliResult fromJson = passes({QStringLiteral("--pipeline"), list});
    QVERIFY2(fromJson.exitCode == 0, fromJson.messages.c_str());
    QCOMPARE(summary(fromJson), summary(passes({QStringLiteral("--pipeline"), text})));
}

void PipelineCommandTest::pipelineIsSavedAndAppliedAgain()
{
    // In another folder than the document, which the confined process must be allowed.
    QTemporaryDir elsewhere;
    const QString saved = elsewhere.filePath(QStringLiteral("saved.json"));
    const CliResult first = passes(
        {QStringLiteral("--apply"), QStringLiteral("freeze:mode=eval,fold-batch-norm"),
         QStringLiteral("-o"), path("first.jitscope"), QStringLiteral("--save-pipeline"), saved});
    QVERIFY2(first.exitCode == 0, first.messages.c_str());
    const CliResult again = passes({QStringLiteral("--pipeline"), saved});
    QVERIFY2(again.exitCode == 0, again.messages.c_str());
    QCOMPARE(summary(again), summary(first));
}

void PipelineCommandTest::passesOfADocumentAreSaved()
{
    const QString document = path("made.jitscope");
    QCOMPARE(passes({QStringLiteral("--apply"), QStringLiteral("freeze,fold-batch-norm"),
                     QStringLiteral("-o"), document})
                 .exitCode,
             0);
    const QString saved = path("from-document.json");
    const QStringList save{QStringLiteral("--save-pipeline"), saved, QStringLiteral("--stage")};
    QCOMPARE(passes(save + QStringList{QStringLiteral("4")}, document).exitCode, 0);
    QFile file(saved);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const json list = json::parse(file.readAll().toStdString());
    QCOMPARE(list.size(), std::size_t{2});
    QCOMPARE(list[0]["name"].get<std::string>(), std::string("freeze"));
    QCOMPARE(list[1]["name"].get<std::string>(), std::string("fold-batch-norm"));
    QCOMPARE(passes(save + QStringList{QStringLiteral("2")}, document).exitCode, 2); // inlined
    QCOMPARE(passes(save + QStringList{QStringLiteral("99")}, document).exitCode, 2);
    QCOMPARE(passes(save, document).exitCode, 2);
    QCOMPARE(passes(save + QStringList{QStringLiteral("4")}).exitCode, 3); // a model
}

void PipelineCommandTest::profileTakesAPipeline()
{
    const QString file = write("p.passes", "freeze\n");
    const CliResult result =
        runCli({QStringLiteral("profile"), samplePath(QStringLiteral("pointwise.pt")),
                QStringLiteral("--pipeline"), file, QStringLiteral("--iterations"),
                QStringLiteral("1"), QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    QVERIFY(result.json()["stage"].get<int>() > 2);
}

void PipelineCommandTest::wrongFilesNameTheLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    const auto add = [](const char* name, const QByteArray& text, const char* message) {
        QTest::newRow(name) << text << QString::fromUtf8(message);
    };
    add("unknown pass", "freeze\n\nfold_batchnorm\n", "line 3");
    add("what was meant", "freeze\n\nfold_batchnorm\n", "Did you mean fold-batch-norm");
    add("unknown argument", "freeze:mood=eval\n", "It has mode");
    add("no value", "\nfreeze:mode\n", "line 2");
    add("json", "[{\"name\": \"freeze\"},\n {\"name\": \"fold-batchnorm\"}]", "line 2");
    add("cut json", "[{\"name\": \"freeze\"},\n", "no JSON");
    add("nothing", "# nothing\n", "names no pass");
}

void PipelineCommandTest::wrongFilesNameTheLine()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    const QString document = path("untouched.jitscope");
    const CliResult result = passes({QStringLiteral("--pipeline"), write("wrong.passes", text),
                                     QStringLiteral("-o"), document});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(QString::fromStdString(result.messages).contains(message), result.messages.c_str());
    QVERIFY(!QFile::exists(document)); // nothing was begun
    QCOMPARE(passes({QStringLiteral("--pipeline"), path("nowhere.passes")}).exitCode, 3);
    QCOMPARE(passes({QStringLiteral("--pipeline"), path("wrong.passes"), QStringLiteral("--apply"),
                     QStringLiteral("freeze")})
                 .exitCode,
             2);
}

void PipelineCommandTest::valuesKeepTheirTypes()
{
    const QString document = path("types.jitscope");
    QCOMPARE(runCli({QStringLiteral("open"), samplePath(QStringLiteral("pointwise.pt")),
                     QStringLiteral("-o"), document})
                 .exitCode,
             0);
    const CliResult result =
        runCli({QStringLiteral("sql"), document, QStringLiteral("--json"),
                QStringLiteral("SELECT 9007199254740993 AS i, 0.5 AS r, 2.0 AS w, '7' AS t, "
                               "NULL AS n, x'00ff' AS b, 9e999 AS inf, '' AS e")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json expected = json::parse(
        R"([[9007199254740993, 0.5, 2.0, "7", null, {"blob_bytes": 2}, "Infinity", ""]])");
    QCOMPARE(result.json()["rows"].dump(), expected.dump());
    QVERIFY(result.json()["rows"][0][0].is_number_integer());
    QVERIFY(result.json()["rows"][0][2].is_number_float());
    QVERIFY(result.json()["rows"][0][3].is_string());
    const CliResult text =
        runCli({QStringLiteral("sql"), document, QStringLiteral("SELECT 1, NULL, x'00ff'"),
                QStringLiteral("--csv")});
    QCOMPARE(text.out.substr(text.out.find('\n') + 1), std::string("1,,<2 bytes>\n"));
}

QTEST_GUILESS_MAIN(PipelineCommandTest)
#include "pipeline_command_test.moc"
