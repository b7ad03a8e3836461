// What the properties tell of a node: what its operator does, its inputs by name, what it may call.
#include "views/shell/node_description.h"

#include "core/document/writer.h"
#include "tests/core/ir/graph_builder.h"
#include "views/shell/properties_panel.h"

#include <QDesktopServices>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <algorithm>

namespace jitscope::views {

// Takes the place of the browser.
class FakeBrowser : public QObject
{
    Q_OBJECT

public:
    FakeBrowser() { QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "open"); }
    ~FakeBrowser() override { QDesktopServices::unsetUrlHandler(QStringLiteral("https")); }

    QList<QUrl> opened;

public Q_SLOTS:
    void open(const QUrl& url) { opened << url; }
};

class NodeDescriptionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        {
            auto writer = document::Writer::create(path.toStdString());
            QVERIFY(writer && writer->writeProgram(program()));
        }
        m_document = std::make_unique<DocumentModel>();
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
    }

    void cleanup() { m_document.reset(); }

    void anOperatorSaysWhatItDoes()
    {
        const Description description = describe("aten::relu");
        QCOMPARE(value(description, "aten::relu", "Does"),
                 QStringLiteral("Sets negative elements to zero."));
        const DescriptionLine* page = line(description, "aten::relu", "Documentation");
        QVERIFY(page != nullptr);
        QCOMPARE(page->value, QStringLiteral("torch.nn.functional.relu"));
        QVERIFY(page->link.startsWith(QStringLiteral("https://docs.pytorch.org/")));
        QVERIFY(line(description, "aten::relu", "Missing") == nullptr);
    }

    void inputsHaveTheNamesOfTheSchema()
    {
        const Description description = describe("aten::relu");
        QCOMPARE(value(description, "Inputs", "self"), QStringLiteral("%x : Tensor"));
        // Without a schema the value's own name stands there; constants show what they are.
        const Description other = describe("acme::fancy");
        QCOMPARE(value(other, "Inputs", "%1"), QStringLiteral("int = 3"));
    }

    void aMissingOperatorIsNamed()
    {
        const Description description = describe("acme::fancy");
        const QString missing = value(description, "acme::fancy", "Missing");
        QVERIFY2(missing.contains(QStringLiteral("acme-ops")), qPrintable(missing));
        QVERIFY2(missing.contains(QStringLiteral("guessed")), qPrintable(missing));
        QVERIFY(line(description, "acme::fancy", "Does") == nullptr);
    }

    void aCallThroughAnInterfaceListsWhatItMayReach()
    {
        const Description description = describe("prim::CallMethod");
        const auto section =
            std::find_if(description.begin(), description.end(), [](const DescriptionSection& s) {
                return s.title == QStringLiteral("May call");
            });
        QVERIFY(section != description.end());
        QCOMPARE(section->lines.size(), std::size_t{2});
        QCOMPARE(section->lines[0].value, QStringLiteral("__torch__.A.forward"));
        QCOMPARE(section->lines[1].value, QStringLiteral("__torch__.B.forward"));
        const Description other = describe("aten::relu");
        QVERIFY(std::none_of(other.begin(), other.end(), [](const DescriptionSection& s) {
            return s.title == QStringLiteral("May call");
        }));
    }

    void thePageOpensOnEnter()
    {
        FakeBrowser browser;
        Selection selection;
        PropertiesPanel panel(*m_document, selection);
        panel.resize(400, 600);
        panel.setVisible(true);
        const ir::Graph graph = body();
        selection.selectNodes({{{}, 3, 3}}, this);
        auto* tree = panel.findChild<QTreeWidget*>(QStringLiteral("propertyTree"));
        QTRY_VERIFY(tree->topLevelItemCount() > 0);
        const auto found = tree->findItems(QStringLiteral("Documentation"),
                                           Qt::MatchExactly | Qt::MatchRecursive, 0);
        QCOMPARE(found.size(), 1);
        tree->setCurrentItem(found[0]);
        Q_EMIT tree->itemActivated(found[0], 1);
        QCOMPARE(browser.opened.size(), 1);
        QVERIFY(browser.opened[0].path().endsWith(QStringLiteral("torch.nn.functional.relu.html")));
        Q_EMIT tree->itemActivated(found[0]->parent(), 0); // leads nowhere
        QCOMPARE(browser.opened.size(), 1);
    }

    void aModuleSaysWhereItIsCalledAndDefined()
    {
        ir::Program program;
        test::GraphBuilder root;
        const ir::ValueId self = root.parameter("self", "__torch__.M");
        const ir::NodeId list = root.node("prim::GetAttr", {self}, {"list"}, "__torch__.L");
        root.attribute(list, "name", ir::AttributeKind::String, "\"blocks\"");
        for (const char* name : {"\"0\"", "\"1\""}) {
            const ir::NodeId block =
                root.node("prim::GetAttr", {root.output(list)}, {"block"}, "__torch__.B");
            root.attribute(block, "name", ir::AttributeKind::String, name);
            const ir::NodeId call = root.node("prim::CallMethod", {root.output(block)}, {"called"});
            root.at(call, "/lib/site-packages/nets/net.py", name[1] == '0' ? 12 : 13, 9);
        }
        program.functions.push_back(
            {"__torch__.M.forward", "forward() -> Tensor", true, root.finish({})});
        test::GraphBuilder block;
        const ir::NodeId relu = block.node("aten::relu", {block.parameter("x", "Tensor")}, {"y"});
        block.at(relu, "/lib/site-packages/nets/block.py", 553, 16);
        ir::Graph body = block.finish({block.output(relu)});
        body.nodes[0].key = 100;
        body.nodes[0].ordinal = 0;
        body.nodes[0].function = body.strings.intern("__torch__.B.forward");
        program.functions.push_back({"__torch__.B.forward", "forward() -> Tensor", true, body});
        program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
        program.modules.push_back({"blocks", "__torch__.L", "L", 0, {}});
        program.modules.push_back({"blocks.0", "__torch__.B", "B", 1, {{"forward", 1}}});
        program.modules.push_back({"blocks.1", "__torch__.B", "B", 1, {{"forward", 1}}});
        const QString path = m_folder->filePath(QStringLiteral("calls.jitscope"));
        QVERIFY(document::Writer::create(path.toStdString()).value().writeProgram(program));
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
        Selection selection;
        PropertiesPanel panel(*m_document, selection);
        selection.selectModule(QStringLiteral("blocks.1"), nullptr);
        auto* tree = panel.findChild<QTreeWidget*>(QStringLiteral("propertyTree"));
        const auto said = [tree](const char* name) {
            QStringList values;
            for (const QTreeWidgetItem* item :
                 tree->findItems(QLatin1String(name), Qt::MatchExactly | Qt::MatchRecursive, 0))
                values << item->text(1);
            return values;
        };
        QTRY_COMPARE(said("Called at"), QStringList{QStringLiteral("nets/net.py:13")});
        QCOMPARE(said("Defined at"), QStringList{QStringLiteral("nets/block.py:553")});
        selection.selectModule({}, nullptr); // nothing calls the model itself
        QTRY_VERIFY(said("Called at").isEmpty());
    }

