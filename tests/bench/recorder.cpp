// What recording a node costs, against LibTorch's own profiler (Kineto) in the same process.
//
// The model is a chain of 400 small additions: each node is exactly one operator and one event of
// Kineto's, so costs compare one to one. In each round every way of running takes its turn on the
// same inputs; the cost of a way is the median over the rounds of (its time - the time of the plain
// executor in that round) / nodes, in CPU time of the thread that runs the model. Prints one JSON
// object a line; see docs/benchmarks.md.
#include "profiler/record/plan_follower_p.h"
#include "profiler/record/writer_p.h"
#include "tests/bench/report.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/csrc/autograd/profiler_kineto.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace {

namespace jit = torch::jit;
namespace record = jitscope::record;
namespace torchscript = jitscope::torchscript;
using jitscope::Result;

constexpr int additions = 400;
constexpr int rounds = 40;
constexpr int forwards = 25; // in one turn

class ForgettingSink : public record::RecordSink
{
public:
    Result<void> types(std::vector<record::ObservedType>) override { return {}; }
    Result<void> planReady(std::uint32_t, const record::Plan&) override { return {}; }
    Result<void> chunk(jitscope::document::NodeChunkRow) override { return {}; }
    Result<void> runtimeCalls(std::vector<jitscope::document::RuntimeRow>,
                              const std::vector<std::string>&) override
    {
        return {};
    }
    Result<void> kernels(std::vector<jitscope::document::KernelRow>,
                         const std::vector<std::string>&) override
    {
        return {};
    }
    Result<void> copies(std::vector<jitscope::document::MemcpyRow>) override { return {}; }
    Result<void> sets(std::vector<jitscope::document::MemsetRow>) override { return {}; }
    Result<void> synchronizations(std::vector<jitscope::document::SynchronizationRow>) override
    {
        return {};
    }
};

double cpuNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double timeOf(const std::function<void()>& forward)
{
    const double start = cpuNanoseconds();
    for (int i = 0; i < forwards; ++i)
        forward();
    return (cpuNanoseconds() - start) / forwards;
}

double timeWithKineto(bool stacksAndModules, const std::function<void()>& forward)
{
    namespace profiler = torch::profiler::impl;
    const profiler::ProfilerConfig config(
        profiler::ProfilerState::KINETO, /*report_input_shapes=*/false,
        /*profile_memory=*/false, stacksAndModules, /*with_flops=*/false, stacksAndModules);
    const std::set<profiler::ActivityType> activities{profiler::ActivityType::CPU};
    torch::autograd::profiler::prepareProfiler(config, activities);
    torch::autograd::profiler::enableProfiler(config, activities);
    const double time = timeOf(forward);
    (void)torch::autograd::profiler::disableProfiler();
    return time;
}

void print(const char* name, double value, double against, double goal, const char* goalText)
{
    jitscope::bench::report(
        {name, value, "ns per node", against, goalText, value <= goal * against});
}

std::filesystem::path saveModel()
{
    std::string source = "def forward(self, x, y):\n";
    for (int i = 0; i < additions; ++i)
        source += "    x = torch.add(x, y)\n";
    source += "    return x\n";
    jit::Module module("Chain");
    module.define(source);
    const auto file = std::filesystem::temp_directory_path() / "jitscope_bench_recorder.pt";
    module.save(file.string());
    return file;
}

} // namespace

int main()
{
    const torch::autograd::AutoGradMode noGradients(false);
    at::set_num_threads(1);
    const auto file = saveModel();
    const jitscope::JobContext job;
    auto session = torchscript::Session::load(file, {}, job);
    if (!session) {
        std::fprintf(stderr, "%s\n", session.error().message().c_str());
        return 1;
    }
    const auto stage = (*session)->inlined("", "forward", job);
    if (!stage) {
        std::fprintf(stderr, "%s\n", stage.error().message().c_str());
        return 1;
    }
    auto& implementation = (*session)->implementation();
    const torchscript::StageGraph& graph = *implementation.stage(stage->handle);

    record::SliceBuffers buffers(record::BufferPolicy::Wait);
    record::Recording recording(buffers, job.cancel.flag());
    ForgettingSink sink;
    record::Writer writer(buffers, sink, [] {});
    record::PlanFollower follower(
        implementation, recording, record::Mode::Executor,
        [&](std::uint32_t index, record::Plan plan) { writer.addPlan(index, std::move(plan)); });
    jit::GraphFunction followed("forward", graph.graph->copy(), nullptr);
    jit::GraphFunction plain("forward", graph.graph->copy(), nullptr);

    const at::Tensor x = at::rand({4, 4});
    const at::Tensor y = at::rand({4, 4});
    const auto stack = [&] { return jit::Stack{graph.self._ivalue(), x, y}; };
    const auto runPlain = [&] {
        jit::Stack values = stack();
        plain.run(values);
    };
    const auto runRecorded = [&] {
        jit::Stack values = stack();
        (void)follower.run(followed, values);
    };
    for (int i = 0; i < 3; ++i) {
        runPlain();
        runRecorded();
    }
    recording.startIteration(0);
    const std::uint64_t before = buffers.executed();
    runRecorded();
    const auto nodes = static_cast<double>(buffers.executed() - before);

    std::vector<double> own;
    std::vector<double> kineto;
    std::vector<double> kinetoFull;
    for (int round = 0; round < rounds; ++round) {
        const double base = timeOf(runPlain);
        own.push_back((timeOf(runRecorded) - base) / nodes);
        kineto.push_back((timeWithKineto(false, runPlain) - base) / nodes);
        kinetoFull.push_back((timeWithKineto(true, runPlain) - base) / nodes);
        buffers.waitForWriter();
    }
    if (const auto finished = writer.finish(); !finished || buffers.dropped() != 0) {
        std::fprintf(stderr, "The recording is not complete.\n");
        return 1;
    }
    using jitscope::bench::median;
    print("recorder-against-kineto", median(own), median(kineto), 0.2,
          "at most 0.2 of plain Kineto");
    print("recorder-against-kineto-stacks-modules", median(own), median(kinetoFull), 0.05,
          "at most 0.05 of Kineto with stacks and modules");
    std::error_code error;
    std::filesystem::remove(file, error);
    return 0;
}
