// Runs a function step by step along the plan that LibTorch's executor has for it, with a probe
// around every node, and the functions it calls likewise. LibTorch's types; private to
// profiler/record.
#pragma once

#include "core/torchscript/session_p.h"
#include "profiler/record/instrumentation_p.h"
#include "profiler/record/recorder.h"

#include <torch/csrc/jit/api/function_impl.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::record {

class PlanFollower : public CalleeMap
{
public:
    // `onPlan` gets each plan when it is first followed, before any of its nodes runs; on the
    // thread that runs it.
    PlanFollower(torchscript::Session::Implementation& session, Recording& recording, Mode mode,
                 std::function<void(std::uint32_t index, Plan plan)> onPlan);
    ~PlanFollower() override;

    struct Step
    {
        std::uint32_t plan = 0; // index of the function's own plan
    };
    // Makes or looks up the plan that run() would follow for this stack.
    Step prepare(torch::jit::GraphFunction& function, torch::jit::Stack& stack);
    // Runs it on the stack as torch::jit::Function::run does. Lets exceptions through, after what
    // it forked has ended.
    Step run(torch::jit::GraphFunction& function, torch::jit::Stack& stack);
    // In looking up plans since the last call, on all threads.
    [[nodiscard]] std::int64_t takeCompileNs() { return m_compileNs.exchange(0); }

    // The kind of a node of a followed plan ("aten::conv2d"); empty for a key of none.
    [[nodiscard]] std::string kindOf(ir::NodeKey node) const;

private:
    class RecordedFunction;
    struct Followed
    {
        std::vector<ir::NodeKey> keys;           // of the plan's nodes, in order
        std::shared_ptr<torch::jit::Graph> plan; // kept alive: the probes point into it
        std::unique_ptr<InstrumentedGraph> instrumented;
        std::uint32_t index = 0;
    };

    torch::jit::Function* recorded(torch::jit::Function& function) override;
    torch::jit::Function* recordedBody(std::shared_ptr<torch::jit::Graph> body) override;
    const Followed& follow(torch::jit::GraphFunction& function, torch::jit::Stack& stack,
                           std::optional<std::size_t> bailOutDepth, bool isMain);
    Followed& instrument(std::shared_ptr<torch::jit::Graph> plan, const std::string& name,
                         bool isMain);

    // Tasks that the interpreter runs on other threads: forked functions, and what goes on after a
    // wait.
    class Tasks;

    torchscript::Session::Implementation& m_session;
    Recording& m_recording;
    Mode m_mode;
    std::atomic<std::int64_t> m_compileNs{0};
    std::shared_ptr<Tasks> m_tasks;
    std::function<void(std::uint32_t, Plan)> m_onPlan;
    // Forked functions are looked up on their own threads. Making a plan's instrumented copy asks
    // for those of its callees' functions, hence recursive.
    mutable std::recursive_mutex m_mutex;
    std::unordered_map<const torch::jit::Graph*, Followed> m_followed;
    std::unordered_map<torch::jit::Function*, std::unique_ptr<RecordedFunction>> m_functions;
    std::vector<std::unique_ptr<torch::jit::GraphFunction>> m_bodies; // of forks
    std::uint32_t m_plans = 0;
};

} // namespace jitscope::record
