#include "profiler/record/plan_follower_p.h"

#include <torch/csrc/jit/runtime/graph_executor.h>

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

PlanFollower::PlanFollower(torchscript::Session::Implementation& session, Recording& recording,
                           Mode mode, std::function<void(std::uint32_t, Plan)> onPlan)
    : m_session(session), m_recording(recording), m_mode(mode), m_onPlan(std::move(onPlan))
{
    registerProbeOperators();
}

PlanFollower::~PlanFollower() = default;

PlanFollower::Step PlanFollower::run(GraphFunction& function, Stack& stack)
{
    const std::int64_t start = steadyNow();
    const Followed& followed = follow(function, stack, std::nullopt, true);
    Step step;
    step.compileNs = steadyNow() - start;
    step.plan = followed.index;
    torch::jit::InterpreterState(followed.instrumented->code()).run(stack);
    return step;
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
    // The executor has a lock of its own; it drives its own states (profiling, optimised, fallback)
    // as in a plain run.
    const std::shared_ptr<Graph> plan =
        m_mode == Mode::Interpret ? function.graph()
                                  : function.get_executor().getPlanFor(stack, bailOutDepth).graph;
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_followed.find(plan.get()); found != m_followed.end())
        return found->second;
    return instrument(plan, function.name(), isMain);
}

PlanFollower::Followed& PlanFollower::instrument(std::shared_ptr<Graph> plan,
                                                 const std::string& name, bool isMain)
{
    torchscript::ConvertedPlan converted = m_session.convertPlan(*plan);
    std::vector<ir::NodeKey> keys;
    keys.reserve(converted.nodes.size());
    for (std::size_t i = 0; i < converted.nodes.size(); ++i) {
        // What is interpreted as it stands has its keys already.
        const ir::NodeKey own =
            m_mode == Mode::Interpret ? m_session.identity().keyOf(converted.nodes[i]) : 0;
        if (own != 0) {
            converted.graph.nodes[i].key = own;
            converted.graph.nodes[i].origins = {};
        }
        keys.push_back(converted.graph.nodes[i].key);
    }
    Plan description;
    description.function = name;
    description.optimised = m_mode == Mode::Executor && !isProfiling(plan->block());
    description.isMain = isMain;
    description.graph = std::move(converted.graph);
    const std::uint32_t index = m_plans++;
    m_onPlan(index, std::move(description));

    Followed followed;
    followed.index = index;
    followed.instrumented =
        std::make_unique<InstrumentedGraph>(*plan, keys, name, m_recording, *this);
    followed.plan = std::move(plan);
    const Graph* key = followed.plan.get();
    return m_followed.emplace(key, std::move(followed)).first->second;
}

} // namespace jitscope::record
