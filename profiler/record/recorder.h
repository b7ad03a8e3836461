// Runs a stage of a model and records every executed node. Free of LibTorch.
#pragma once

#include "core/document/node_chunk.h"
#include "core/ir/graph.h"
#include "core/ir/tensor_type.h"
#include "core/support/job.h"
#include "core/torchscript/session.h"
#include "profiler/cupti/gpu_activity.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::record {

enum class Mode
{
    Executor,  // the executor's own plan, followed step by step
    Interpret, // the stage as it stands, nothing optimised
};

// What happens when a thread's buffer is full because the writer does not keep up.
enum class BufferPolicy
{
    Drop, // the record is lost and counted; the run is not disturbed
    Wait, // the run waits, which shows in the times of the nodes around
};

struct RunRequest
{
    torchscript::StageHandle stage = 0; // an inlined or pass stage
    std::string module;                 // the instance and method the stage belongs to
    std::string method = "forward";
    // One specification an argument after self (see input_spec.h for the forms, such as
    // "float32:1x3x224x224"); missing ones are generated from the schema, the shapes stored in the
    // model and the first weights that read the argument.
    std::vector<std::string> inputs;
    std::string device = "cpu";
    // Not recorded but timed. The executor's profiling run is among them, unless there are none.
    int warmups = 1;
    int iterations = 1; // recorded ones
    int threads = 0;    // intra-op threads; 0 keeps LibTorch's choice
    Mode mode = Mode::Executor;
    bool checkOutputs = true; // compare with the stock executor to the bit
    // Execute the stage once more before the warm-ups, as it stands, and tell what tensors its
    // values are.
    bool observeTypes = true;
    bool recordCuda = true; // GPU activity, where CUPTI can record
    BufferPolicy whenFull = BufferPolicy::Drop;
    std::uint64_t seed = 0; // of LibTorch's generators, set before every iteration
    // Where GPU activity comes from: CUPTI, for runs on a GPU, if empty; else this, on any device.
    std::function<Result<std::unique_ptr<cupti::GpuActivity>>()> activitySource;
};

struct IterationTimes
{
    int number = 0;         // negative for warm-ups
    std::int64_t start = 0; // nanoseconds of the steady clock
    std::int64_t end = 0;
    // Spent in making or looking up plans. The method's own plan is made before `start`; plans of
    // functions called in it (forks, fallbacks of fusion groups) within the iteration.
    std::int64_t compileNs = 0;
    std::uint32_t plan = 0; // index of the plan it followed, as told to planReady(); 0 when none
};

// What a value of the run's stage stood for. The columns of the table observed_type say where.
struct ObservedType
{
    ir::NodeKey node = 0;     // 0 for a parameter of the method
    bool isParameter = false; // of the node's first block, or of the method; else an output
    std::uint32_t position = 0;
    ir::TensorType type;
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

// Receives what is recorded while the run goes on. One call at a time, on the writer's thread, but
// GPU activity on the calling thread after the last iteration. `planReady` is called before any
// chunk that mentions its nodes, and not in mode Interpret, where the nodes are the stage's own.
// nameId, demangledName and shortName of a row are indices into `names`.
class RecordSink
{
public:
    virtual ~RecordSink() = default;
    // The first call, if types were asked for. On the calling thread.
    virtual Result<void> types(std::vector<ObservedType> types) = 0;
    virtual Result<void> planReady(std::uint32_t index, const Plan& plan) = 0;
    virtual Result<void> chunk(document::NodeChunkRow row) = 0; // run and id are 0
    virtual Result<void> runtimeCalls(std::vector<document::RuntimeRow> rows,
                                      const std::vector<std::string>& names) = 0;
    virtual Result<void> kernels(std::vector<document::KernelRow> rows,
                                 const std::vector<std::string>& names) = 0;
    virtual Result<void> copies(std::vector<document::MemcpyRow> rows) = 0;
    virtual Result<void> sets(std::vector<document::MemsetRow> rows) = 0;
    virtual Result<void> synchronizations(std::vector<document::SynchronizationRow> rows) = 0;
    // The last call, of a run that has begun: also of one that failed or was cancelled, then with
    // what there is of it until then.
    virtual void ended(const RunOutcome& /*outcome*/) {}
};

// Runs and records. A cancelled run returns a Cancelled error; what was recorded until then, GPU
// activity included, has reached the sink.
[[nodiscard]] Result<RunOutcome> run(torchscript::Session& session, const RunRequest& request,
                                     RecordSink& sink, const JobContext& job);

} // namespace jitscope::record
