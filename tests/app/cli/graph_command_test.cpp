// `graph` as a picture: of models and documents, into files, and what bad input gets.

#include "tests/app/cli/cli_under_test.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace jitscope::test;

namespace {

// What is written in a picture; empty when it is no well-formed XML.
QStringList textsIn(const std::string& svg)
{
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    QStringList texts;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement &&
            xml.name() == QStringLiteral("text"))
            texts << xml.readElementText();
    }
    return xml.hasError() ? QStringList() : texts;
}

CliResult draw(const QString& file, const QStringList& more = {})
{
    return runCli(QStringList{QStringLiteral("graph"), file, QStringLiteral("--format"),
                              QStringLiteral("svg")} +
                  more);
}

QString sample(const char* name)
{
    return samplePath(QString::fromUtf8(name));
}

QStringList options(const char* text)
{
    return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class GraphCommandTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void modulesAreBoxes();
    void depthOpensModules();
    void documentGivesTheSamePicture();
    void stagesAreDrawn();
    void stagesOfDocumentsHaveNames();
    void themesDiffer();
    void everySampleIsDrawn_data();
    void everySampleIsDrawn();
    void fileIsWrittenWholeOrNot();
    void wrongUse_data();
    void wrongUse();

private:
    QTemporaryDir m_folder;
    QString m_document;
};

void GraphCommandTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_document = m_folder.filePath(QStringLiteral("cnn.jitscope"));
    const CliResult passes = runCli({QStringLiteral("passes"), sample("residual_cnn_scripted.pt"),
                                     QStringLiteral("--apply"), QStringLiteral("freeze"),
                                     QStringLiteral("-o"), m_document});
    QVERIFY2(passes.exitCode == 0, passes.messages.c_str());
}

void GraphCommandTest::modulesAreBoxes()
{
    const CliResult result = draw(sample("residual_cnn_scripted.pt"));
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const QStringList texts = textsIn(result.out);
    for (const char* text : {"Sequential", "layer1", "AdaptiveAvgPool2d", "flatten", "10×64"})
        QVERIFY2(texts.contains(QString::fromUtf8(text)), text);
    QVERIFY(!texts.contains(QStringLiteral("Conv2d")));
}

void GraphCommandTest::depthOpensModules()
{
    const QString model = sample("residual_cnn_scripted.pt");
    const QStringList two = textsIn(draw(model, options("--depth 2")).out);
    QVERIFY(two.contains(QStringLiteral("Conv2d")));
    QVERIFY(!two.contains(QStringLiteral("conv2d")));
    const QStringList all = textsIn(draw(model, options("--depth 9 --leaves")).out);
    QVERIFY(all.contains(QStringLiteral("conv2d")));
    const QStringList layer = textsIn(draw(model, options("--module layer1.0")).out);
    QVERIFY(layer.contains(QStringLiteral("Conv2d")));
    QVERIFY(!layer.contains(QStringLiteral("AdaptiveAvgPool2d")));
}

