// Where the code view opens, what modules and functions lead to, and how its panes share the room.
#include "core/document/writer.h"
#include "tests/core/ir/graph_builder.h"
#include "tests/core/timeline/recordings.h"
#include "views/code/code_edit_p.h"
#include "views/code/code_view.h"

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;
using namespace jitscope::views;

namespace {

// A model whose nodes are in three files: a library's, its own, and one that is nowhere.
ir::Program programOfThreeFiles(bool isRootCarried)
{
    ir::Program program;
    program.modules.push_back({"", "__torch__.net.Net", "Net", ir::none, {{"forward", 0}}});
    program.modules.push_back({"a", "__torch__.net.Part", "Part", 0, {{"forward", 1}}});
    program.modules.push_back({"b", "__torch__.net.Part", "Part", 0, {{"forward", 1}}});
    const auto name = [](ir::Graph& graph, const std::string& function, ir::NodeKey first) {
        for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
            graph.nodes[id].key = first + id;
            graph.nodes[id].function = graph.strings.intern(function);
            graph.nodes[id].ordinal = id;
        }
    };
    test::GraphBuilder root;
    const ir::NodeId rootNode = root.node("aten::relu", {root.parameter("x", "Tensor")}, {"y"});
    root.at(rootNode, "/models/zz_net.py", 72, 9);
    ir::Graph rootGraph = root.finish({root.output(rootNode)});
    name(rootGraph, "__torch__.net.Net.forward", 10);
    const std::string callee = "__torch__.torch.nn.functional.scale";
    test::GraphBuilder part;
    const ir::ValueId x = part.parameter("x", "Tensor");
    const ir::NodeId function = part.node("prim::Constant", {}, {"scale"}, "Function");
    part.attribute(function, "name", ir::AttributeKind::String, "\"" + callee + "\"");
    const ir::NodeId call = part.node("prim::CallFunction", {part.output(function), x}, {"scaled"});
    part.at(call, "/models/lost.py", 5, 9);
    ir::Graph partGraph = part.finish({part.output(call)});
    name(partGraph, "__torch__.net.Part.forward", 20);
    test::GraphBuilder scale;
    ir::ValueId value = scale.parameter("x", "Tensor");
    for (int i = 0; i < 5; ++i) {
        const ir::NodeId node = scale.node("aten::mul", {value}, {"v"});
        scale.at(node, "/usr/lib/site-packages/torch/nn/functional.py", 3, 5);
        value = scale.output(node);
    }
    ir::Graph scaleGraph = scale.finish({value});
    name(scaleGraph, callee, 30);
    program.functions.push_back(
        {"__torch__.net.Net.forward", "forward(Tensor x) -> Tensor", true, rootGraph});
    program.functions.push_back(
        {"__torch__.net.Part.forward", "forward(Tensor x) -> Tensor", true, partGraph});
    program.functions.push_back({callee, "scale(Tensor x) -> Tensor", false, scaleGraph});
    program.sources.push_back({"/usr/lib/site-packages/torch/nn/functional.py", 1,
                               "def scale(x):\n    # five times\n    return x * 2 * 2 * 2 * 2\n"});
    if (isRootCarried)
        program.sources.push_back(
            {"/models/zz_net.py", 70, "def forward(self, x):\n    # up\n    return relu(x)\n"});
    std::string code = "class Part(Module):\n  def forward(self, x):\n    return scale(x)\n";
    for (int i = 0; i < 200; ++i)
        code += "# filler\n";
    program.code.push_back({"code/__torch__/net.py",
                            code + "class Net(Module):\n  def forward(self, x):\n    return x\n"});
    return program;
}

} // namespace

class CodePlacesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("code-places"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
    }

    void init()
    {
        // All but what the offscreen platform says of itself.
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise))")));
        m_folder = std::make_unique<QTemporaryDir>();
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder->path());
        QSettings().clear();
        m_document = std::make_unique<DocumentModel>();
        m_selection = std::make_unique<Selection>();
        make();
    }

    void cleanup()
    {
        m_view.reset();
        m_selection.reset();
        m_document.reset();
    }

    void aModuleLeadsToItsPythonToo()
    {
        open();
        m_selection->selectModule(QStringLiteral("layer1.1"), nullptr);
        QCOMPARE(python().markedLines(), std::vector<int>{20}); // def forward(self, x):
        m_selection->selectModule({}, nullptr);                 // has no code of its own
        QVERIFY(python().markedLines().empty());
    }

    void opensAtTheModelItself()
    {
        show("codeShowSerialized");
        open(programOfThreeFiles(true));
        QTRY_COMPARE(child<QComboBox>("pythonTexts")->currentText(), QStringLiteral("zz_net.py"));
        QTRY_VERIFY(python().toPlainText().startsWith(QStringLiteral("def forward")));
        // Nothing is marked, but it is in sight.
        const auto isInSight = [this](CodeEdit& edit, const QString& text) {
            const QRect place = edit.cursorRect(QTextCursor(edit.document()->find(text)));
            return edit.viewport()->rect().contains(place.center());
        };
        QTRY_VERIFY(isInSight(serialized(), QStringLiteral("class Net")));
        QVERIFY(serialized().markedLines().empty());
    }

    void opensAtAFileThatCanBeRead()
    {
        open(programOfThreeFiles(false));
        QTRY_COMPARE(child<QComboBox>("pythonTexts")->currentText(),
                     QStringLiteral("functional.py"));
        QTRY_VERIFY(python().isVisible());
    }

    void aLineOfAFunctionSelectsItsCallers()
    {
        open(programOfThreeFiles(false));
        QTRY_VERIFY(python().code().nodes.contains(2));
        QTRY_COMPARE((Q_EMIT python().lineClicked(2), selectedPaths().size()), 10);
        QVERIFY(selectedPaths().contains(QStringLiteral("a")));
        QVERIFY(selectedPaths().contains(QStringLiteral("b")));
    }

    void panesHaveEqualShares()
    {
        show("codeShowSerialized");
        show("codeShowIr");
        open();
        const auto length = [this](const char* pane) {
            auto* widget = child<QWidget>(pane);
            const bool isBeside =
                qobject_cast<QSplitter*>(widget->parentWidget())->orientation() == Qt::Horizontal;
            return isBeside ? widget->width() : widget->height();
        };
        m_view->resize(400, 900); // one above the other
        QTRY_VERIFY(std::abs(length("pythonPane") - length("irPane")) <= 2);
        QVERIFY(std::abs(length("pythonPane") - length("serializedPane")) <= 2);
        m_view->resize(1500, 900);
        QTRY_VERIFY(length("pythonPane") > 400);
        QVERIFY(std::abs(length("pythonPane") - length("irPane")) <= 2);
        // What the user makes of it stays.
        auto* splitter = qobject_cast<QSplitter*>(child<QWidget>("irPane")->parentWidget());
        auto* handle = splitter->handle(1);
        const QPoint middle = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, middle);
        QTest::mouseMove(handle, middle + QPoint(150, 0));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, middle + QPoint(150, 0));
        const int wide = length("pythonPane");
        QVERIFY(wide > length("irPane") + 100);
        m_view = std::make_unique<CodeView>(*m_document, *m_selection);
        m_view->resize(1500, 900);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        QTRY_VERIFY(std::abs(length("pythonPane") - wide) <= 3);
    }

    void keysWorkInTheWholeWindow()
    {
        QSignalSpy wanted(m_view.get(), &CodeView::wanted);
        for (const char* const name : {"codeFind", "codeFindNext", "codeFindPrevious",
                                       "codeSearchFolders", "codeUnlocated", "codeShowIr"})
            QCOMPARE(child<QAction>(name)->shortcutContext(), Qt::WindowShortcut);
        child<QAction>("codeFindNext")->trigger();
        QCOMPARE(wanted.size(), 1);
        QVERIFY(child<QLineEdit>("codeFindText")->isVisible());
    }

private:
    void make()
    {
        m_view = std::make_unique<CodeView>(*m_document, *m_selection);
        m_view->resize(900, 560);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    // A recorded model of one file.
    void open()
    {
        const QString path = m_folder->filePath(QStringLiteral("run.jitscope"));
        const test::RecordingDocument recording(path.toStdString(), 2);
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
        QTRY_VERIFY(!python().code().nodes.empty());
    }

    void open(const ir::Program& program)
    {
        const QString path = m_folder->filePath(QStringLiteral("other.jitscope"));
        QVERIFY(document::Writer::create(path.toStdString()).value().writeProgram(program));
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
    }

    template <typename T>
    T* child(const char* name)
    {
        T* found = m_view->findChild<T*>(QLatin1String(name));
        if (found == nullptr)
            qFatal("no %s", name);
        return found;
    }
    void show(const char* action) { child<QAction>(action)->setChecked(true); }
    CodeEdit& python() { return *child<CodeEdit>("pythonText"); }
    CodeEdit& serialized() { return *child<CodeEdit>("serializedText"); }

    [[nodiscard]] QStringList selectedPaths() const
    {
        QStringList paths;
        for (const document::NodeRef& ref : m_selection->nodes())
            paths << QString::fromStdString(ref.modulePath);
        return paths;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<CodeView> m_view;
};

QTEST_MAIN(CodePlacesTest)
#include "code_places_test.moc"
