// Bytecode of the lite interpreter, back to graphs.
#include "core/ir/counts.h"
#include "core/ir/print.h"
#include "core/lite/program.h"

#include <QTest>

#include <algorithm>

using namespace jitscope;
using archive::BytecodeFunction;
using archive::Instruction;
using archive::OpCode;

class LiteProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSampleIsRead();
    void bothFormsGiveOneProgram();
    void debugInformationGivesPlaces();
    void schemasGiveOutputs();
    void stacksAndRegistersAreFollowed();
    void whatNoCompilerWritesIsListed_data();
    void whatNoCompilerWritesIsListed();
    void deepBlocksAreListed();
    void listingsSayWhatNumbersMean();
};

namespace {

std::filesystem::path samplePath(const char* name = "mobile.ptl")
{
    return (qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/resources/samples/") +
            QString::fromLatin1(name))
        .toStdString();
}

archive::LiteModel sampleModel(const char* name = "mobile.ptl")
{
    return archive::readLiteModel(samplePath(name)).value();
}

std::map<std::string, std::uint64_t> kindsOf(const ir::Graph& graph)
{
    return ir::countKinds(graph);
}

BytecodeFunction function(std::vector<Instruction> instructions)
{
    BytecodeFunction made;
    made.name = "__torch__.M.forward";
    made.instructions = std::move(instructions);
    made.operators = {{"aten::add", "Tensor", 2}, {"prim::Print", "", -1}, {"aten::max", "dim", 2}};
    made.constants = {{"int", "0"}, {"bool", "True"}, {"str", "\"text\""}, {"NoneType", "None"}};
    made.types = {"List[int]"};
    made.registers = 4;
    return made;
}

ir::Program programOf(const BytecodeFunction& only)
{
    archive::LiteModel model;
    model.bytecode.functions = {only};
    return lite::programOf(model, {}, {}, 1);
}

} // namespace

void LiteProgramTest::theSampleIsRead()
{
    const archive::LiteModel model = sampleModel();
    QVERIFY(model.problems.empty());
    QCOMPARE(model.bytecode.functions.size(), std::size_t{1});
    const ir::Program program = lite::programOf(model, {}, {}, 10);
    QVERIFY2(program.problems.empty(), program.problems.empty() ? "" : program.problems[0].c_str());
    const ir::Function& forward = program.functions.at(0);
    QVERIFY(forward.isMethod);
    QVERIFY(forward.graph.isConsistent());
    QVERIFY(forward.schema.find("Tensor x, int turns") != std::string::npos);
    auto kinds = kindsOf(forward.graph);
    // What resources/samples/make_mobile_sample.py has: a block of two convolutions with a
    // shortcut.
    QCOMPARE(kinds["aten::conv2d"], std::uint64_t{3});
    QCOMPARE(kinds["aten::batch_norm"], std::uint64_t{3});
    // Its own loop, and those with which batch norm checks the size of its input.
    QCOMPARE(kinds["prim::Loop"], std::uint64_t{4});
    QVERIFY(kinds["prim::If"] >= 1);
    QCOMPARE(kinds["aten::max"], std::uint64_t{1});
    QCOMPARE(kinds["aten::linear"], std::uint64_t{1});
    QCOMPARE(kinds["prim::DictConstruct"], std::uint64_t{1});
    QCOMPARE(ir::count(forward.graph).blocks, 1 + 4 + 2 * kinds["prim::If"]);
    // No instruction but those that only move values is lost.
    std::uint64_t moving = 0;
    for (const Instruction& instruction : model.bytecode.functions[0].instructions) {
        const OpCode code = instruction.code;
        moving += code == OpCode::Load || code == OpCode::Move || code == OpCode::Store ||
                          code == OpCode::StoreN || code == OpCode::Drop || code == OpCode::DropR ||
                          code == OpCode::Jmp || code == OpCode::Ret
                      ? 1
                      : 0;
    }
    // The constants with which the turns begin are part of the loops.
    QCOMPARE(forward.graph.nodes.size() + 4,
             model.bytecode.functions[0].instructions.size() - moving);
    const auto names = [&](const char* path) { return program.moduleAt(path).has_value(); };
    QVERIFY(names("") && names("block.conv1") && names("block.downsample.0") && names("head"));
    QCOMPARE(program.modules[0].methods.size(), std::size_t{1});
    QVERIFY(ir::print(forward.graph).find("name=\"block\"") != std::string::npos);
    QCOMPARE(forward.graph.nodes.front().key, ir::NodeKey{10});
    QVERIFY(program.code.at(0).text.find("# aten::conv2d") != std::string::npos);
}

