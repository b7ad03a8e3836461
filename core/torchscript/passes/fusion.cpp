#include "core/torchscript/passes/passes_p.h"

#include <torch/csrc/jit/codegen/fuser/interface.h>
#include <torch/csrc/jit/ir/graph_utils.h>
#include <torch/csrc/jit/passes/batch_mm.h>
#include <torch/csrc/jit/passes/concat_opt.h>
#include <torch/csrc/jit/passes/create_autodiff_subgraphs.h>
#include <torch/csrc/jit/passes/create_functional_graphs.h>
#include <torch/csrc/jit/passes/fuse_linear.h>
#include <torch/csrc/jit/passes/fuse_relu.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/passes/variadic_ops.h>

#include <string>

namespace torch::jit::tensorexpr {
// From tensorexpr/kernel.h, which takes as long to compile as everything else here.
TORCH_API bool& getTEMustUseLLVMOnCPU();
} // namespace torch::jit::tensorexpr

namespace jitscope::torchscript::passes {

namespace {

// Switches on LibTorch's fusion on the CPU for the time of one pass; it is off by default because
// the released library has no LLVM, in which case groups form but run through an interpreter.
class CpuFusion
{
public:
    CpuFusion()
        : m_canFuse(torch::jit::canFuseOnCPU()),
          m_mustUseLlvm(torch::jit::tensorexpr::getTEMustUseLLVMOnCPU())
    {
        torch::jit::overrideCanFuseOnCPU(true);
        torch::jit::tensorexpr::getTEMustUseLLVMOnCPU() = false;
    }
    ~CpuFusion()
    {
        torch::jit::overrideCanFuseOnCPU(m_canFuse);
        torch::jit::tensorexpr::getTEMustUseLLVMOnCPU() = m_mustUseLlvm;
    }
    CpuFusion(const CpuFusion&) = delete;
    CpuFusion& operator=(const CpuFusion&) = delete;

private:
    bool m_canFuse;
    bool m_mustUseLlvm;
};

std::string groups(std::size_t count)
{
    return count == 1 ? "1 group was formed." : std::to_string(count) + " groups were formed.";
}

} // namespace

void fuseAddRelu(PassContext& context)
{
    torch::jit::FuseAddRelu(context.graph);
}

void fuseLinear(PassContext& context)
{
    torch::jit::FuseLinear(context.graph);
}

void batchMatrixMultiply(PassContext& context)
{
    torch::jit::BatchMM(context.graph);
}

void useVariadicOps(PassContext& context)
{
    torch::jit::RemoveListMutationAndUseVariadicCat(context.graph);
    torch::jit::RemoveListMutationAndUseVariadicStack(context.graph);
}

void simplifyConcat(PassContext& context)
{
    torch::jit::EliminateConcatCommonInputs(context.graph);
    torch::jit::CombineConcats(context.graph);
}

void createAutodiffSubgraphs(PassContext& context)
{
    const std::size_t smallest = std::stoul(context.arguments.at("smallest"));
    context.message = groups(torch::jit::CreateAutodiffSubgraphs(context.graph, smallest).size());
}

void createFunctionalGraphs(PassContext& context)
{
    torch::jit::CreateFunctionalGraphs(context.graph);
}

void fuseTensorExpressions(PassContext& context)
{
    const CpuFusion fusion;
    const std::size_t smallest = std::stoul(context.arguments.at("smallest"));
    torch::jit::FuseTensorExprs(context.graph, smallest);
    std::size_t count = 0;
    for (const auto kind :
         {torch::jit::prim::TensorExprGroup, torch::jit::prim::TensorExprDynamicGroup})
        count += torch::jit::findAllNodes(*context.graph, kind, /*recurse=*/true).size();
    context.message = groups(count);
    if (count == 0)
        context.message +=
            " Groups need values whose shapes are known: apply propagate-shapes first.";
}

} // namespace jitscope::torchscript::passes
