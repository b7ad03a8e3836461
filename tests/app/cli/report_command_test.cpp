// `report`: the page about any file, and the exit code that goes with it.

#include "tests/app/cli/cli_under_test.h"
#include "tests/core/report/html_check.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope::test;
using jitscope::tests::CheckedPage;
using jitscope::tests::checkPage;

class ReportCommandTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySampleHasAPage_data();
    void everySampleHasAPage();
    void recordedDocumentHasItsRuns();
    void otherFilesGetAPageAndAreRefused_data();
    void otherFilesGetAPageAndAreRefused();
    void damagedModelGetsAPage();
    void wrongUse();

private:
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name));
    }
    [[nodiscard]] QString write(const char* name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
        return file.fileName();
    }
    // Of the page that was written.
    [[nodiscard]] CheckedPage page(const QString& file) const
    {
        QFile written(file);
        return written.open(QIODevice::ReadOnly)
                   ? checkPage(written.readAll().toStdString())
                   : CheckedPage{QStringLiteral("no page"), {}, {}, {}, {}, {}, 0};
    }

    QTemporaryDir m_folder;
};

void ReportCommandTest::everySampleHasAPage_data()
{
    QTest::addColumn<QString>("file");
    const QDir samples(samplePath({}));
    for (const QString& name : samples.entryList({QStringLiteral("*.pt")}))
        QTest::newRow(qPrintable(name)) << samples.filePath(name);
}

void ReportCommandTest::everySampleHasAPage()
{
    QFETCH(QString, file);
    const QString html = path("sample.html");
    const CliResult result = runCli({QStringLiteral("report"), file, QStringLiteral("-o"), html});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    QVERIFY(result.out.empty());
    const CheckedPage written = page(html);
    QCOMPARE(written.problem, QString());
    QVERIFY(written.elements.contains(QStringLiteral("svg")));
    QVERIFY(written.ids.contains(QStringLiteral("operators")));
    for (const QString& link : written.links)
        QVERIFY2(written.ids.contains(link.mid(1)), qPrintable(link));
    QVERIFY(QFile(html).size() < 3'000'000);
}

void ReportCommandTest::recordedDocumentHasItsRuns()
{
    const QString document = path("run.jitscope");
    QCOMPARE(
        runCli({QStringLiteral("profile"), samplePath(QStringLiteral("residual_cnn_scripted.pt")),
                QStringLiteral("--input"), QStringLiteral("1x3x32x32"),
                QStringLiteral("--iterations"), QStringLiteral("3"), QStringLiteral("-o"),
                document})
            .exitCode,
        0);
    const CliResult result = runCli({QStringLiteral("report"), document}); // to standard output
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const CheckedPage written = checkPage(result.out);
    QCOMPARE(written.problem, QString());
    QVERIFY(written.ids.contains(QStringLiteral("runs")));
    for (const char* text : {"The most expensive nodes", "3 after", "equal to the stock executor's",
                             "make_samples.py:", "TorchScript model"})
        QVERIFY2(written.text.contains(QString::fromUtf8(text)), text);
}

void ReportCommandTest::otherFilesGetAPageAndAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("kind");
    QTest::newRow("text") << QByteArray("<b>no model</b>") << QStringLiteral("unknown kind");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("unknown kind");
}

void ReportCommandTest::otherFilesGetAPageAndAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, kind);
    const QString html = path("other.html");
    QFile::remove(html);
    const CliResult result =
        runCli({QStringLiteral("report"), write("other.pt", bytes), QStringLiteral("-o"), html});
    QCOMPARE(result.exitCode, 3);
    QVERIFY(!result.messages.empty());
    const CheckedPage written = page(html);
    QCOMPARE(written.problem, QString());
    QVERIFY2(written.text.contains(kind), qPrintable(written.text));
}

void ReportCommandTest::damagedModelGetsAPage()
{
    QFile whole(samplePath(QStringLiteral("lstm.pt")));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QString cut = write("cut.pt", whole.read(whole.size() / 2));
    const QString html = path("cut.html");
    const CliResult result = runCli({QStringLiteral("report"), cut, QStringLiteral("-o"), html});
    QCOMPARE(result.exitCode, 3);
    const CheckedPage written = page(html);
    QCOMPARE(written.problem, QString());
    QVERIFY(written.text.contains(QStringLiteral("damaged")));
}

void ReportCommandTest::wrongUse()
{
    QCOMPARE(runCli({QStringLiteral("report")}).exitCode, 2);
    QCOMPARE(runCli({QStringLiteral("report"), path("nowhere.pt")}).exitCode, 3);
    QCOMPARE(runCli({QStringLiteral("report"), samplePath(QStringLiteral("lstm.pt")),
                     QStringLiteral("-o"), QStringLiteral("/nowhere/at/all.html")})
                 .exitCode,
             3);
}

QTEST_GUILESS_MAIN(ReportCommandTest)
#include "report_command_test.moc"