// The sample's two forms differ in what the one lacks: the debug information.
void LiteProgramTest::bothFormsGiveOneProgram()
{
    const auto programOfFile = [](const char* name) {
        archive::LiteModel model = sampleModel(name);
        model.debug.clear();
        return lite::programOf(model, archive::inspect(samplePath(name)).value().tensors, {}, 1);
    };
    const ir::Program zip = programOfFile("mobile.ptl");
    const ir::Program flat = programOfFile("mobile_flatbuffer.ptl");
    QVERIFY(flat.problems.empty());
    QCOMPARE(flat.functions.size(), zip.functions.size());
    for (std::size_t i = 0; i < zip.functions.size(); ++i) {
        QCOMPARE(flat.functions[i].name, zip.functions[i].name);
        QCOMPARE(flat.functions[i].schema, zip.functions[i].schema);
        QVERIFY(flat.functions[i].graph.isConsistent());
        QCOMPARE(ir::print(flat.functions[i].graph), ir::print(zip.functions[i].graph));
        QCOMPARE(flat.code[i].text, zip.code[i].text);
    }
    QCOMPARE(flat.modules.size(), zip.modules.size());
    for (std::size_t i = 0; i < zip.modules.size(); ++i) {
        QCOMPARE(flat.modules[i].path, zip.modules[i].path);
        QCOMPARE(flat.modules[i].typeName, zip.modules[i].typeName);
        QCOMPARE(flat.modules[i].parent, zip.modules[i].parent);
        QCOMPARE(flat.modules[i].methods.size(), zip.modules[i].methods.size());
    }
    QCOMPARE(flat.tensors.size(), zip.tensors.size());
    for (std::size_t i = 0; i < zip.tensors.size(); ++i) {
        QCOMPARE(flat.tensors[i].name, zip.tensors[i].name);
        QCOMPARE(flat.tensors[i].role, zip.tensors[i].role);
        QCOMPARE(flat.tensors[i].dtype, zip.tensors[i].dtype);
        QCOMPARE(flat.tensors[i].shape, zip.tensors[i].shape);
        QCOMPARE(flat.tensors[i].strides, zip.tensors[i].strides);
        QCOMPARE(flat.tensors[i].bytes, zip.tensors[i].bytes);
    }
}

void LiteProgramTest::debugInformationGivesPlaces()
{
    const ir::Program program = lite::programOf(sampleModel(), {}, {}, 1);
    const ir::Graph& graph = program.functions.at(0).graph;
    int found = 0;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) != "aten::conv2d")
            continue;
        ++found;
        QVERIFY(graph.text(node.source.file).ends_with("torch/nn/modules/conv.py"));
        QVERIFY(node.source.line > 0);
        const std::string_view path = graph.text(node.modulePath);
        QVERIFY2(path == "block.conv1" || path == "block.conv2" || path == "block.downsample.0",
                 std::string(path).c_str());
        QVERIFY(graph.text(node.function).ends_with("Conv2d._conv_forward"));
        const std::string_view chain = graph.text(node.source.callChain);
        QVERIFY(chain.find("make_mobile_sample.py(") != std::string_view::npos);
        QVERIFY(chain.ends_with(": forward"));
    }
    QCOMPARE(found, 3);
}

void LiteProgramTest::schemasGiveOutputs()
{
    const lite::OperatorShapes shapes = [](const std::string& name, const std::string& overload) {
        return name == "aten::max" && overload == "dim"
                   ? std::optional(
                         lite::OperatorShape{"aten::max.dim(...)", 3, {"Tensor", "Tensor"}})
                   : std::nullopt;
    };
    const ir::Program program = lite::programOf(sampleModel(), {}, shapes, 1);
    const ir::Graph& graph = program.functions.at(0).graph;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) != "aten::max")
            continue;
        QCOMPARE(graph.text(node.schema), std::string_view("aten::max.dim(...)"));
        QCOMPARE(graph.outputsOf(node).size(), std::size_t{2});
        QCOMPARE(graph.text(graph.values[graph.outputsOf(node)[0]].type),
                 std::string_view("Tensor"));
    }
}

void LiteProgramTest::stacksAndRegistersAreFollowed()
{
    // self, x, y -> x + y, with a print between
    const ir::Program program = programOf(function({{OpCode::StoreN, 1, 3},
                                                    {OpCode::LoadC, 2, 0},
                                                    {OpCode::OpN, 1, 1},
                                                    {OpCode::Move, 2, 0},
                                                    {OpCode::Move, 3, 0},
                                                    {OpCode::Op, 0, 0},
                                                    {OpCode::Ret, 0, 0}}));
    QVERIFY(program.problems.empty());
    QCOMPARE(QString::fromStdString(ir::print(program.functions.at(0).graph)),
             QStringLiteral("graph(%self : ,\n"
                            "      %1 : ,\n"
                            "      %2 : ):\n"
                            "  %3 : str = prim::Constant[instruction=1, value=\"text\"]()\n"
                            "   = prim::Print[instruction=2](%3)\n"
                            "  %4 :  = aten::add[instruction=5, overload=\"Tensor\"](%1, %2)\n"
                            "  return (%4)\n"));
}

