#include "profiler/record/plan_follower_p.h"

#include "core/torchscript/graph_converter_p.h"

#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <condition_variable>

namespace jitscope::record {

namespace {

using torch::jit::Code;
using torch::jit::Function;
using torch::jit::Graph;
using torch::jit::GraphFunction;
using torch::jit::Stack;

bool isProfiling(const torch::jit::Block* block)
{
    for (const torch::jit::Node* node : block->nodes()) {
        if (node->kind() == c10::prim::profile)
            return true;
        for (const torch::jit::Block* inner : node->blocks()) {
            if (isProfiling(inner))
                return true;
        }
    }
    return false;
}

} // namespace

// Stands for a function that an instrumented graph calls; the interpreter asks it for its code.
class PlanFollower::RecordedFunction : public Function
{
public:
    RecordedFunction(PlanFollower& follower, GraphFunction& function)
        : m_follower(follower), m_function(function)
    {}

    void run(Stack& stack) override { m_follower.run(m_function, stack); }
    c10::intrusive_ptr<c10::ivalue::Future> runAsync(Stack& stack,
                                                     torch::jit::TaskLauncher launcher) override
    {
        return m_function.runAsync(stack, std::move(launcher));
    }
    const c10::QualifiedName& qualname() const override { return m_function.qualname(); }
    void ensure_defined() override { m_function.ensure_defined(); }
    const c10::FunctionSchema& getSchema() const override { return m_function.getSchema(); }
    std::size_t num_inputs() const override { return m_function.num_inputs(); }
    Function& setSchema(c10::FunctionSchema /*schema*/) override { return *this; }
    using Function::call;
    bool call(Stack& stack, std::optional<std::size_t> bailOutDepth,
              c10::function_ref<void(const Code&)> run) override
    {
        run(m_follower.follow(m_function, stack, bailOutDepth, false).instrumented->code());
        return true;
    }

private:
    PlanFollower& m_follower;
    GraphFunction& m_function;
};

class PlanFollower::Tasks : public std::enable_shared_from_this<Tasks>
{
public:
    explicit Tasks(Recording& recording) : m_recording(recording) {}

    torch::jit::TaskLauncher launcher()
    {
        return [self = shared_from_this()](std::function<void()> task) {
            {
                const std::lock_guard lock(self->m_mutex);
                ++self->m_running;
            }
            at::launch([self, task = std::move(task)]() mutable {
                task();
                self->m_recording.unlinkInstruction(); // of one that threw
                task = nullptr; // what it holds goes before it counts as ended
                {
                    const std::lock_guard lock(self->m_mutex);
                    --self->m_running;
                }
                self->m_ended.notify_all();
            });
        };
    }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_ended.wait(lock, [this] { return m_running == 0; });
    }

private:
    Recording& m_recording; // outlives the run, and nobody ends a run before its tasks
    std::mutex m_mutex;
    std::condition_variable m_ended;
    int m_running = 0;
};

PlanFollower::PlanFollower(torchscript::Session::Implementation& session, Recording& recording,
                           Mode mode, std::function<void(std::uint32_t, Plan)> onPlan)
    : m_session(session),
      m_recording(recording),
      m_mode(mode),
      m_tasks(std::make_shared<Tasks>(recording)),
      m_onPlan(std::move(onPlan))
{
    registerProbeOperators();
}

PlanFollower::~PlanFollower() = default;

PlanFollower::Step PlanFollower::prepare(GraphFunction& function, Stack& stack)
{
    return {follow(function, stack, std::nullopt, true).index};
}

PlanFollower::Step PlanFollower::run(GraphFunction& function, Stack& stack)
{
    const Followed& followed = follow(function, stack, std::nullopt, true);
    try {
        torch::jit::InterpreterState(followed.instrumented->code(), m_tasks->launcher()).run(stack);
    } catch (...) {
        m_recording.unlinkInstruction();
        // Forks refer to the probes, and a failed run leaves them behind.
        m_recording.stop();
        m_tasks->wait();
        m_recording.rearm();
        throw;
    }
    m_tasks->wait(); // a model need not wait for what it forked
    return {followed.index};
}

Function* PlanFollower::recorded(Function& function)
{
    const std::lock_guard lock(m_mutex);
    auto& recorded = m_functions[&function];
    if (!recorded)
        recorded = std::make_unique<RecordedFunction>(*this, torch::jit::toGraphFunction(function));
    return recorded.get();
}

Function* PlanFollower::recordedBody(std::shared_ptr<Graph> body)
{
    const std::lock_guard lock(m_mutex);
    m_bodies.push_back(std::make_unique<GraphFunction>("<forked function>", body->copy(), nullptr));
    return recorded(*m_bodies.back());
}

const PlanFollower::Followed& PlanFollower::follow(GraphFunction& function, Stack& stack,
                                                   std::optional<std::size_t> bailOutDepth,
                                                   bool isMain)
{
    const std::int64_t start = steadyNow();
    // The executor has a lock of its own; it drives its own states (profiling, optimised, fallback)
    // as in a plain run.
    const std::shared_ptr<Graph> plan =
        m_mode == Mode::Interpret ? function.graph()
                                  : function.get_executor().getPlanFor(stack, bailOutDepth).graph;
    const std::lock_guard lock(m_mutex);
    const auto found = m_followed.find(plan.get());
    const Followed& followed =
        found != m_followed.end() ? found->second : instrument(plan, function.name(), isMain);
    m_compileNs += steadyNow() - start;
    return followed;
}

std::string PlanFollower::kindOf(ir::NodeKey node) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [graph, followed] : m_followed) {
        const auto found = std::find(followed.keys.begin(), followed.keys.end(), node);
        if (found == followed.keys.end())
            continue;
        auto left = found - followed.keys.begin();
        std::string kind;
        torchscript::forEachNode(*graph, false, [&](const torch::jit::Node* candidate) {
            if (left-- == 0)
                kind = candidate->kind().toQualString();
        });
        return kind;
    }
    return {};
}

PlanFollower::Followed& PlanFollower::instrument(std::shared_ptr<Graph> plan,
                                                 const std::string& name, bool isMain)
{
    Followed followed;
    std::vector<ir::NodeKey>& keys = followed.keys;
    if (m_mode == Mode::Interpret) {
        // What is interpreted as it stands has its keys already.
        torchscript::forEachNode(*plan, false, [&](torch::jit::Node* node) {
            keys.push_back(m_session.identity().keyOf(node));
        });
    } else {
        torchscript::ConvertedPlan converted = m_session.convertPlan(*plan);
        for (const ir::Node& node : converted.graph.nodes)
            keys.push_back(node.key);
        Plan description;
        description.function = name;
        description.optimised = !isProfiling(plan->block());
        description.isMain = isMain;
        description.graph = std::move(converted.graph);
        followed.index = m_plans++;
        m_onPlan(followed.index, std::move(description));
    }
    followed.instrumented =
        std::make_unique<InstrumentedGraph>(*plan, keys, name, m_recording, *this);
    followed.plan = std::move(plan);
    const Graph* key = followed.plan.get();
    return m_followed.emplace(key, std::move(followed)).first->second;
}

} // namespace jitscope::record