private:
    // 1: a constant, 2: a call through an interface, 3: relu, 4: an operator that is not here.
    static ir::Graph body()
    {
        test::GraphBuilder builder;
        const ir::ValueId self = builder.parameter("self", "__torch__.M");
        const ir::ValueId x = builder.parameter("x", "Tensor");
        const ir::NodeId three = builder.node("prim::Constant", {}, {"1"}, "int");
        builder.attribute(three, "value", ir::AttributeKind::Int, "3");
        builder.node("prim::CallMethod", {self, x}, {"called"});
        const ir::NodeId relu = builder.node("aten::relu", {x}, {"y"});
        const ir::NodeId fancy = builder.node("acme::fancy", {builder.output(three)}, {"z"});
        ir::Graph graph = builder.finish({builder.output(fancy)});
        graph.nodes[relu].schema = graph.strings.intern("aten::relu(Tensor self) -> Tensor");
        return graph;
    }

    static ir::Program program()
    {
        ir::Program program;
        program.functions.push_back({"__torch__.M.forward", "forward() -> Tensor", true, body()});
        for (const char* name : {"__torch__.A.forward", "__torch__.B.forward"}) {
            ir::Graph empty;
            empty.blocks.emplace_back();
            program.functions.push_back({name, "forward() -> Tensor", true, empty});
        }
        program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
        program.candidates = {{2, 1}, {2, 2}};
        program.missingOperators = {{"acme::fancy", "acme-ops", true, 1, 4, "__torch__.M.forward"}};
        return program;
    }

    Description describe(std::string_view kind)
    {
        const ir::Graph graph = body();
        for (const ir::Node& node : graph.nodes) {
            if (graph.kind(node) == kind)
                return describeNode(graph, node, {{}, node.key, node.key}, *m_document);
        }
        return {};
    }

    static const DescriptionLine* line(const Description& description, const char* section,
                                       const char* name)
    {
        for (const DescriptionSection& candidate : description) {
            if (candidate.title != QLatin1String(section))
                continue;
            for (const DescriptionLine& found : candidate.lines) {
                if (found.name == QLatin1String(name))
                    return &found;
            }
        }
        return nullptr;
    }

    static QString value(const Description& description, const char* section, const char* name)
    {
        const DescriptionLine* found = line(description, section, name);
        return found == nullptr ? QString() : found->value;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DocumentModel> m_document;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::NodeDescriptionTest)
#include "node_description_test.moc"
