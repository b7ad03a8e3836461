#include "oracle.h"

#include "profiler/record/device_p.h"
#include "profiler/record/input_values_p.h"

#include <ATen/record_function.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/runtime/jit_trace.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/tensorexpr/kernel.h>

#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>

namespace oracle {

namespace {

namespace jit = torch::jit;

void collect(jit::Block* block, std::vector<jit::Node*>& nodes)
{
    for (jit::Node* node : block->nodes()) {
        nodes.push_back(node);
        for (jit::Block* inner : node->blocks())
            collect(inner, nodes);
    }
}

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct Events
{
    std::mutex mutex;
    std::vector<OperatorEvent> list;
};

Events& events()
{
    static Events all;
    return all;
}

thread_local int depth = 0;

struct Started : at::ObserverContext
{
    std::int64_t start = 0;
};

std::unique_ptr<at::ObserverContext> onStart(const at::RecordFunction&)
{
    auto started = std::make_unique<Started>();
    started->start = ++depth == 1 ? now() : 0;
    return started;
}

void onEnd(const at::RecordFunction& function, at::ObserverContext* context)
{
    --depth;
    const std::int64_t start = static_cast<Started*>(context)->start;
    if (start == 0)
        return;
    const std::lock_guard lock(events().mutex);
    events().list.push_back({function.name(), start, now(), at::RecordFunction::currentThreadId()});
}

struct ForkedBody
{
    std::shared_ptr<jit::Graph> body;
    jit::Stack inputs;
};

// Runs a copy of a plan with a probe before every node. The body of a fork has a plan of its own,
// made as often before as the fork was run: an executor of the body is brought that far.
std::uint64_t executedIn(const jit::Graph& original, jit::Stack stack, int runs)
{
    const auto plan = const_cast<jit::Graph&>(original).copy(); // NOLINT: copy() only reads
    std::vector<jit::Node*> nodes;
    collect(plan->block(), nodes);
    std::uint64_t count = 0;
    std::vector<ForkedBody> forked;
    for (jit::Node* node : nodes) {
        if (node->kind() == c10::prim::Constant || node->kind() == c10::prim::profile ||
            node->kind() == c10::prim::profile_ivalue)
            continue;
        std::shared_ptr<jit::Graph> body;
        if (node->kind() == c10::prim::fork)
            body = node->g(c10::attr::Subgraph);
        auto* probe = new jit::ProfileIValueOp(
            plan.get(), [&count, &forked, body](std::vector<c10::IValue>& values) {
                values.pop_back(); // the number of the frame
                ++count;
                if (!body)
                    return;
                const std::size_t inputs = body->inputs().size();
                forked.push_back(
                    {body, {values.end() - static_cast<std::ptrdiff_t>(inputs), values.end()}});
                values.resize(values.size() - inputs);
            });
        if (body) {
            for (jit::Value* input : node->inputs())
                probe->addInput(input);
        }
        probe->insertBefore(node);
    }
    jit::InterpreterState(jit::Code(plan, "probed")).run(stack);
    for (const ForkedBody& fork : forked) {
        jit::GraphExecutor executor(fork.body->copy(), "forked");
        for (int i = 0; i < runs; ++i) {
            jit::Stack inputs = fork.inputs;
            executor.run(inputs);
        }
        jit::Stack inputs = fork.inputs;
        count += executedIn(*executor.getPlanFor(inputs, std::nullopt).graph, inputs, runs);
    }
    return count;
}

} // namespace

std::uint64_t executedNodes(const std::filesystem::path& model,
                            const std::vector<std::string>& inputs, int runs)
{
    const torch::autograd::AutoGradMode noGradients(false);
    jit::Module module = jit::load(model.string(), c10::Device(c10::kCPU));
    const auto method = module.get_method("forward");
    jitscope::torchscript::StageGraph stage;
    stage.graph = method.graph();
    stage.self = module;
    stage.method = "forward";
    stage.schema = &method.function().getSchema();
    const auto prepared = jitscope::record::prepareInputs(stage, inputs, 0);
    if (!prepared)
        throw std::runtime_error(prepared.error().message());
    const auto makeStack = [&] {
        jit::Stack stack{module._ivalue()};
        for (const c10::IValue& input : prepared->values)
            stack.push_back(input.deepcopy());
        stage.schema->checkAndNormalizeInputs(stack, {});
        return stack;
    };
    for (int i = 0; i < runs; ++i) {
        jit::Stack stack = makeStack();
        method.function().run(stack);
    }
    jit::Stack stack = makeStack();
    const auto& plan =
        jit::toGraphFunction(method.function()).get_executor().getPlanFor(stack, std::nullopt);
    return executedIn(*plan.graph, std::move(stack), runs);
}

std::vector<TracedType> tracedTypes(jitscope::torchscript::Session& session,
                                    jitscope::torchscript::StageHandle handle,
                                    const std::vector<std::string>& inputs)
{
    auto& implementation = session.implementation();
    const auto* stage = implementation.stage(handle);
    if (!implementation.fillWeights({}))
        throw std::runtime_error("The weights could not be read.");
    const auto prepared = jitscope::record::prepareInputs(*stage, inputs, 0);
    if (!prepared)
        throw std::runtime_error(prepared.error().message());
    const torch::autograd::AutoGradMode noGradients(false);
    jit::Stack stack{stage->self._ivalue()};
    stack.insert(stack.end(), prepared->values.begin(), prepared->values.end());
    stage->schema->checkAndNormalizeInputs(stack, {});
    const auto traced = jit::TraceGraph(stage->graph->copy(), stack);

    std::map<std::uint32_t, std::vector<jit::Node*>> byKey;
    for (jit::Node* node : traced->nodes()) {
        if (const auto key = implementation.identity().keyOf(node);
            key != 0 && node->kind() != c10::prim::Constant)
            byKey[key].push_back(node);
    }
    std::vector<TracedType> types;
    for (const auto& [key, nodes] : byKey) {
        if (nodes.size() != 1)
            continue;
        const auto outputs = nodes.front()->outputs();
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const auto type = outputs[i]->type()->cast<c10::TensorType>();
            if (!type || !type->sizes().concrete_sizes() || !type->scalarType() || !type->device())
                continue;
            jitscope::ir::TensorType plain{c10::toString(*type->scalarType()),
                                           std::vector<std::string>(), type->device()->str()};
            const std::vector<std::int64_t> sizes = *type->sizes().concrete_sizes();
            for (const std::int64_t size : sizes)
                plain.sizes->push_back(std::to_string(size));
            types.push_back({key, static_cast<std::uint32_t>(i), std::move(plain)});
        }
    }
    return types;
}