void LiteProgramTest::whatNoCompilerWritesIsListed_data()
{
    QTest::addColumn<int>("number");
    const char* const names[] = {"stack underflow",
                                 "empty register",
                                 "no return",
                                 "jump back",
                                 "jump into nowhere",
                                 "uneven branches",
                                 "loop without end",
                                 "unsupported",
                                 "list of millions",
                                 "loop of nothing",
                                 "value of an outer block"};
    int number = 0;
    for (const char* name : names)
        QTest::newRow(name) << number++;
}

void LiteProgramTest::whatNoCompilerWritesIsListed()
{
    QFETCH(const int, number);
    const std::vector<std::vector<Instruction>> all{
        {{OpCode::Op, 0, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::Load, 2, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 0, 0}, {OpCode::LoadC, 0, 0}},
        {{OpCode::LoadC, 1, 0}, {OpCode::Jmp, -1, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 1, 0}, {OpCode::Jf, 1, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 1, 0},
         {OpCode::Jf, 3, 0},
         {OpCode::LoadC, 0, 0},
         {OpCode::Jmp, 1, 0},
         {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 0, 0},
         {OpCode::LoadC, 0, 0},
         {OpCode::LoadC, 1, 0},
         {OpCode::Loop, 2, 2},
         {OpCode::Jmp, 1, 0},
         {OpCode::Ret, 0, 0}},
        {{OpCode::Guard, 0, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 0, 0}, {OpCode::ListUnpack, 1 << 24, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::Loop, 2, 0}, {OpCode::Jmp, -1, 0}, {OpCode::Ret, 0, 0}},
        {{OpCode::LoadC, 1, 0},
         {OpCode::LoadC, 1, 0},
         {OpCode::Jf, 3, 0},
         {OpCode::Drop, 0, 0},
         {OpCode::Jmp, 1, 0},
         {OpCode::Ret, 0, 0}}};
    const BytecodeFunction made = function(all.at(static_cast<std::size_t>(number)));
    const ir::Program program = programOf(made);
    QCOMPARE(program.problems.size(), std::size_t{1});
    const ir::Graph& graph = program.functions.at(0).graph;
    QVERIFY(graph.isConsistent());
    QCOMPARE(graph.nodes.size(), made.instructions.size());
    QVERIFY(graph.kind(graph.nodes[0]).starts_with("bytecode::"));
}

void LiteProgramTest::deepBlocksAreListed()
{
    constexpr int depth = 5000;
    std::vector<Instruction> instructions;
    for (int i = 0; i < depth; ++i) {
        instructions.push_back({OpCode::LoadC, 1, 0});
        // Over what is inside: two for each level, and the jumps at their ends.
        instructions.push_back({OpCode::Jf, 2 + (depth - 1 - i) * 3, 0});
    }
    for (int i = 0; i < depth; ++i)
        instructions.push_back({OpCode::Jmp, 1, 0});
    instructions.push_back({OpCode::Ret, 0, 0});
    const ir::Program program = programOf(function(instructions));
    QCOMPARE(program.problems.size(), std::size_t{1});
    QVERIFY2(program.problems[0].find("nested") != std::string::npos, program.problems[0].c_str());
    QVERIFY(program.functions.at(0).graph.isConsistent());
}

void LiteProgramTest::listingsSayWhatNumbersMean()
{
    const std::string text = lite::listing(function({{OpCode::StoreN, 1, 2},
                                                     {OpCode::LoadC, 2, 0},
                                                     {OpCode::OpN, 1, 1},
                                                     {OpCode::Op, 0, 0},
                                                     {OpCode::ListConstruct, 0, 2},
                                                     {OpCode::Jmp, 1, 0},
                                                     {OpCode::Ret, 0, 0}}));
    for (const char* line : {"STOREN 1 2", "LOADC 2                   # \"text\"",
                             "OPN 1 1                   # prim::Print", "# aten::add.Tensor",
                             "# List[int]", "# to 6", "RET"})
        QVERIFY2(text.find(line) != std::string::npos, line);
}

QTEST_APPLESS_MAIN(LiteProgramTest)
#include "program_test.moc"
