#include "tests/core/timeline/recordings.h"
#include "views/code/call_stack_panel_p.h"
#include "views/code/code_edit_p.h"
#include "views/code/code_view.h"
#include "views/code/search_folders_dialog_p.h"
#include "views/code/unlocated_dialog_p.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

using namespace jitscope;
using namespace jitscope::views;

class CodeViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void nothingOpen();
    void pythonSource();
    void clickSelectsEveryInstance();
    void clickInOneTextMarksTheOthers();
    void selectionMarksLines();
    void irIsLinkedByLine();
    void serializedCodeIsLinkedByLine();
    void aModuleLeadsToItsDefinition();
    void linesCountTheNodesOfTheStage();
    void nodesWithoutALineAreListed();
    void shownTextsAreRemembered();
    void callStackIsClickable();
    void heatOfTheRun();
    void findGoesRound();
    void searchFolder();
    void severalFilesFit();
    void theFileNoLongerFits();
    void foldersDialog();
    void longTextsAreColouredInSight();

private:
    void open();
    void make();
    template <typename T>
    T* child(const char* name)
    {
        T* found = m_view->findChild<T*>(QLatin1String(name));
        if (found == nullptr)
            qFatal("no %s", name);
        return found;
    }
    void show(const char* action, bool wanted = true)
    {
        child<QAction>(action)->setChecked(wanted);
    }
    void writeSource(const QString& file, const QString& text);
    void save(const char* name);
    CodeEdit& python() { return *child<CodeEdit>("pythonText"); }
    CodeEdit& serialized() { return *child<CodeEdit>("serializedText"); }
    CodeEdit& ir() { return *child<CodeEdit>("irText"); }
    QStringList selectedPaths() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::RecordingDocument> m_recording;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<CodeView> m_view;
};

void CodeViewTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
    QCoreApplication::setApplicationName(QStringLiteral("code-view"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
}

void CodeViewTest::init()
{
    // All but what the offscreen platform says of itself.
    QTest::failOnWarning(QRegularExpression(
        QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise))")));
    m_folder = std::make_unique<QTemporaryDir>();
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
    QSettings().clear();
    m_recording = std::make_unique<test::RecordingDocument>(
        m_folder->filePath(QStringLiteral("run.jitscope")).toStdString(), 2);
    m_document = std::make_unique<DocumentModel>();
    m_selection = std::make_unique<Selection>();
    make();
}

void CodeViewTest::make()
{
    m_view = std::make_unique<CodeView>(*m_document, *m_selection);
    m_view->resize(900, 560);
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
    QTRY_VERIFY(!python().code().nodes.empty());
}

void CodeViewTest::writeSource(const QString& file, const QString& text)
{
    const QString path = m_folder->filePath(file);
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile out(path);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text.toUtf8());
}

QStringList CodeViewTest::selectedPaths() const
{
    QStringList paths;
    for (const document::NodeRef& ref : m_selection->nodes())
        paths << QString::fromStdString(ref.modulePath);
    return paths;
}

void CodeViewTest::save(const char* name)
{
    const QString folder = qEnvironmentVariable("JITSCOPE_SAVE_PICTURES");
    if (folder.isEmpty())
        return;
    const QString path = folder + QLatin1Char('/') + QLatin1String(name);
    QTest::qWait(100); // for layouts
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
    QVERIFY(child<QLabel>("pythonMessage")->isVisible());
    m_view->findNext();
    QVERIFY(!m_view->showSource(QStringLiteral("/none.py"), 1));
    QVERIFY(!child<QAction>("codeUnlocated")->isEnabled());
}

