#include "core/torchscript/passes/passes_p.h"

#include <torch/csrc/jit/passes/canonicalize.h>
#include <torch/csrc/jit/passes/common_subexpression_elimination.h>
#include <torch/csrc/jit/passes/constant_pooling.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/eliminate_no_ops.h>
#include <torch/csrc/jit/passes/integer_value_refinement.h>
#include <torch/csrc/jit/passes/peephole.h>
#include <torch/csrc/jit/passes/remove_dropout.h>
#include <torch/csrc/jit/passes/remove_exceptions.h>

namespace jitscope::torchscript::passes {

void eliminateDeadCode(PassContext& context)
{
    using torch::jit::DCESideEffectPolicy;
    const bool all = context.arguments.at("side-effects") == "delete";
    torch::jit::EliminateDeadCode(context.graph,
                                  all ? DCESideEffectPolicy::ALLOW_DELETING_NODES_WITH_SIDE_EFFECTS
                                      : DCESideEffectPolicy::DONT_DELETE_NODES_WITH_SIDE_EFFECTS);
}

void constantPropagation(PassContext& context)
{
    torch::jit::ConstantPropagation(context.graph);
}

void constantPooling(PassContext& context)
{
    torch::jit::ConstantPooling(context.graph);
}

void eliminateCommonSubexpressions(PassContext& context)
{
    torch::jit::EliminateCommonSubexpression(context.graph);
}

void peephole(PassContext& context)
{
    torch::jit::PeepholeOptimize(
        context.graph, /*disable_shape_peepholes=*/context.arguments.at("shapes") == "no");
}

void refineIntegers(PassContext& context)
{
    torch::jit::RefineIntegerValues(context.graph);
}

void eliminateNoOps(PassContext& context)
{
    torch::jit::EliminateNoOps(context.graph);
}

void eliminateExceptions(PassContext& context)
{
    torch::jit::EliminateExceptions(context.graph);
}

void removeDropout(PassContext& context)
{
    torch::jit::removeDropout(context.graph);
}

void canonicalize(PassContext& context)
{
    context.graph = torch::jit::Canonicalize(
        context.graph, /*keep_unique_names=*/context.arguments.at("names") == "keep");
}

} // namespace jitscope::torchscript::passes
