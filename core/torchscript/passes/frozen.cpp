#include "core/torchscript/passes/passes_p.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/graph_utils.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_concat_linear.h>
#include <torch/csrc/jit/passes/frozen_conv_add_relu_fusion.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/passes/frozen_linear_folding.h>
#include <torch/csrc/jit/passes/frozen_linear_transpose.h>
#include <torch/csrc/jit/passes/frozen_ops_to_mkldnn.h>

#include <string>
#include <vector>

namespace jitscope::torchscript::passes {

namespace {

using torch::jit::Block;
using torch::jit::Node;
namespace prim = torch::jit::prim;

// Gives what is read from self the types of the cloned module: clone() makes a new class for every
// module.
void retype(Block& block)
{
    for (Node* node : block.nodes()) {
        if (node->kind() == prim::GetAttr) {
            if (const auto type = node->input()->type()->cast<c10::ClassType>())
                node->output()->setType(type->getAttribute(node->s(torch::jit::attr::name)));
        }
        for (Block* child : node->blocks())
            retype(*child);
        if (!node->hasAttribute(torch::jit::attr::Subgraph))
            continue;
        const auto graph = node->g(torch::jit::attr::Subgraph);
        for (std::size_t i = 0; i < graph->inputs().size() && i < node->inputs().size(); ++i) {
            if (node->input(i)->type()->cast<c10::ClassType>())
                graph->inputs()[i]->setType(node->input(i)->type());
        }
        retype(*graph->block());
    }
}

std::size_t attributeReads(torch::jit::Graph& graph)
{
    return torch::jit::findAllNodes(graph, prim::GetAttr, /*recurse=*/true).size();
}

} // namespace

// LibTorch's freezing replaces a module's own method, so the stage's graph is written into the
// method of a clone that shares the weights; the nodes keep their ranges on the way.
void freeze(PassContext& context)
{
    torch::jit::Module clone = context.self.clone(/*inplace=*/true);
    if (clone.hasattr("training") && clone.is_training()) {
        if (context.arguments.at("mode") != "eval") {
            TORCH_CHECK(
                false,
                "The module is in training mode, and freezing fixes the mode. Call eval() on the "
                "model before it is saved, or freeze it with mode=eval.");
        }
        clone.eval();
        context.message =
            "The model was saved in training mode; it was frozen in evaluation mode. ";
    }
    const auto body = context.graph->copy();
    body->inputs().at(0)->setType(clone.type());
    retype(*body->block());
    auto& function = torch::jit::toGraphFunction(clone.get_method(context.method).function());
    function.graph()->block()->clear();
    function.graph()->block()->cloneFrom(body->block(), nullptr);
    function.clear_optimized_graphs();

    std::vector<std::string> kept;
    if (context.method != "forward")
        kept.push_back(context.method);
    torch::jit::freeze_module_inplace(&clone, kept);
    context.graph =
        torch::jit::toGraphFunction(clone.get_method(context.method).function()).graph()->copy();
    context.self = clone;
    context.frozen = true;
    const std::size_t left = attributeReads(*context.graph);
    if (left != 0) {
        context.message +=
            std::to_string(left) +
            " attribute reads stay: what they read may change while the model runs, or cannot be a "
            "constant.";
    }
}

void foldBatchNorm(PassContext& context)
{
    torch::jit::FoldFrozenConvBatchnorm(context.graph);
    torch::jit::FoldFrozenLinearBatchnorm(context.graph);
}

void foldConvolutionArithmetic(PassContext& context)
{
    torch::jit::FoldFrozenConvAddOrSub(context.graph);
    torch::jit::FoldFrozenConvMulOrDiv(context.graph);
}

void concatLinear(PassContext& context)
{
    torch::jit::FrozenConcatLinear(context.graph);
}

void transposeLinear(PassContext& context)
{
    torch::jit::FrozenLinearTranspose(context.graph);
}

void fuseConvolutionAddRelu(PassContext& context)
{
    torch::jit::FuseFrozenConvAddRelu(context.graph);
}

void convertToOneDnn(PassContext& context)
{
    torch::jit::ConvertFrozenOpsToMKLDNN(context.graph);
}

} // namespace jitscope::torchscript::passes