void CodeViewTest::pythonSource()
{
    open();
    QCOMPARE(child<QComboBox>("pythonTexts")->currentText(), QStringLiteral("net.py"));
    QVERIFY(python().isVisible());
    QVERIFY(child<QLabel>("pythonOrigin")
                ->toolTip()
                .contains(QStringLiteral("debug records: /home/models/net.py is not here")));
    QVERIFY(!child<QLabel>("pythonWarning")->isVisible());
    QCOMPARE(python().document()->findBlockByNumber(22).text().trimmed(),
             QStringLiteral("out = self.conv1(x)"));
    QVERIFY(python().code().nodes.contains(22));
    QVERIFY(!python().code().nodes.contains(0));
    QVERIFY(m_view->showSource(QStringLiteral("/home/models/net.py"), 35));
    QCOMPARE(python().markedLines(), std::vector<int>{34});
    QSignalSpy said(m_view.get(), &CodeView::statusMessage);
    QVERIFY(m_view->showSource(QStringLiteral("/home/models/net.py"), 999));
    QCOMPARE(said.size(), 1); // the line is not there
    QVERIFY(!m_view->showSource(QStringLiteral("/home/models/other.py"), 1));
}

void CodeViewTest::clickSelectsEveryInstance()
{
    open();
    Q_EMIT python().lineClicked(22);
    // Of the stage `loaded`: the node of the shared body, in both instances.
    QCOMPARE(selectedPaths(),
             (QStringList{QStringLiteral("layer1.0"), QStringLiteral("layer1.1")}));
    QCOMPARE(python().markedLines(), std::vector<int>{22});
    Q_EMIT python().lineClicked(0); // has no nodes: the selection stays
    QCOMPARE(m_selection->nodes().size(), 2U);
    Q_EMIT python().lineClicked(100'000);
    m_document->setCurrentStage(m_recording->stage());
    QTRY_COMPARE(python().code().nodes.at(22).size(), 2U);
    Q_EMIT python().lineClicked(22);
    QCOMPARE(selectedPaths(),
             (QStringList{QStringLiteral("layer1.0.conv1"), QStringLiteral("layer1.1.conv1")}));
}

void CodeViewTest::clickInOneTextMarksTheOthers()
{
    show("codeShowSerialized");
    show("codeShowIr");
    open();
    m_document->setCurrentStage(m_recording->stage());
    QTRY_VERIFY(ir().code().text.contains(QStringLiteral("aten::linear")));
    QTRY_VERIFY(!serialized().code().nodes.empty());
    QTRY_COMPARE(python().code().nodes.at(22).size(), 2U);
    Q_EMIT python().lineClicked(22);
    QCOMPARE(python().markedLines(), std::vector<int>{22});
    QCOMPARE(serialized().markedLines(), std::vector<int>{5});
    QCOMPARE(ir().markedLines(), (std::vector<int>{1, 8}));
    save("code-beside");
    Q_EMIT serialized().lineClicked(6);
    QCOMPARE(python().markedLines(), std::vector<int>{27});
    Q_EMIT ir().lineClicked(1);
    QCOMPARE(selectedPaths(), QStringList{QStringLiteral("layer1.0.conv1")});
    QCOMPARE(python().markedLines(), std::vector<int>{22});
    QCOMPARE(serialized().markedLines(), std::vector<int>{5});
}

void CodeViewTest::selectionMarksLines()
{
    open();
    const ir::Node& node = m_recording->graph().nodes[3]; // conv2 of layer1.0
    m_selection->selectNodes({{"layer1.0.conv2", 1'000'003, node.key}}, nullptr);
    QCOMPARE(python().markedLines(), std::vector<int>{25});
    m_selection->selectNodes({{"x", 0, 424'242}}, nullptr); // unknown
    QVERIFY(python().markedLines().empty());
    m_selection->clear(nullptr);
}

void CodeViewTest::irIsLinkedByLine()
{
    show("codeShowIr");
    open();
    QTRY_VERIFY(ir().toPlainText().startsWith(QStringLiteral("graph(")));
    m_document->setCurrentStage(m_recording->stage());
    QTRY_VERIFY(ir().toPlainText().contains(QStringLiteral("aten::linear")));
    QCOMPARE(ir().code().nodes.size(), m_recording->graph().nodes.size());
    for (const auto& [line, keys] : ir().code().nodes) {
        const QString text = ir().document()->findBlockByNumber(line).text();
        const ir::Node& node = m_recording->graph().nodes.at(static_cast<std::size_t>(line - 1));
        QCOMPARE(keys, std::vector<ir::NodeKey>{node.key});
        QVERIFY(
            text.contains(QString::fromStdString(std::string(m_recording->graph().kind(node)))));
    }
    Q_EMIT ir().lineClicked(1);
    QCOMPARE(m_selection->nodes().size(), 1U);
    QCOMPARE(m_selection->nodes()[0].modulePath, std::string("layer1.0.conv1"));
}

void CodeViewTest::serializedCodeIsLinkedByLine()
{
    show("codeShowSerialized");
    open();
    QTRY_VERIFY(!serialized().code().nodes.empty());
    QCOMPARE(child<QComboBox>("serializedTexts")->currentText(), QStringLiteral("net.py"));
    const ir::Node& node = m_recording->graph().nodes[0];
    m_selection->selectNodes({{"layer1.0.conv1", 1'000'000, node.key}}, nullptr);
    QCOMPARE(serialized().markedLines(), std::vector<int>{5});
    Q_EMIT serialized().lineClicked(5);
    QCOMPARE(m_selection->nodes().size(), 12U); // six nodes in each of two instances
}

void CodeViewTest::aModuleLeadsToItsDefinition()
{
    show("codeShowSerialized");
    open();
    QTRY_VERIFY(!serialized().code().nodes.empty());
    m_selection->selectModule(QStringLiteral("layer1.1"), nullptr);
    QCOMPARE(serialized().markedLines(), std::vector<int>{2});
}

void CodeViewTest::linesCountTheNodesOfTheStage()
{
    open();
    QCOMPARE(python().code().nodes.at(22).size(), 1U);
    QVERIFY(python().tipOf(22).contains(QStringLiteral("1 node")));
    const int narrow = python().gutterWidth();
    m_document->setCurrentStage(m_recording->stage());
    QTRY_COMPARE(python().code().nodes.at(22).size(), 2U); // one in each instance
    QVERIFY(python().tipOf(22).contains(QStringLiteral("2 node")));
    QVERIFY(python().gutterWidth() > narrow); // the number stands beside the mark
}

void CodeViewTest::nodesWithoutALineAreListed()
{
    ir::Graph graph = m_recording->graph();
    graph.nodes[0].key = 500'000; // made by a pass, from nothing
    graph.nodes[0].ordinal = ir::none;
    graph.nodes[0].source = {};
    graph.nodes[0].function = 0;
    document::StageRow row;
    row.parent = m_recording->stage();
    row.kind = "pass";
    row.label = "Made";
    const auto stage = m_recording->writer().addStage(row, graph);
    QVERIFY(stage);
    open();
    QVERIFY(!child<QToolButton>("codeUnlocatedButton")->isVisible());
    m_document->setCurrentStage(*stage);
    QTRY_VERIFY(child<QToolButton>("codeUnlocatedButton")->isVisible());
    QVERIFY(child<QToolButton>("codeUnlocatedButton")->text().startsWith(QStringLiteral("1 node")));
    child<QAction>("codeUnlocated")->trigger();
    auto* list = child<QListView>("unlocatedList");
    QVERIFY(list->isVisible());
    const QAbstractItemModelTester tester(list->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(list->model()->rowCount(), 1);
    QVERIFY(list->model()->index(0, 0).data().toString().startsWith(QStringLiteral("aten::")));
    list->setCurrentIndex(list->model()->index(0, 0));
    QCOMPARE(m_selection->nodes().size(), 1U);
    QCOMPARE(m_selection->nodes()[0].key, 500'000U);
}

void CodeViewTest::shownTextsAreRemembered()
{
    show("codeShowIr");
    show("codeShowPython", false);
    m_view.reset();
    make();
    QVERIFY(child<QAction>("codeShowIr")->isChecked());
    QVERIFY(!child<QAction>("codeShowPython")->isChecked());
    QVERIFY(child<QWidget>("irPane")->isVisible());
    QVERIFY(!child<QWidget>("pythonPane")->isVisible());
    show("codeShowIr", false); // the last one stays
    QVERIFY(child<QAction>("codeShowIr")->isChecked());
    QVERIFY(child<QWidget>("irPane")->isVisible());
}

void CodeViewTest::callStackIsClickable()
{
    ir::Graph graph = m_recording->graph();
    graph.nodes[0].source.callChain =
        graph.strings.intern("/home/models/net.py(23): forward\n/home/models/net.py(35): forward\n"
                             "/home/models/main.py(7): <module>");
    document::StageRow row;
    row.parent = 1;
    row.kind = "inlined";
    row.label = "traced";
    row.method = "traced";
    const auto stage = m_recording->writer().addStage(row, graph);
    QVERIFY(stage);
    open();
    m_document->setCurrentStage(*stage);
    auto* panel = child<CallStackPanel>("callStackPanel");
    QVERIFY(!panel->isVisible());
    m_selection->selectNodes({{"layer1.0.conv1", 1'000'000, graph.nodes[0].key}}, nullptr);
    QTRY_VERIFY(panel->isVisible());
    auto* list = child<QListWidget>("callStackList");
    QCOMPARE(list->count(), 3);
    QCOMPARE(list->item(1)->text(), QStringLiteral("net.py:35   forward"));
    save("code-calls");
    list->setCurrentRow(1);
    QCOMPARE(python().markedLines(), std::vector<int>{34});
    QSignalSpy said(m_view.get(), &CodeView::statusMessage);
    list->setCurrentRow(2); // a file that the model knows nothing of
    QCOMPARE(said.size(), 1);
    m_selection->clear(nullptr);
    QVERIFY(!panel->isVisible());
}

void CodeViewTest::heatOfTheRun()
{
    const std::int64_t run = m_recording->addRun();
    m_recording->record(run, 2);
    open();
    QTRY_VERIFY(!python().heat().empty());
    std::int64_t expected = 0;
    for (const ir::Node& node : m_recording->graph().nodes) {
        if (node.source.line == 23)
            expected += m_recording->durationOf(node, 0) + m_recording->durationOf(node, 1);
    }
    QCOMPARE(python().heat().at(22), expected);
    Q_EMIT python().lineClicked(22);
    save("code-python");
}

void CodeViewTest::findGoesRound()
{
    open();
    m_view->find();
    auto* text = child<QLineEdit>("codeFindText");
    QVERIFY(text->isVisible());
    text->setText(QStringLiteral("self.conv2"));
    const int first = python().textCursor().blockNumber();
    m_view->findNext();
    const int second = python().textCursor().blockNumber();
    QVERIFY(second > first);
    m_view->findNext();
    QCOMPARE(python().textCursor().blockNumber(), first);
    m_view->findPrevious();
    QCOMPARE(python().textCursor().blockNumber(), second);
    text->setText(QStringLiteral("not there at all"));
    QCOMPARE(child<QLabel>("codeFindResult")->text(), QStringLiteral("Not found"));
    QTest::keyClick(text, Qt::Key_Escape);
    QVERIFY(!text->isVisible());
}

void CodeViewTest::searchFolder()
{
    open();
    const QString carried = python().toPlainText();
    writeSource(QStringLiteral("deep/down/models/net.py"), carried + QStringLiteral("\n\n# end\n"));
    writeSource(QStringLiteral("elsewhere/net.py"), QStringLiteral("another\n"));
    m_view->setSearchFolders({m_folder->path()});
    QTRY_VERIFY(python().toPlainText().endsWith(QStringLiteral("# end")));
    QVERIFY(child<QLabel>("pythonOrigin")
                ->toolTip()
                .endsWith(QStringLiteral("deep/down/models/net.py")));
    QVERIFY(!child<QLabel>("pythonWarning")->isVisible());
    m_view.reset();
    make();
    QCOMPARE(m_view->searchFolders(), QStringList{m_folder->path()}); // remembered
}

void CodeViewTest::severalFilesFit()
{
    open();
    const QString carried = python().toPlainText();
    writeSource(QStringLiteral("a/models/net.py"), carried + QStringLiteral("\n# a\n"));
    writeSource(QStringLiteral("b/models/net.py"), carried + QStringLiteral("\n# b\n"));
    m_view->setSearchFolders({m_folder->path()});
    QTRY_VERIFY(child<QToolButton>("pythonCandidates")->isVisible());
    QCOMPARE(python().toPlainText(), carried);
    const QList<QAction*> files = child<QToolButton>("pythonCandidates")->menu()->actions();
    QCOMPARE(files.size(), 2);
    files[1]->trigger();
    QTRY_VERIFY(python().toPlainText().endsWith(QStringLiteral("# b")));
    QVERIFY(child<QLabel>("pythonOrigin")->toolTip().contains(QStringLiteral("you chose")));
    QVERIFY(!child<QToolButton>("pythonCandidates")->isVisible());
}

void CodeViewTest::theFileNoLongerFits()
{
    open();
    const QString carried = python().toPlainText();
    QString changed = carried;
    changed.replace(QStringLiteral("self.conv1(x)"), QStringLiteral("self.conv9(x)"));
    writeSource(QStringLiteral("models/net.py"), changed);
    m_view->setSearchFolders({m_folder->path()});
    QTRY_VERIFY(child<QLabel>("pythonWarning")->isVisible());
    QVERIFY(child<QLabel>("pythonWarning")
                ->text()
                .contains(QStringLiteral("does not fit the model any more: 1 of the")));
    QCOMPARE(python().toPlainText(), carried); // what the model was made from
    child<QToolButton>("pythonOther")->click();
    QTRY_COMPARE(python().toPlainText(), changed);
    QVERIFY(child<QLabel>("pythonWarning")->isVisible());
    save("code-differs");
    child<QToolButton>("pythonOther")->click();
    QTRY_COMPARE(python().toPlainText(), carried);
}

void CodeViewTest::foldersDialog()
{
    child<QAction>("codeSearchFolders")->trigger();
    auto* dialog = child<SearchFoldersDialog>("searchFoldersDialog");
    dialog->addFolder(m_folder->path());
    dialog->addFolder(m_folder->path()); // once
    dialog->addFolder(QStringLiteral("/not/there"));
    QCOMPARE(child<QListWidget>("searchFoldersList")->count(), 2);
    child<QListWidget>("searchFoldersList")->setCurrentRow(1);
    child<QWidget>("searchFoldersRemove")->setFocus();
    QTest::keyClick(child<QWidget>("searchFoldersRemove"), Qt::Key_Space);
    dialog->accept();
    QCOMPARE(m_view->searchFolders(), QStringList{m_folder->path()});
}

void CodeViewTest::longTextsAreColouredInSight()
{
    QString text;
    for (int i = 0; i < 40'000; ++i)
        text += QStringLiteral("  %%1 : Tensor = aten::relu(%x)\n").arg(i);
    CodeEdit edit;
    edit.resize(600, 400);
    edit.show();
    QVERIFY(QTest::qWaitForWindowExposed(&edit));
    CodeText code;
    code.language = CodeLanguage::Ir;
    code.text = text.chopped(1);
    code.nodes[30'000] = {7};
    (void)edit.setCode(prepare(std::move(code), edit.font(), thread()));
    const auto colours = [&](int line) {
        return edit.document()->findBlockByNumber(line).layout()->formats().size();
    };
    QVERIFY(colours(0) > 0);
    QCOMPARE(colours(30'000), 0);
    edit.setMarkedLines({30'000}, true);
    QTRY_VERIFY(colours(30'000) > 0);
    QCOMPARE(colours(15'000), 0);
    bool wrapped = false;
    QVERIFY(edit.findText(QStringLiteral("%39999 :"), false, wrapped));
    QVERIFY(!wrapped);
    QCOMPARE(edit.textCursor().blockNumber(), 39'999);
}

QTEST_MAIN(CodeViewTest)
#include "code_view_test.moc"
