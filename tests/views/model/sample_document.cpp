#include "tests/views/model/sample_document.h"

#include "core/document/node_chunk.h"
#include "tests/core/ir/graph_builder.h"

#include <stdexcept>

namespace jitscope::test {

namespace {

constexpr const char* rootFunction = "__torch__.M.forward";

void require(const Result<void>& result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
}

// The nodes of a function's body as `loaded` has them.
ir::Graph written(ir::Graph graph, std::string_view function, ir::NodeKey firstKey)
{
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        graph.nodes[id].key = firstKey + id;
        graph.nodes[id].function = graph.strings.intern(function);
        graph.nodes[id].ordinal = id;
    }
    return graph;
}

ir::Graph convolution()
{
    GraphBuilder builder;
    const ir::ValueId self = builder.parameter("self", "__torch__.Conv2d");
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId weight = builder.node("prim::GetAttr", {self}, {"weight"});
    builder.attribute(weight, "name", ir::AttributeKind::String, "weight");
    const ir::NodeId conv = builder.node("aten::conv2d", {x, builder.output(weight)}, {"y"});
    builder.at(conv, "/models/m.py", 20, 9);
    return builder.finish({builder.output(conv)});
}

ir::Graph rectifier()
{
    GraphBuilder builder;
    builder.parameter("self", "__torch__.ReLU");
    const ir::ValueId x = builder.parameter("x", "Tensor");
    const ir::NodeId relu = builder.node("aten::relu", {x}, {"y"});
    builder.at(relu, "/models/m.py", 24, 9);
    return builder.finish({builder.output(relu)});
}

ir::Program program()
{
    ir::Program program;
    const auto function = [&program](const char* name, const char* schema, ir::Graph graph,
                                     ir::NodeKey firstKey) {
        program.functions.push_back(
            {name, schema, true, written(std::move(graph), name, firstKey)});
    };
    function(rootFunction, "forward(__torch__.M self, Tensor x.1, bool flag.1) -> Tensor",
             sampleGraph(), 1);
    function("__torch__.Conv2d.forward", "forward(__torch__.Conv2d self, Tensor x) -> Tensor",
             convolution(), 100);
    function("__torch__.ReLU.forward", "forward(__torch__.ReLU self, Tensor x) -> Tensor",
             rectifier(), 200);
    function("__torch__.M.encode", "encode(__torch__.M self, Tensor x) -> Tensor", rectifier(),
             300);

    program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}, {"encode", 3}}});
    program.modules.push_back({"features", "__torch__.Sequential", "Sequential", 0, {}});
    program.modules.push_back({"features.0", "__torch__.Conv2d", "Conv2d", 1, {{"forward", 1}}});
    program.modules.push_back({"features.1", "__torch__.ReLU", "ReLU", 1, {{"forward", 2}}});

    ir::Tensor weight;
    weight.name = "features.0.weight";
    weight.dtype = "float32";
    weight.device = "cpu";
    weight.shape = {64, 3, 7, 7};
    weight.strides = {147, 49, 7, 1};
    weight.bytes = 37632;
    program.tensors.push_back(weight);
    ir::Tensor bias = weight;
    bias.name = "features.0.bias";
    bias.shape = {64};
    bias.strides = {1};
    bias.bytes = 256;
    program.tensors.push_back(bias);

    program.code.push_back({"code/__torch__.py", "class M(Module):\n  pass\n"});
    program.sources.push_back({"/models/m.py", 11, "def forward(self, x, flag):\n"});
    return program;
}

} // namespace

std::int64_t addSampleStage(document::Writer& writer, std::int64_t parent, const char* label)
{
    document::StageRow row;
    row.parent = parent;
    row.kind = parent == 1 ? "inlined" : "pass";
    row.label = label;
    row.pass = parent == 1 ? "" : label;
    row.arguments = "{}";
    row.method = "forward";
    row.duration_ns = 1'500'000;
    row.changed = 1;
    return writer.addStage(row, written(sampleGraph(), rootFunction, 1000)).value();
}

std::int64_t addSampleRun(document::Writer& writer, std::int64_t stage, const char* state)
{
    document::RunRow row;
    row.stage = stage;
    row.executed_stage = stage;
    row.mode = "interpret";
    row.device = "cpu";
    row.inputs = "[]";
    row.iterations = 1;
    row.environment = "{}";
    row.started_at = "2026-01-01T00:00:00Z";
    row.state = state;
    row.outputs_equal = "yes";
    const std::int64_t run = writer.addRun(row).value();
    document::NodeChunkBuilder chunk;
    const auto nodes = static_cast<std::uint32_t>(sampleGraph().nodes.size());
    for (std::uint32_t node = 0; node < nodes; ++node)
        chunk.add({1000 + 100 * std::int64_t(node), 90, 1000 + node, 0});
    const document::NodeChunkRow chunks[] = {chunk.take(run, 0)};
    require(writer.add<document::NodeChunkRow>(chunks));
    const document::IterationRow iterations[] = {{run, 0, 900, 2000, 0, 0}};
    require(writer.add<document::IterationRow>(iterations));
    return run;
}

void writeSampleDocument(const std::filesystem::path& path)
{
    document::Writer writer = document::Writer::create(path).value();
    require(writer.setInfo("model_path", "/models/m.pt"));
    require(writer.setInfo("model_kind", "torchscript"));
    require(writer.writeProgram(program()));
    const std::int64_t inlined = addSampleStage(writer, 1, "inlined");
    const std::int64_t first = addSampleStage(writer, inlined, "freeze");
    addSampleStage(writer, inlined, "peephole");
    addSampleRun(writer, first);
}

} // namespace jitscope::test
