#include "tests/core/timeline/recordings.h"

#include "core/ir/program.h"
#include "tests/core/ir/graph_builder.h"
#include "tests/core/torchscript/models.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace jitscope::test {

namespace {

constexpr auto sourceFile = "/home/models/net.py";
constexpr auto sourceText = R"(import torch
from torch import nn


@torch.jit.script
def scale(x, factor: float = 0.5):
    """Scales the input;
    spans two lines."""
    return x * factor  # not in place


class Block(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out = out + identity
        return self.relu(out)


class Net(nn.Module):
    def forward(self, x):
        x = self.layers(x)
        return self.fc(torch.flatten(x, 1))
)";

// A test cannot go on without its document: says why and ends.
template <typename T>
T need(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message().c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

struct Step
{
    const char* name; // of the child module; empty for the block itself
    const char* kind;
    std::uint32_t line;
};
constexpr Step steps[] = {{"conv1", "aten::conv2d", 23},   {"bn1", "aten::batch_norm", 24},
                          {"relu", "aten::relu_", 25},     {"conv2", "aten::conv2d", 26},
                          {"bn2", "aten::batch_norm", 27}, {"", "aten::add", 28},
                          {"relu", "aten::relu_", 29}};

void place(ir::Graph& graph, ir::NodeId id, const std::string& path, const std::string& function,
           std::uint32_t ordinal)
{
    graph.nodes[id].modulePath = graph.strings.intern(path);
    graph.nodes[id].function = graph.strings.intern(function);
    graph.nodes[id].ordinal = ordinal;
}

// The loaded graph of Block.forward, for the stage `loaded`.
ir::Graph blockGraph()
{
    GraphBuilder builder;
    ir::ValueId value = builder.parameter("x", "Tensor");
    for (const Step& step : steps) {
        const ir::NodeId node = builder.node(step.kind, {value}, {"out"});
        builder.at(node, sourceFile, step.line, 15);
        value = builder.output(node);
    }
    ir::Graph graph = builder.finish({value});
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        graph.nodes[id].key = 1'000'000 + id;
        place(graph, id, {}, "__torch__.net.Block.forward", id);
    }
    return graph;
}

ir::Program programOf(int blocks)
{
    ir::Program program;
    program.modules.push_back({"", "__torch__.net.Net", "Net", ir::none, {}});
    for (int block = 0; block < blocks; ++block) {
        const std::string path =
            "layer" + std::to_string(block / 2 + 1) + "." + std::to_string(block % 2);
        program.modules.push_back({path, "__torch__.net.Block", "Block", 0, {{"forward", 0}}});
    }
    program.functions.push_back(
        {"__torch__.net.Block.forward", "forward(Tensor x) -> Tensor", true, blockGraph()});
    program.code.push_back({"code/__torch__/net.py", "class Block(Module):\n"
                                                     "  __parameters__ = []\n"
                                                     "  def forward(self: __torch__.net.Block,\n"
                                                     "    x: Tensor) -> Tensor:\n"
                                                     "    conv1 = self.conv1\n"
                                                     "    out = (conv1).forward(x, )\n"
                                                     "    return torch.add(out, x)\n"});
    // All but the last, the addition, stand in one line.
    for (const ir::Node& node : program.functions[0].graph.nodes) {
        const bool isAddition = program.functions[0].graph.kind(node).starts_with("aten::add");
        program.codeLines.push_back({node.key, 0, isAddition ? 7U : 6U});
    }
    program.sources.push_back({sourceFile, 1, sourceText});
    return program;
}

} // namespace

void copyGpuRecording(const std::string& name, const std::filesystem::path& to)
{
    std::filesystem::copy_file(
        ::test::sourceFolder() / "tests/gpu/results/2026-11-26-h100" / (name + ".jitscope"), to);
}

ir::Graph residualGraph(int blocks)
{
    GraphBuilder builder;
    ir::ValueId value = builder.parameter("x", "Tensor");
    std::vector<std::string> paths;
    std::vector<std::uint32_t> ordinals;
    for (int block = 0; block < blocks; ++block) {
        const std::string path =
            "layer" + std::to_string(block / 2 + 1) + "." + std::to_string(block % 2);
        std::uint32_t ordinal = 0;
        for (const Step& step : steps) {
            const std::string name = "out." + std::to_string(paths.size());
            const ir::NodeId node = builder.node(step.kind, {value}, {name});
            builder.at(node, sourceFile, step.line, 15);
            value = builder.output(node);
            paths.push_back(*step.name == '\0' ? path : path + "." + step.name);
            ordinals.push_back(ordinal++);
        }
    }
    const ir::NodeId last = builder.node("aten::linear", {value}, {"result"});
    builder.at(last, sourceFile, 35, 16);
    value = builder.output(last);
    ir::Graph graph = builder.finish({value});
    for (ir::NodeId id = 0; id < last; ++id)
        place(graph, id, paths[id], "__torch__.net.Block.forward", ordinals[id]);
    place(graph, last, "fc", "__torch__.net.Net.forward", 1);
    return graph;
}

