#include "core/ir/counts.h"
#include "core/ir/print.h"
#include "core/ir/text_reader.h"
#include "tests/core/ir/graph_builder.h"

#include <QTest>

using namespace jitscope;

class TextReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsPrinted();
    void everyPart();
    void attributes_data();
    void attributes();
    void shortenedAttributes();
    void subgraphsWithinSubgraphs();
    void severalGraphsOfALog();
    void recognizesGraphs_data();
    void recognizesGraphs();
    void wrongTexts_data();
    void wrongTexts();
    void nestingIsBounded();
    void cancels();
};

namespace {

ir::Graph readOne(const std::string& text)
{
    const auto graphs = ir::readPrinted(text);
    if (!graphs)
        qFatal("%s", graphs.error().message().c_str());
    if (graphs->size() != 1)
        qFatal("%zu graphs", graphs->size());
    return graphs->front().graph;
}

// A graph whose one node has these attributes.
std::string withAttributes(const std::string& attributes, const std::string& type = "Tensor")
{
    return "graph():\n  %1 : " + type + " = prim::Constant[" + attributes + "]()\n  return (%1)\n";
}

} // namespace

void TextReaderTest::readsWhatIsPrinted()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId group = builder.node("prim::TensorExprGroup", {x}, {"y"});
    builder.subgraph(group, test::sampleGraph());
    const ir::Graph graph = builder.finish({builder.output(group)});
    const std::string text = ir::print(graph, {true, true});
    const ir::Graph read = readOne(text);
    QVERIFY(read.isConsistent());
    QCOMPARE(ir::print(read, {true, true}), text);
    QVERIFY(ir::count(read) == ir::count(graph));
    QVERIFY(ir::count(read.subgraphs.at(0)) == ir::count(graph.subgraphs.at(0)));
    QCOMPARE(read.nodes[0].key, 1U);
    QCOMPARE(read.subgraphs[0].nodes[0].key, 2U); // printed after it
}

void TextReaderTest::everyPart()
{
    const std::string text =
        "graph(%self.1 : __torch__.torchvision.models.resnet.ResNet,\n"
        "      %x.1 : Float(1, 3, strides=[3, 1], requires_grad=0, device=cpu)):\n"
        "  %layer1.1 : __torch__.Block = prim::GetAttr[name=\"layer1\"](%self.1)\n"
        "  %4 : (Tensor, int[]), %5 : Dict(str, Tensor) = prim::Two(%x.1), scope: "
        "__module.layer1/__module.layer1.0 # /a b/net.py:12:3\n"
        "   = ^Print(1, \"(\")(%4) # a remark\n"
        "  return (%4, %5)\n";
    const ir::Graph read = readOne(text);
    QCOMPARE(read.nodes.size(), 3U);
    const ir::Node& two = read.nodes[1];
    QCOMPARE(read.kind(two), "prim::Two");
    QCOMPARE(read.text(two.modulePath), "layer1.0");
    QCOMPARE(read.text(two.source.file), "/a b/net.py");
    QCOMPARE(two.source.line, 12U);
    QCOMPARE(two.source.column, 3U);
    QCOMPARE(read.text(read.values[read.outputsOf(two)[0]].type), "(Tensor, int[])");
    QCOMPARE(read.text(read.values[read.outputsOf(two)[1]].type), "Dict(str, Tensor)");
    QCOMPARE(read.kind(read.nodes[2]), "^Print(1, \"(\")");
    QCOMPARE(read.nodes[2].source.line, 0U);
    QCOMPARE(read.text(read.values[read.parametersOf(read.blocks[0])[1]].type),
             "Float(1, 3, strides=[3, 1], requires_grad=0, device=cpu)");
}

void TextReaderTest::attributes_data()
{
    using Kind = ir::AttributeKind;
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* text, Kind kind) {
        QTest::addRow("%s", text) << QString::fromLatin1(text) << static_cast<int>(kind);
    };
    row("1", Kind::Int);
    row("-9223372036854775808", Kind::Int);
    row("1.0000000000000001e-05", Kind::Float);
    row("-inf", Kind::Float);
    row("\"a, b=]\\\"(\"", Kind::String);
    row("\"\"", Kind::String);
    row("[1, 2]", Kind::Ints);
    row("[0.5, 2.]", Kind::Floats);
    row("[\"a]\", \"b\"]", Kind::Strings);
    row("[]", Kind::Value);
    row("{3}", Kind::Tensor);
    row("<Tensor>", Kind::Tensor);
    row(" 1  2 [ CPULongType{2} ]", Kind::Tensor);
    row("{\"a\": 1, \"b\": [2]}", Kind::Value);
    row("(1, None)", Kind::Value);
    row("annotate(List[int], [])", Kind::Value);
    row("<Graph>", Kind::Graph);
}

