// Runs a stage of a model and records every executed node. Free of LibTorch.
#pragma once

#include "core/document/node_chunk.h"
#include "core/ir/graph.h"
#include "core/support/job.h"
#include "core/torchscript/session.h"

#include <optional>
#include <string>
#include <vector>

namespace jitscope::record {

enum class Mode
{
    Executor,  // the executor's own plan, followed step by step
    Interpret, // the stage as it stands, nothing optimised
};

struct RunRequest
{
    torchscript::StageHandle stage = 0; // an inlined or pass stage
    std::string module;                 // the instance and method the stage belongs to
    std::string method = "forward";
    // One specification an argument after self; missing ones are generated from the schema, the
    // shapes stored in the model and defaults. Forms: "1x3x224x224", "float32:1x3x224x224",
    // "int64:8", "int64:8:0..1000" (range), "ones:...", "zeros:...", "rand:...", "2.5", "3",
    // "true", "none", "'text'", "[spec, spec]" (list),
    // "(spec, spec)" (tuple), "file.pt" or "file.npy" (a saved tensor).
    std::vector<std::string> inputs;
    std::string device = "cpu";
    int warmups =
        1; // at least the profiling run of the executor is never recorded as an iteration unless 0
    int iterations = 1; // recorded ones
    int threads = 0;    // intra-op threads; 0 keeps LibTorch's choice
    Mode mode = Mode::Executor;
    bool checkOutputs = true; // compare with the stock executor to the bit
    bool recordCuda = true;   // GPU activity, where CUPTI can record
};

struct IterationTimes
{
    int number = 0;         // negative for warm-ups
    std::int64_t start = 0; // nanoseconds of the steady clock
    std::int64_t end = 0;
    std::int64_t compileNs = 0; // in making or looking up plans
    std::uint32_t plan = 0;     // index of the plan it followed, in RunOutcome::plans
};

// A plan that was followed: the graph that the executor made, each node with a fresh key and its
// origins.
struct Plan
{
    std::string function;   // "forward", or the name of a called function
    bool optimised = false; // false for the executor's profiling plan
    bool isMain = false;    // the plan of the method itself
    ir::Graph graph;
};

struct Verdict
{
    std::uint64_t executed = 0; // nodes, by a counter apart from the records
    std::uint64_t recorded = 0;
    std::uint64_t dropped = 0;
    std::uint64_t launched = 0; // GPU kernels
    std::uint64_t kernels = 0;
    std::uint64_t unattributed = 0;
    std::optional<bool>
        outputsEqual; // to the stock executor's, to the bit; nothing when not compared
    std::vector<std::string> remarks; // what is missing, a sentence each
};

struct RunOutcome
{
    std::vector<std::string> inputs; // the specifications used, generated ones included
    std::vector<IterationTimes> iterations;
    Verdict verdict;
    std::string outputs;     // a readable summary: "Tensor float32 [1, 1000]"
    std::string environment; // JSON object: versions, device names, threads, clock
    std::int64_t epochOffsetNs = 0;
};

// Receives what is recorded while the run goes on. Called on the writer's thread, one call at a
// time; `planReady` is called before any chunk that mentions its nodes.
class RecordSink
{
public:
    virtual ~RecordSink() = default;
    virtual Result<void> planReady(std::uint32_t index, const Plan& plan) = 0;
    virtual Result<void> chunk(document::NodeChunkRow row) = 0; // run and id are 0
    virtual Result<void> runtimeCalls(std::vector<document::RuntimeRow> rows,
                                      const std::vector<std::string>& names) = 0;
    virtual Result<void> kernels(std::vector<document::KernelRow> rows,
                                 const std::vector<std::string>& names) = 0;
    virtual Result<void> copies(std::vector<document::MemcpyRow> rows) = 0;
    virtual Result<void> sets(std::vector<document::MemsetRow> rows) = 0;
    virtual Result<void> synchronizations(std::vector<document::SynchronizationRow> rows) = 0;
};

// Runs and records. A cancelled run returns a Cancelled error; what was recorded until then has
// reached the sink.
[[nodiscard]] Result<RunOutcome> run(torchscript::Session& session, const RunRequest& request,
                                     RecordSink& sink, const JobContext& job);

} // namespace jitscope::record