RecordingDocument::RecordingDocument(const std::filesystem::path& path, int blocks)
    : m_path(path), m_writer(need(document::Writer::create(path))), m_graph(residualGraph(blocks))
{
    need(m_writer.writeProgram(programOf(blocks)));
    document::StageRow stage;
    stage.parent = 1;
    stage.kind = "inlined";
    stage.label = "inlined";
    stage.method = "forward";
    m_stage = need(m_writer.addStage(stage, m_graph));
}

std::int64_t RecordingDocument::addRun(const std::string& state)
{
    document::RunRow run;
    run.stage = run.executed_stage = m_stage;
    run.mode = "interpret";
    run.device = "cpu";
    run.warmups = 1;
    run.iterations = 10;
    run.state = state;
    run.started_at = "2026-01-01T00:00:00Z";
    run.inputs = "[]";
    run.environment = "{}";
    run.outputs_equal = "unchecked";
    run.id = need(m_writer.addRun(run));
    m_runs[run.id] = run;
    return run.id;
}

void RecordingDocument::setState(std::int64_t run, const std::string& state,
                                 const std::string& verdict)
{
    m_runs[run].state = state;
    m_runs[run].verdict = verdict;
    need(m_writer.updateRun(m_runs[run]));
}

std::int64_t RecordingDocument::durationOf(const ir::Node& node, int iteration) const
{
    const std::string_view kind = m_graph.kind(node);
    std::int64_t duration = 9'000;
    if (kind == "aten::conv2d")
        duration = 420'000 + 1'700 * node.key;
    else if (kind == "aten::batch_norm")
        duration = 61'000 + 90 * node.key;
    else if (kind == "aten::linear")
        duration = 120'000;
    return duration + 100 * iteration;
}

std::int64_t RecordingDocument::record(std::int64_t run, int iterations, std::int64_t start)
{
    std::int64_t now = start;
    std::vector<document::IterationRow> rows;
    std::vector<document::NodeSlice> slices;
    for (int iteration = -1; iteration < iterations; ++iteration) {
        document::IterationRow row{run, iteration, now, 0, iteration < 0 ? 900'000 : 0, 0};
        now += row.compile_ns + 2'000;
        for (const ir::Node& node : m_graph.nodes) {
            const std::int64_t duration = durationOf(node, iteration);
            slices.push_back({now, duration, node.key, iteration});
            if (m_graph.kind(node) == "aten::conv2d")
                m_launches[run].push_back({now, duration, node.key});
            now += duration + 800;
        }
        now += 20'000;
        row.end = now;
        now += 60'000;
        rows.push_back(row);
    }
    need(m_writer.add<document::IterationRow>(rows));
    addSlices(run, 0, slices);
    return now;
}

void RecordingDocument::recordGpu(std::int64_t run)
{
    const std::int64_t kernel = need(m_writer.stringId("implicit_convolve_sgemm"));
    const std::int64_t call = need(m_writer.stringId("cudaLaunchKernel"));
    std::vector<document::KernelRow> kernels;
    std::vector<document::RuntimeRow> calls;
    std::int64_t correlation = 1;
    for (const Launch& launch : m_launches[run]) {
        document::RuntimeRow runtime;
        runtime.start = launch.start + 3'000;
        runtime.end = launch.start + 9'000;
        runtime.globalTid = (std::int64_t{77} << 24) | 4711;
        runtime.correlationId = correlation;
        runtime.nameId = call;
        runtime.run = run;
        runtime.node = launch.node;
        calls.push_back(runtime);
        document::KernelRow row;
        row.start = launch.start + 12'000;
        row.end = launch.start + launch.duration / 2;
        row.streamId = 7;
        row.correlationId = correlation++;
        row.demangledName = row.shortName = kernel;
        row.run = run;
        row.node = launch.node;
        kernels.push_back(row);
    }
    need(m_writer.add<document::KernelRow>(kernels));
    need(m_writer.add<document::RuntimeRow>(calls));
}

void RecordingDocument::addSlices(std::int64_t run, std::int64_t thread,
                                  const std::vector<document::NodeSlice>& slices)
{
    std::vector<document::NodeChunkRow> chunks;
    document::NodeChunkBuilder builder;
    for (const document::NodeSlice& slice : slices) {
        if (builder.add(slice))
            continue;
        chunks.push_back(builder.take(run, thread));
        builder.add(slice);
    }
    if (!builder.empty())
        chunks.push_back(builder.take(run, thread));
    need(m_writer.add<document::NodeChunkRow>(chunks));
}

} // namespace jitscope::test