void TextReaderTest::attributes()
{
    QFETCH(QString, text);
    QFETCH(int, kind);
    const std::string printed = withAttributes("first=2, value=" + text.toStdString() + ", last=3",
                                               "Float(2, 3, device=cpu)");
    const ir::Graph read = readOne(printed);
    QCOMPARE(ir::print(read), printed);
    const ir::Attribute* attribute = read.attribute(read.nodes[0], "value");
    QVERIFY(attribute != nullptr);
    QCOMPARE(static_cast<int>(attribute->kind), kind);
    QCOMPARE(QString::fromStdString(std::string(read.text(attribute->text))), text);
    if (attribute->kind == ir::AttributeKind::Tensor) {
        const ir::TensorConstant& tensor = read.tensorsOf(*attribute)[0];
        QCOMPARE(read.text(tensor.dtype), "Float");
        QCOMPARE(read.shapeOf(tensor).size(), 2U);
        QCOMPARE(read.shapeOf(tensor)[1], 3);
    }
}

void TextReaderTest::shortenedAttributes()
{
    for (const char* cut : {"[1, 2, 3...", "\"a long text...", "{\"a\": [1..."}) {
        const std::string text = withAttributes(std::string("value=") + cut + ", name=\"x\"");
        const ir::Graph read = readOne(text);
        QCOMPARE(ir::print(read), text);
        QCOMPARE(read.attributesOf(read.nodes[0]).size(), 2U);
    }
}

void TextReaderTest::subgraphsWithinSubgraphs()
{
    const std::string text = "graph(%x : Tensor):\n"
                             "  %a : Tensor = prim::Group_0[device=\"cpu\"](%x)\n"
                             "  %b : Tensor = prim::Other_1(%a)\n"
                             "  %c : Tensor = aten::max_pool_2(%b)\n"
                             "  return (%c)\n"
                             "with prim::Group_0 = graph(%x : Tensor):\n"
                             "  %a : Tensor = prim::Group_0(%x)\n"
                             "  return (%a)\n"
                             "with prim::Group_0 = graph(%x : Tensor):\n"
                             "  return (%x)\n"
                             "with prim::Other_1 = graph(%y : Tensor):\n"
                             "  return (%y)\n";
    const ir::Graph read = readOne(text);
    QCOMPARE(ir::print(read), text);
    QCOMPARE(read.subgraphs.size(), 2U);
    QCOMPARE(read.subgraphs[0].subgraphs.size(), 1U);
    QCOMPARE(read.kind(read.nodes[2]), "aten::max_pool_2"); // its number is its own
}

void TextReaderTest::severalGraphsOfALog()
{
    const std::string graph = "graph(%x : Tensor):\n"
                              "  %y : Tensor = aten::relu(%x)\n"
                              "  return (%y)\n";
    std::string text = "some words\n\nAfter Inline:\n" + graph + "\nmore words\n";
    const std::string prefix = "[DUMP graph_executor.cpp:12] ";
    text += prefix + "Optimized Graph:\r\n";
    for (const char* line :
         {"graph(%x : Tensor):", "  %y : Tensor = prim::Group_0(%x)", "  return (%y)",
          "with prim::Group_0 = graph(%x : Tensor):", "  return (%x)", "", "words"})
        text += prefix + line + "\r\n";
    text += "    " + graph;
    const auto graphs = ir::readPrinted(text);
    QVERIFY2(graphs, graphs ? "" : graphs.error().message().c_str());
    QCOMPARE(graphs->size(), 3U);
    QCOMPARE((*graphs)[0].title, std::string("After Inline"));
    QCOMPARE((*graphs)[0].line, 4U);
    QCOMPARE(ir::print((*graphs)[0].graph), graph);
    QCOMPARE((*graphs)[1].title, std::string("Optimized Graph"));
    QCOMPARE((*graphs)[1].graph.subgraphs.size(), 1U);
    QCOMPARE((*graphs)[2].title, std::string());
    QCOMPARE((*graphs)[2].graph.nodes[0].key, 3U);
}

void TextReaderTest::recognizesGraphs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("holds");
    QTest::newRow("graph") << "graph(%x : Tensor):\n" << true;
    QTest::newRow("no inputs") << "graph():\n  return ()\n" << true;
    QTest::newRow("later") << "x = 1\n[DUMP a.cpp:1] graph(%x : Tensor,\n" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("a call in Python") << "def f():\n    g = make_graph(x)\n" << false;
    QTest::newRow("another call") << "graph(x)\n" << false;
    QTest::newRow("only a subgraph") << "with prim::Group_0 = graph(%x : Tensor):\n" << false;
}

