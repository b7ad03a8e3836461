// Text files with printed IR, from the command line: what they are, their graphs, documents of
// them, and why nothing else can be done with them.
#include "core/document/reader.h"
#include "core/ir/print.h"
#include "core/ir/text_reader.h"
#include "tests/app/cli/cli_under_test.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;

class PrintedIrTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void infoTellsWhatItIs();
    void graphPrintsItAgain();
    void aDocumentIsMadeOfIt();
    void nothingCanBeRun();
    void mistakesAreShown();
    void ownPrintsOpen();

private:
    QString write(const char* name, const QByteArray& text) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(text);
        return file.fileName();
    }

    QTemporaryDir m_folder;
};

namespace {

const QByteArray graphs =
    "After Inline:\n"
    "graph(%self : __torch__.Net,\n"
    "      %x.1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):\n"
    "  %fc : __torch__.torch.nn.modules.linear.Linear = prim::GetAttr[name=\"fc\"](%self)\n"
    "  %w : Tensor = prim::GetAttr[name=\"weight\"](%fc), scope: __module.fc\n"
    "  %y : Tensor = aten::linear(%x.1, %w), scope: __module.fc # /home/net.py:12:3\n"
    "  return (%y)\n"
    "\n"
    "graph(%x : Tensor):\n"
    "  return (%x)\n";

} // namespace

void PrintedIrTest::infoTellsWhatItIs()
{
    const QString file = write("log.txt", graphs);
    const auto result = test::runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 0);
    const nlohmann::json facts = result.json();
    QVERIFY(facts.is_object());
    QCOMPARE(facts["kind"].get<std::string>(), std::string("unknown"));
    QCOMPARE(facts["format"].get<std::string>(), std::string("printed-ir"));
    QCOMPARE(facts["verdict"].get<std::string>(), std::string("ok"));
    QVERIFY(facts["problems"].empty());
    QCOMPARE(facts["functions"].size(), 2U);
    QCOMPARE(facts["functions"][0]["name"].get<std::string>(),
             std::string("__torch__.Net.After Inline"));
    QCOMPARE(facts["functions"][0]["nodes"].get<int>(), 3);
    QCOMPARE(facts["functions"][0]["with_source"].get<int>(), 1);
    QCOMPARE(facts["methods"].size(), 2U);
    QCOMPARE(facts["methods"][1]["name"].get<std::string>(), std::string("graph_1"));
    const auto text = test::runCli({QStringLiteral("info"), file});
    QVERIFY2(text.out.starts_with("printed-ir: ok"), text.out.c_str());
}

void PrintedIrTest::graphPrintsItAgain()
{
    const QString file = write("log.txt", graphs);
    const auto first = test::runCli({QStringLiteral("graph"), file});
    QCOMPARE(first.exitCode, 0);
    QVERIFY(first.out.find("aten::linear(%x.1, %w), scope: fc # /home/net.py:12:3") !=
            std::string::npos);
    const auto second = test::runCli(
        {QStringLiteral("graph"), file, QStringLiteral("--method"), QStringLiteral("graph_1")});
    QCOMPARE(second.out, std::string("graph(%x : Tensor):\n  return (%x)\n"));
    const auto absent = test::runCli(
        {QStringLiteral("graph"), file, QStringLiteral("--method"), QStringLiteral("other")});
    QCOMPARE(absent.exitCode, 2);
}

void PrintedIrTest::aDocumentIsMadeOfIt()
{
    const QString file = write("log.txt", graphs);
    const QString document = m_folder.filePath(QStringLiteral("log.jitscope"));
    const auto result = test::runCli(
        {QStringLiteral("open"), file, QStringLiteral("-o"), document, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    QCOMPARE(result.json()["nodes"].get<int>(), 3);
    const auto reader = document::Reader::open(document.toStdString());
    QVERIFY(reader);
    QCOMPARE(*reader->info("model_kind"), std::string("printed-ir"));
    const auto modules = reader->rows<document::ModuleRow>();
    QVERIFY(modules);
    QCOMPARE(modules->size(), 2U);
    QCOMPARE((*modules)[1].path, std::string("fc"));
    QCOMPARE((*modules)[1].class_name, std::string("Linear"));
    // The graph whose nodes have scopes is there gathered by module, too.
    const auto stages = reader->rows<document::StageRow>();
    QVERIFY(stages);
    QCOMPARE(stages->size(), 2U);
    QCOMPARE((*stages)[1].kind, std::string("inlined"));
    QVERIFY((*stages)[1].graph != 0);
}

void PrintedIrTest::nothingCanBeRun()
{
    const QString file = write("log.txt", graphs);
    for (const QStringList& arguments :
         {QStringList{QStringLiteral("passes"), file, QStringLiteral("--apply"),
                      QStringLiteral("eliminate-dead-code")},
          QStringList{QStringLiteral("profile"), file}}) {
        const auto result = test::runCli(arguments);
        QCOMPARE(result.exitCode, 4);
        QVERIFY2(result.messages.find("there is no model to apply passes to or run") !=
                     std::string::npos,
                 result.messages.c_str());
    }
}

void PrintedIrTest::mistakesAreShown()
{
    QByteArray broken = graphs;
    broken.replace("aten::linear(%x.1, %w)", "aten::linear(%x.1, %v)");
    const QString file = write("broken.txt", broken);
    const auto info = test::runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QCOMPARE(info.exitCode, 3);
    QCOMPARE(info.json()["verdict"].get<std::string>(), std::string("damaged"));
    QCOMPARE(info.json()["problems"][0]["code"].get<std::string>(), std::string("syntax"));
    const auto opened = test::runCli({QStringLiteral("open"), file, QStringLiteral("-o"),
                                      m_folder.filePath(QStringLiteral("broken.jitscope"))});
    QCOMPARE(opened.exitCode, 3);
    QVERIFY2(opened.messages.find("Line 6, column 36: expected a value that is defined before: %v "
                                  "is not") != std::string::npos,
             opened.messages.c_str());
    const auto none = test::runCli({QStringLiteral("info"), write("words.txt", "only words\n")});
    QCOMPARE(none.exitCode, 3);
}

// What `graph` prints of a model is printed IR.
void PrintedIrTest::ownPrintsOpen()
{
    const auto printed = test::runCli({QStringLiteral("graph"),
                                       test::samplePath(QStringLiteral("nested_if_loop.pt")),
                                       QStringLiteral("--stage"), QStringLiteral("inlined")});
    QCOMPARE(printed.exitCode, 0);
    const QString file = write("own.txt", QByteArray::fromStdString(printed.out));
    const auto again = test::runCli({QStringLiteral("graph"), file});
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.out, printed.out);
}

QTEST_GUILESS_MAIN(PrintedIrTest)
#include "printed_ir_test.moc"
