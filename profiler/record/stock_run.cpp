#include "profiler/record/stock_run_p.h"

#include "core/torchscript/graph_converter_p.h"
#include "profiler/record/input_values_p.h"
#include "profiler/record/outputs_p.h"

#include <ATen/Context.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <unordered_map>

namespace jitscope::record {

namespace {

using torch::jit::Node;
using torch::jit::Value;
namespace prim = c10::prim;

// Whether the value may be, or share memory with, something that self holds. Follows it back
// through the nodes whose results may be views of, or hold, what they were given.
class SelfReach
{
public:
    bool reaches(const Value* value)
    {
        const auto [found, fresh] = m_known.emplace(value, true); // a cycle may: be careful
        if (!fresh)
            return found->second;
        const bool result = compute(value);
        m_known[value] = result;
        return result;
    }

private:
    bool compute(const Value* value)
    {
        const Node* node = value->node();
        if (node->kind() == prim::Constant)
            return value->type()->kind() == c10::TypeKind::TensorType; // shared by all runs
        if (node->kind() == prim::GetAttr)
            return true;
        if (node->kind() == prim::Param) {
            // Of the graph: self, or an input, which each run has for itself. Of a block: unknown.
            const auto inputs = value->owningGraph()->inputs();
            return node != value->owningGraph()->param_node() ||
                   (!inputs.empty() && inputs[0] == value);
        }
        const torch::jit::Operator* op = node->maybeOperator();
        if (op == nullptr || op->schema().is_vararg() || !node->blocks().empty())
            return true;
        const auto& returns = op->schema().returns();
        if (value->offset() < returns.size() && returns[value->offset()].alias_info() == nullptr &&
            node->kind().is_aten())
            return false;
        for (const Value* input : node->inputs()) {
            if (reaches(input))
                return true;
        }
        return false;
    }

    std::unordered_map<const Value*, bool> m_known;
};

bool isTrainingNormalization(const Node* node)
{
    const std::string_view kind = node->kind().toUnqualString();
    if (kind.find("batch_norm") == std::string_view::npos &&
        kind.find("instance_norm") == std::string_view::npos)
        return false;
    for (const Value* input : node->inputs()) {
        if (input->type()->kind() != c10::TypeKind::BoolType)
            continue;
        const auto value = torch::jit::toIValue(input);
        // The first truth value is `training` (or `use_input_stats`).
        return !value || value->toBool();
    }
    return true;
}

} // namespace

bool mayChangeSelf(const torch::jit::Graph& graph)
{
    bool may = false;
    SelfReach self;
    torchscript::forEachNode(graph, true, [&](Node* node) {
        if (may)
            return;
        if (node->kind() == prim::SetAttr || node->kind() == prim::CallMethod ||
            node->kind() == prim::CallFunction || isTrainingNormalization(node)) {
            may = true;
            return;
        }
        const torch::jit::Operator* op = node->maybeOperator();
        if (op == nullptr)
            return;
        const auto& arguments = op->schema().arguments();
        for (std::size_t i = 0; i < arguments.size() && i < node->inputs().size(); ++i) {
            const auto* alias = arguments[i].alias_info();
            if (alias != nullptr && alias->isWrite() && self.reaches(node->inputs()[i]))
                may = true;
        }
    });
    return may;
}

c10::IValue runStock(const StockRequest& request, int runs,
                     const std::function<void()>& checkCancel)
{
    std::shared_ptr<torch::jit::Graph> graph = request.graph->copy();
    if (request.asLoaded) {
        const auto method = request.self.get_method(request.stage.method);
        graph = torch::jit::toGraphFunction(method.function()).graph()->copy();
    }
    torch::jit::GraphFunction function(request.stage.method, std::move(graph), nullptr);
    c10::IValue result;
    for (int i = 0; i < runs; ++i) {
        checkCancel();
        std::vector<c10::IValue> stack =
            argumentsOf(request.self, request.inputs, *request.stage.schema);
        at::manual_seed(request.seed);
        function.run(stack);
        result = stack.front();
    }
    return result;
}

} // namespace jitscope::record