Gradients wantedGradients(const std::filesystem::path& model, const std::string& device)
{
    const jit::Module loaded = jit::load(model.string(), c10::kCPU);
    const torch::autograd::AutoGradMode noGradients(false);
    const jit::Module copied = jitscope::record::copyTo(loaded, c10::Device(device));
    const auto wanted = [](const jit::Module& module) {
        std::vector<std::string> names;
        for (const auto& parameter : module.named_parameters()) {
            if (parameter.value.requires_grad())
                names.push_back(parameter.name);
        }
        return names;
    };
    Gradients gradients{wanted(loaded), wanted(copied), true};
    for (const auto& attribute : copied.named_attributes()) {
        if (attribute.value.isTensor()) {
            gradients.isThere =
                gradients.isThere && attribute.value.toTensor().device() == c10::Device(device);
        }
    }
    return gradients;
}

void saveModel(const std::filesystem::path& file, const std::string& source,
               const std::vector<std::int64_t>& weight)
{
    jit::Module module("Model");
    if (!weight.empty())
        module.register_parameter("weight", at::ones(weight), false);
    module.define(source);
    module.save(file.string());
}

OperatorEvents::OperatorEvents()
{
    (void)take();
    m_handle = at::addGlobalCallback(
        at::RecordFunctionCallback(&onStart, &onEnd).scopes({at::RecordScope::FUNCTION}));
}

OperatorEvents::~OperatorEvents()
{
    at::removeCallback(m_handle);
}

std::vector<OperatorEvent> OperatorEvents::take()
{
    const std::lock_guard lock(events().mutex);
    return std::exchange(events().list, {});
}

CpuFusion::CpuFusion()
    : m_canFuse(jit::canFuseOnCPU()), m_mustUseLlvm(jit::tensorexpr::getTEMustUseLLVMOnCPU())
{
    jit::overrideCanFuseOnCPU(true);
    jit::tensorexpr::getTEMustUseLLVMOnCPU() = false;
}

CpuFusion::~CpuFusion()
{
    jit::overrideCanFuseOnCPU(m_canFuse);
    jit::tensorexpr::getTEMustUseLLVMOnCPU() = m_mustUseLlvm;
}

} // namespace oracle
