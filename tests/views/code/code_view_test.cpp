#include "tests/core/timeline/recordings.h"
#include "views/code/code_edit_p.h"
#include "views/code/code_view.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>

using namespace jitscope;
using namespace jitscope::views;

class CodeViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void nothingOpen();
    void pythonSource();
    void clickSelectsEveryInstance();
    void selectionMarksLines();
    void irIsLinkedByLine();
    void serializedCodeGoesToTheDefinition();
    void heatOfTheRun();
    void findGoesRound();
    void searchFolder();

private:
    void open();
    template <typename T>
    T* child(const char* name)
    {
        T* found = m_view->findChild<T*>(QLatin1String(name));
        if (found == nullptr)
            qFatal("no %s", name);
        return found;
    }
    void choose(const QString& start);
    void save(const char* name);
    CodeEdit& edit() { return *child<CodeEdit>("codeText"); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::RecordingDocument> m_recording;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<CodeView> m_view;
};

void CodeViewTest::init()
{
    // All but what the offscreen platform says of itself.
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
    m_folder = std::make_unique<QTemporaryDir>();
    m_recording = std::make_unique<test::RecordingDocument>(
        m_folder->filePath(QStringLiteral("run.jitscope")).toStdString(), 2);
    m_document = std::make_unique<DocumentModel>();
    m_selection = std::make_unique<Selection>();
    m_view = std::make_unique<CodeView>(*m_document, *m_selection);
    m_view->resize(700, 560);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void CodeViewTest::cleanup()
{
    m_view.reset();
    m_selection.reset();
    m_document.reset();
    m_recording.reset();
}

void CodeViewTest::open()
{
    QSignalSpy opened(m_document.get(), &DocumentModel::opened);
    m_document->open(QString::fromStdString(m_recording->path().string()));
    QVERIFY(opened.wait());
}

void CodeViewTest::choose(const QString& start)
{
    auto* texts = child<QComboBox>("codeTexts");
    const int row = texts->findText(start, Qt::MatchStartsWith);
    QVERIFY(row >= 0);
    texts->setCurrentIndex(row);
    Q_EMIT texts->activated(row);
}

void CodeViewTest::save(const char* name)
{
    const QString folder = qEnvironmentVariable("JITSCOPE_SAVE_PICTURES");
    if (folder.isEmpty())
        return;
    const QString path = folder + QLatin1Char('/') + QLatin1String(name);
    QVERIFY(m_view->grab().save(path + QStringLiteral(".png")));
    QPalette dark(QColor(0xff31363b), QColor(0xff2b2f34));
    dark.setColor(QPalette::Base, QColor(0xff1d2024));
    dark.setColor(QPalette::AlternateBase, QColor(0xff23272c));
    const QPalette light = m_view->palette();
    m_view->setPalette(dark);
    QVERIFY(m_view->grab().save(path + QStringLiteral("-dark.png")));
    m_view->setPalette(light);
}

void CodeViewTest::nothingOpen()
{
    QVERIFY(child<QLabel>("codeMessage")->isVisible());
    m_view->findNext();
    QVERIFY(!m_view->showSource(QStringLiteral("/none.py"), 1));
}

void CodeViewTest::pythonSource()
{
    open();
    QCOMPARE(child<QComboBox>("codeTexts")->currentText(), QStringLiteral("Python: net.py"));
    QVERIFY(edit().isVisible());
    QVERIFY(child<QLabel>("codeNotice")
                ->text()
                .contains(QStringLiteral("/home/models/net.py is not here")));
    QCOMPARE(edit().document()->findBlockByNumber(22).text().trimmed(),
             QStringLiteral("out = self.conv1(x)"));
    QVERIFY(edit().code().nodes.contains(22));
    QVERIFY(!edit().code().nodes.contains(0));
    QVERIFY(m_view->showSource(QStringLiteral("/home/models/net.py"), 35));
    QVERIFY(!m_view->showSource(QStringLiteral("/home/models/net.py"), 999));
}

void CodeViewTest::clickSelectsEveryInstance()
{
    open();
    Q_EMIT edit().lineClicked(22);
    QStringList paths;
    for (const document::NodeRef& ref : m_selection->nodes())
        paths << QString::fromStdString(ref.modulePath);
    QCOMPARE(paths,
             (QStringList{QStringLiteral("layer1.0.conv1"), QStringLiteral("layer1.1.conv1")}));
    QCOMPARE(edit().markedLines(), std::vector<int>{22});
    Q_EMIT edit().lineClicked(0); // has no nodes: the selection stays
    QCOMPARE(m_selection->nodes().size(), 2U);
    Q_EMIT edit().lineClicked(100'000);
}

void CodeViewTest::selectionMarksLines()
{
    open();
    const ir::Node& node = m_recording->graph().nodes[3]; // conv2 of layer1.0
    m_selection->selectNodes({{"layer1.0.conv2", 1'000'003, node.key}}, nullptr);
    QCOMPARE(edit().markedLines(), std::vector<int>{25});
    m_selection->selectNodes({{"x", 0, 424'242}}, nullptr); // unknown
    QVERIFY(edit().markedLines().empty());
    m_selection->clear(nullptr);
}

void CodeViewTest::irIsLinkedByLine()
{
    open();
    choose(QStringLiteral("IR"));
    QTRY_VERIFY(edit().toPlainText().startsWith(QStringLiteral("graph(")));
    m_document->setCurrentStage(m_recording->stage());
    QTRY_VERIFY(edit().toPlainText().contains(QStringLiteral("aten::linear")));
    QCOMPARE(edit().code().nodes.size(), m_recording->graph().nodes.size());
    for (const auto& [line, keys] : edit().code().nodes) {
        const QString text = edit().document()->findBlockByNumber(line).text();
        const ir::Node& node = m_recording->graph().nodes.at(static_cast<std::size_t>(line - 1));
        QCOMPARE(keys, std::vector<ir::NodeKey>{node.key});
        QVERIFY(
            text.contains(QString::fromStdString(std::string(m_recording->graph().kind(node)))));
    }
    Q_EMIT edit().lineClicked(1);
    QCOMPARE(m_selection->nodes().size(), 1U);
    QCOMPARE(m_selection->nodes()[0].modulePath, std::string("layer1.0.conv1"));
    save("code-ir");
}

void CodeViewTest::serializedCodeGoesToTheDefinition()
{
    open();
    choose(QStringLiteral("Serialized"));
    const ir::Node& node = m_recording->graph().nodes[0];
    m_selection->selectNodes({{"layer1.0.conv1", 1'000'000, node.key}}, nullptr);
    QCOMPARE(edit().markedLines(), std::vector<int>{2});
    save("code-serialized");
}

void CodeViewTest::heatOfTheRun()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 2);
    open();
    QTRY_VERIFY(!edit().heat().empty());
    std::int64_t expected = 0;
    for (const ir::Node& node : m_recording->graph().nodes) {
        if (node.source.line == 23)
            expected += m_recording->durationOf(node, 0) + m_recording->durationOf(node, 1);
    }
    QCOMPARE(edit().heat().at(22), expected);
    Q_EMIT edit().lineClicked(22);
    save("code-python");
}

void CodeViewTest::findGoesRound()
{
    open();
    m_view->find();
    auto* text = child<QLineEdit>("codeFindText");
    QVERIFY(text->isVisible());
    text->setText(QStringLiteral("self.conv2"));
    const int first = edit().textCursor().blockNumber();
    m_view->findNext();
    const int second = edit().textCursor().blockNumber();
    QVERIFY(second > first);
    m_view->findNext();
    QCOMPARE(edit().textCursor().blockNumber(), first);
    m_view->findPrevious();
    QCOMPARE(edit().textCursor().blockNumber(), second);
    text->setText(QStringLiteral("not there at all"));
    QCOMPARE(child<QLabel>("codeFindResult")->text(), QStringLiteral("Not found"));
    QTest::keyClick(text, Qt::Key_Escape);
    QVERIFY(!text->isVisible());
}

void CodeViewTest::searchFolder()
{
    open();
    const QString carried = edit().toPlainText();
    QDir(m_folder->path()).mkpath(QStringLiteral("models"));
    const auto write = [&](const QString& content) {
        QFile file(m_folder->filePath(QStringLiteral("models/net.py")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content.toUtf8());
    };
    write(carried + QStringLiteral("\n\n# the end\n"));
    m_view->setSearchFolders({m_folder->path()});
    QVERIFY(edit().toPlainText().endsWith(QStringLiteral("# the end")));
    QVERIFY(!child<QLabel>("codeNotice")->isVisible());
    write(QStringLiteral("something else\n"));
    m_view->setSearchFolders({m_folder->path()});
    QCOMPARE(edit().toPlainText(), carried);
    QVERIFY(child<QLabel>("codeNotice")->text().contains(QStringLiteral("differs")));
}

QTEST_MAIN(CodeViewTest)
#include "code_view_test.moc"