void GraphCommandTest::documentGivesTheSamePicture()
{
    const CliResult ofModel = draw(sample("residual_cnn_scripted.pt"), options("--depth 3"));
    const CliResult ofDocument = draw(m_document, options("--depth 3"));
    QCOMPARE(ofDocument.exitCode, 0);
    QCOMPARE(ofDocument.out, ofModel.out);
    QVERIFY(ofModel.out.size() > 10'000);
}

void GraphCommandTest::stagesAreDrawn()
{
    const CliResult inlined =
        draw(sample("residual_cnn_scripted.pt"), options("--stage inlined --depth 1"));
    QVERIFY2(inlined.exitCode == 0, inlined.messages.c_str());
    QVERIFY(textsIn(inlined.out).contains(QStringLiteral("layer1")));
    const CliResult frozen = draw(m_document, options("--stage 3 --raw"));
    QVERIFY2(frozen.exitCode == 0, frozen.messages.c_str());
    const QStringList texts = textsIn(frozen.out);
    QVERIFY(texts.contains(QStringLiteral("conv2d")) ||
            texts.contains(QStringLiteral("batch_norm")));
}

void GraphCommandTest::stagesOfDocumentsHaveNames()
{
    const auto graph = [](const QString& file, const char* more) {
        return runCli(QStringList{QStringLiteral("graph"), file} + options(more));
    };
    const QString model = sample("residual_cnn_scripted.pt");
    const CliResult inlined = graph(m_document, "--stage inlined");
    QVERIFY2(inlined.exitCode == 0, inlined.messages.c_str());
    QVERIFY(inlined.out.find("aten::conv2d") != std::string::npos);
    QCOMPARE(inlined.out, graph(m_document, "--stage 2").out);

    // Where there is none, the message tells how to come to one.
    const QString opened = m_folder.filePath(QStringLiteral("opened.jitscope"));
    QCOMPARE(runCli({QStringLiteral("open"), model, QStringLiteral("-o"), opened}).exitCode, 0);
    const CliResult none = graph(opened, "--stage inlined");
    QCOMPARE(none.exitCode, 2);
    const QString expected = QStringLiteral("jitscope-cli graph %1 --stage inlined").arg(model);
    QVERIFY2(QString::fromStdString(none.messages).contains(expected), none.messages.c_str());
    const CliResult other = graph(m_document, "--stage inlined --module layer1.0");
    QCOMPARE(other.exitCode, 2);
    QVERIFY2(other.messages.find("of layer1.0.forward") != std::string::npos,
             other.messages.c_str());
}

void GraphCommandTest::themesDiffer()
{
    const std::string light = draw(m_document).out;
    const std::string dark = draw(m_document, options("--theme dark")).out;
    QVERIFY(light != dark);
    QCOMPARE(textsIn(light), textsIn(dark));
}

void GraphCommandTest::everySampleIsDrawn_data()
{
    QTest::addColumn<QString>("file");
    for (const char* name :
         {"fork_wait", "frozen_cnn", "lstm", "nested_if_loop", "pointwise", "residual_cnn_traced",
          "several_methods", "transformer_scripted", "transformer_traced"})
        QTest::newRow(name) << QString::fromUtf8(name) + QStringLiteral(".pt");
}

void GraphCommandTest::everySampleIsDrawn()
{
    QFETCH(QString, file);
    const CliResult result = draw(samplePath(file), options("--depth 3"));
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    QVERIFY(textsIn(result.out).size() > 2);
}

void GraphCommandTest::fileIsWrittenWholeOrNot()
{
    const QString file = m_folder.filePath(QStringLiteral("picture.svg"));
    QCOMPARE(draw(sample("lstm.pt"), {QStringLiteral("-o"), file}).exitCode, 0);
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(!textsIn(written.readAll().toStdString()).isEmpty());
    // A failure leaves the file, and nothing beside it.
    const qint64 size = written.size();
    const CliResult failed =
        draw(sample("lstm.pt"),
             {QStringLiteral("--method"), QStringLiteral("dance"), QStringLiteral("-o"), file});
    QCOMPARE(failed.exitCode, 2);
    QCOMPARE(QFile(file).size(), size);
    QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("*.part")}), QStringList());
    const CliResult text = runCli({QStringLiteral("graph"), m_document, QStringLiteral("-o"),
                                   m_folder.filePath(QStringLiteral("graph.txt"))});
    QCOMPARE(text.exitCode, 0);
    QVERIFY(text.out.empty());
    QVERIFY(QFile(m_folder.filePath(QStringLiteral("graph.txt"))).size() > 100);
}

void GraphCommandTest::wrongUse_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<int>("exitCode");
    const QString model = sample("lstm.pt");
    QTest::newRow("depth") << model << options("--depth -1") << 2;
    QTest::newRow("theme") << model << options("--theme blue") << 2;
    QTest::newRow("method") << model << options("--method dance") << 2;
    QTest::newRow("module") << model << options("--module dance") << 2;
    QTest::newRow("function") << model << options("--function dance") << 2;
    QTest::newRow("stage") << model << options("--stage 7") << 2;
    QTest::newRow("stage of a document") << m_document << options("--stage 77") << 2;
    QTest::newRow("no folder") << model << options("-o /nowhere/at/all.svg") << 3;
    QTest::newRow("no folder, document") << m_document << options("-o /nowhere/at/all.svg") << 3;
    QTest::newRow("a folder") << m_document << QStringList{QStringLiteral("-o"), m_folder.path()}
                              << 3;
    QTest::newRow("no model") << sample("README.md") << QStringList() << 3;
}

void GraphCommandTest::wrongUse()
{
    QFETCH(QString, file);
    QFETCH(QStringList, more);
    QFETCH(int, exitCode);
    const CliResult result = draw(file, more);
    QVERIFY2(result.exitCode == exitCode, result.messages.c_str());
    QVERIFY(result.out.empty());
    QVERIFY(!result.messages.empty());
}

QTEST_GUILESS_MAIN(GraphCommandTest)
#include "graph_command_test.moc"
