// The passes by theme; the catalogue (pass_list.cpp) refers to them. Each works on context.graph in
// place and may throw: the graph is a copy then and is dropped.
#pragma once

#include "core/support/job.h"
#include "core/torchscript/pass_list.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <cstdint>
#include <memory>
#include <string>

namespace jitscope::torchscript {

struct PassContext
{
    std::shared_ptr<torch::jit::Graph> graph;
    torch::jit::Module self; // what the graph's first input is; a pass may put another in its place
    std::string method;
    bool frozen = false;
    PassArguments arguments; // with the defaults filled in
    std::string message;     // for the user
};

using PassFunction = void (*)(PassContext& context);

namespace passes {

// Clean up
void eliminateDeadCode(PassContext& context);
void constantPropagation(PassContext& context);
void constantPooling(PassContext& context);
void eliminateCommonSubexpressions(PassContext& context);
void peephole(PassContext& context);
void refineIntegers(PassContext& context);
void eliminateNoOps(PassContext& context);
void eliminateExceptions(PassContext& context);
void removeDropout(PassContext& context);
void canonicalize(PassContext& context);

// Structure
void inlineAll(PassContext& context);
void lowerTuples(PassContext& context);
void unrollLoops(PassContext& context);
void inlineForkWait(PassContext& context);
void canonicalizeOps(PassContext& context);
void normalizeOps(PassContext& context);
void decomposeOps(PassContext& context);

// Mutation
void removeListMutation(PassContext& context);
void removeTensorMutation(PassContext& context);
void inplaceToFunctional(PassContext& context);
void functionalToInplace(PassContext& context);

// Fusion
void fuseAddRelu(PassContext& context);
void fuseLinear(PassContext& context);
void batchMatrixMultiply(PassContext& context);
void useVariadicOps(PassContext& context);
void simplifyConcat(PassContext& context);
void createAutodiffSubgraphs(PassContext& context);
void createFunctionalGraphs(PassContext& context);
void fuseTensorExpressions(PassContext& context);

// Frozen models
void freeze(PassContext& context);
void foldBatchNorm(PassContext& context);
void foldConvolutionArithmetic(PassContext& context);
void concatLinear(PassContext& context);
void transposeLinear(PassContext& context);
void fuseConvolutionAddRelu(PassContext& context);
void convertToOneDnn(PassContext& context);

// Types
void propagateShapes(PassContext& context);
void eraseShapes(PassContext& context);

} // namespace passes
} // namespace jitscope::torchscript
