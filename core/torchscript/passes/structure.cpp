#include "core/torchscript/passes/passes_p.h"

#include <torch/csrc/jit/passes/canonicalize.h>
#include <torch/csrc/jit/passes/canonicalize_graph_fuser_ops.h>
#include <torch/csrc/jit/passes/decompose_ops.h>
#include <torch/csrc/jit/passes/inline_fork_wait.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/loop_unrolling.h>
#include <torch/csrc/jit/passes/lower_tuples.h>
#include <torch/csrc/jit/passes/normalize_ops.h>
#include <torch/csrc/jit/passes/remove_inplace_ops.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/csrc/jit/passes/restore_mutation.h>

namespace jitscope::torchscript::passes {

void inlineAll(PassContext& context)
{
    torch::jit::Inline(*context.graph);
}

void lowerTuples(PassContext& context)
{
    if (context.arguments.at("which") == "all")
        torch::jit::LowerAllTuples(context.graph);
    else
        torch::jit::LowerSimpleTuples(context.graph);
}

void unrollLoops(PassContext& context)
{
    if (context.arguments.at("which") == "constant")
        torch::jit::UnrollConstantLoops(context.graph);
    else
        torch::jit::UnrollLoops(context.graph);
}

void inlineForkWait(PassContext& context)
{
    torch::jit::InlineForkWait(context.graph);
}

void canonicalizeOps(PassContext& context)
{
    torch::jit::CanonicalizeOps(context.graph);
}

void normalizeOps(PassContext& context)
{
    torch::jit::NormalizeOps(context.graph);
}

void decomposeOps(PassContext& context)
{
    torch::jit::DecomposeOps(context.graph);
}

void removeListMutation(PassContext& context)
{
    torch::jit::RemoveListMutation(context.graph);
}

void removeTensorMutation(PassContext& context)
{
    torch::jit::RemoveTensorMutation(context.graph);
}

void inplaceToFunctional(PassContext& context)
{
    torch::jit::InplaceToFunctionalActivation(context.graph);
}

void functionalToInplace(PassContext& context)
{
    torch::jit::FunctionalToInplaceActivation(context.graph);
}

} // namespace jitscope::torchscript::passes