void TextReaderTest::recognizesGraphs()
{
    QFETCH(QString, text);
    QFETCH(bool, holds);
    QCOMPARE(ir::holdsPrintedGraph(text.toStdString()), holds);
}

void TextReaderTest::wrongTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QString& text, const char* where,
                        const char* expected) { QTest::newRow(name) << text << where << expected; };
    const QString start = QStringLiteral("graph(%x : Tensor):\n");
    const QString end = QStringLiteral("  return (%x)\n");
    row("no graph", QStringLiteral("hello\n"), "", "holds no printed graph");
    row("ends early", start + QStringLiteral("  %y : Tensor = aten::relu(%x)\n"),
        "Line 2, column 31", "'return (' before the text ends");
    row("ends in the parameters", QStringLiteral("graph(%x : Tensor,\n"), "Line 1, column 19",
        "before the text ends");
    row("undefined value", start + QStringLiteral("  %y : Tensor = aten::relu(%z)\n") + end,
        "Line 2, column 28", "%z is not");
    row("value of another block",
        start +
            QStringLiteral("   = prim::If(%x)\n    block0():\n      %y : int = aten::a()\n      -> "
                           "()\n  return (%y)\n"),
        "Line 6, column 11", "%y is not");
    row("defined twice", start + QStringLiteral("  %x : Tensor = aten::relu(%x)\n") + end,
        "Line 2, column 3", "%x is defined already");
    row("no operator", start + QStringLiteral("  %y : Tensor = (%x)\n") + end, "Line 2, column 17",
        "an operator");
    row("no type", start + QStringLiteral("  %y : = aten::relu(%x)\n") + end, "Line 2, column 8",
        "a type");
    row("no inputs", start + QStringLiteral("  %y : Tensor = aten::relu\n") + end,
        "Line 2, column 27", "'('");
    row("open inputs", start + QStringLiteral("  %y : Tensor = aten::relu(%x\n") + end,
        "Line 2, column 30", "',' or ')'");
    row("open attributes",
        start + QStringLiteral("  %y : int = prim::Constant[value=[1, 2]()\n") + end,
        "Line 2, column 35", "']' after the attributes");
    row("attribute without a value",
        start + QStringLiteral("  %y : int = prim::C[value]()\n") + end, "Line 2, column 27",
        "'='");
    row("words", start + QStringLiteral("  this is no node\n") + end, "Line 2, column 3", "a node");
    row("words after a node", start + QStringLiteral("  %y : int = a::b(%x) words\n") + end,
        "Line 2, column 23", "the end of the line");
    row("wrong block",
        start + QStringLiteral("   = prim::If(%x)\n    block1():\n      -> ()\n") + end,
        "Line 3, column 5", "'block0'");
    row("subgraph of no node",
        start + end + QStringLiteral("with prim::Group_0 = graph(%x : Tensor):\n") + end,
        "Line 3, column 6", "the subgraph of a node");
    row("no colon", QStringLiteral("graph(%x : Tensor)\n") + end, "Line 1, column 19", "':'");
    row("in a log",
        QStringLiteral("[DUMP a.cpp:1] graph(%x : Tensor):\n[DUMP a.cpp:1]   %y = relu(%x)\n"),
        "Line 2, column 23", "an operator");
}

void TextReaderTest::wrongTexts()
{
    QFETCH(QString, text);
    QFETCH(QString, where);
    QFETCH(QString, expected);
    const auto graphs = ir::readPrinted(text.toStdString());
    QVERIFY(!graphs);
    const QString what = QString::fromStdString(graphs.error().what);
    QVERIFY2(what.startsWith(where) && what.contains(expected), qPrintable(what));
    QVERIFY(!graphs.error().remedy.empty());
    QVERIFY(graphs.error().code == ErrorCode::UnusableFile);
}

void TextReaderTest::nestingIsBounded()
{
    const auto nested = [](int depth) {
        std::string text = "graph(%c : bool):\n";
        for (int i = 0; i < depth; ++i)
            text += " = prim::If(%c)\nblock0():\n";
        for (int i = 0; i < depth; ++i)
            text += "-> ()\n";
        return text + "return ()\n";
    };
    QVERIFY(ir::readPrinted(nested(400)));
    const auto graphs = ir::readPrinted(nested(100'000));
    QVERIFY(!graphs);
    QVERIFY(graphs.error().what.find("no more blocks") != std::string::npos);
}

void TextReaderTest::cancels()
{
    CancelToken cancel;
    cancel.cancel();
    const auto graphs = ir::readPrinted("graph():\n  return ()\n", cancel);
    QVERIFY(!graphs);
    QVERIFY(graphs.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TextReaderTest)
#include "text_reader_test.moc"
