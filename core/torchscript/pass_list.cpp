#include "core/torchscript/pass_list.h"

#include "core/torchscript/devices_p.h"
#include "core/torchscript/pass_rows_p.h"

#include <algorithm>
#include <utility>

namespace jitscope::torchscript {

namespace {

using enum PassNeed;

// The row is for a GPU only.
void unlessCuda(PassRow& row, std::string reason)
{
    if (hasCuda())
        return;
    row.info.available = false;
    row.info.reason = std::move(reason);
}

} // namespace

std::vector<PassRow> passRows()
{
    namespace p = passes;
    const std::string clean = "Clean up";
    const std::string structure = "Structure";
    const std::string mutation = "Mutation";
    const std::string fusion = "Fusion";
    const std::string frozen = "Frozen models";
    const std::string types = "Types";
    std::vector<PassRow> rows;
    const auto add = [&rows](const std::string& category, std::string name, std::string label,
                             std::string effect, PassFunction run, std::vector<PassNeed> needs = {},
                             std::vector<PassArgument> arguments = {}) {
        rows.push_back({{std::move(name),
                         std::move(label),
                         category,
                         std::move(effect),
                         std::move(needs),
                         std::move(arguments),
                         true,
                         {}},
                        run});
    };

    add(clean, "eliminate-dead-code", "Eliminate dead code",
        "Removes nodes whose results nobody uses and that have no side effects.",
        &p::eliminateDeadCode, {},
        {{"side-effects",
          "keep nodes with side effects, or delete them too",
          "keep",
          {"keep", "delete"}}});
    add(clean, "constant-propagation", "Propagate constants",
        "Runs nodes whose inputs are all constants, and puts the results in their place.",
        &p::constantPropagation);
    add(clean, "constant-pooling", "Pool constants",
        "Keeps one of several equal constants, at the start of the graph.", &p::constantPooling);
    add(clean, "eliminate-common-subexpressions", "Eliminate common subexpressions",
        "Computes an expression once that appears several times with the same inputs.",
        &p::eliminateCommonSubexpressions);
    add(clean, "peephole", "Peephole optimisation",
        "Replaces small patterns by simpler ones: double transposes, no-op conversions, checks "
        "that are known.",
        &p::peephole, {},
        {{"shapes", "also use shapes that are written in the graph", "yes", {"yes", "no"}}});
    add(clean, "refine-integers", "Refine integers",
        "Uses what a branch's condition says about an integer inside that branch.",
        &p::refineIntegers);
    add(clean, "eliminate-no-ops", "Eliminate no-ops",
        "Removes nodes that return their input unchanged, such as detach of a constant.",
        &p::eliminateNoOps);
    add(clean, "eliminate-exceptions", "Eliminate exceptions",
        "Assumes that no exception is raised, and removes the branches that raise one and the "
        "checks before them.",
        &p::eliminateExceptions);
    add(clean, "remove-dropout", "Remove dropout",
        "Removes dropout nodes that do nothing in evaluation mode.", &p::removeDropout, {EvalMode});
    add(clean, "canonicalize", "Canonicalise",
        "Renumbers the values in order, so that equal graphs print equally.", &p::canonicalize, {},
        {{"names", "keep the names of values, or number them all", "keep", {"keep", "drop"}}});

    add(structure, "inline", "Inline calls (LibTorch)",
        "Replaces calls by the bodies of what they call, as LibTorch does it before it runs a "
        "model.",
        &p::inlineAll);
    add(structure, "lower-tuples", "Lower tuples",
        "Passes the elements of tuples on directly where a tuple is built and taken apart again.",
        &p::lowerTuples, {},
        {{"which",
          "simple tuples, or all of them, also at inputs and outputs",
          "simple",
          {"simple", "all"}}});
    add(structure, "unroll-loops", "Unroll loops",
        "Repeats the bodies of small loops, and of loops whose trip count is known, instead of "
        "looping.",
        &p::unrollLoops, {},
        {{"which",
          "all suitable loops, or those with a constant trip count",
          "all",
          {"all", "constant"}}});
    add(structure, "inline-fork-wait", "Inline fork and wait",
        "Runs forked work where it is forked, in line.", &p::inlineForkWait, {Inlined});
    add(structure, "canonicalize-ops", "Canonicalise operators",
        "Splits chunk into its parts and unifies variants of operators, as the fusers expect them.",
        &p::canonicalizeOps);
    add(structure, "normalize-ops", "Normalise operators",
        "Replaces aliases of operators by the usual name (absolute by abs, ...).",
        &p::normalizeOps);
    add(structure, "decompose-ops", "Decompose operators",
        "Splits addmm, batch norm and layer norm with known shapes into simpler operators.",
        &p::decomposeOps);

    add(mutation, "remove-list-mutation", "Remove list mutation",
        "Builds lists in one step where elements are appended to a list that nobody else sees.",
        &p::removeListMutation);
    add(mutation, "remove-tensor-mutation", "Remove tensor mutation",
        "Replaces in-place operators by those that return a new tensor, where nobody else sees the "
        "old one.",
        &p::removeTensorMutation);
    add(mutation, "inplace-to-functional", "In-place to functional activations",
        "Replaces in-place activations (relu_, ...) by those that return a new tensor.",
        &p::inplaceToFunctional);
    add(mutation, "functional-to-inplace", "Functional to in-place activations",
        "Lets activations overwrite their input where nobody else needs it.",
        &p::functionalToInplace);

    add(fusion, "fuse-add-relu", "Fuse add and ReLU",
        "Replaces an addition followed by ReLU by one operator (aten::_add_relu).",
        &p::fuseAddRelu);
    add(fusion, "fuse-linear", "Fuse linear",
        "Recognises matrix products with a bias that make up aten::linear, and replaces them by "
        "it.",
        &p::fuseLinear);
    add(fusion, "batch-mm", "Batch matrix products",
        "Joins several products with the same matrix, and sums of products, into one product.",
        &p::batchMatrixMultiply);
    add(fusion, "use-variadic-ops", "Use variadic operators",
        "Passes tensors to cat and stack directly instead of through a list.", &p::useVariadicOps);
    add(fusion, "simplify-concat", "Simplify concatenations",
        "Joins concatenations of concatenations and shares their common inputs.",
        &p::simplifyConcat);
    add(fusion, "create-functional-graphs", "Group functional nodes",
        "Groups nodes without mutation and side effects (prim::FunctionalGraph).",
        &p::createFunctionalGraphs, {Inlined});
    add(fusion, "create-autodiff-subgraphs", "Group differentiable nodes",
        "Groups nodes that LibTorch can differentiate symbolically (prim::DifferentiableGraph).",
        &p::createAutodiffSubgraphs, {Inlined},
        {{"smallest", "nodes that a group has at least", "2", {}}});
    add(fusion, "fuse-tensor-expressions", "Fuse tensor expressions (NNC)",
        "Groups pointwise nodes with known shapes into kernels (prim::TensorExprGroup).",
        &p::fuseTensorExpressions, {Inlined},
        {{"smallest", "nodes that a group has at least", "2", {}}});

    add(frozen, "freeze", "Freeze",
        "Makes the module's parameters and attributes constants of the graph.", &p::freeze,
        {Inlined},
        {{"mode",
          "for a model in training mode: freeze it in evaluation mode, or refuse",
          "eval",
          {"eval", "keep"}}});
    add(frozen, "fold-batch-norm", "Fold batch norm",
        "Folds a batch norm that follows a convolution or linear into its weights.",
        &p::foldBatchNorm, {Frozen});
    add(frozen, "fold-conv-arithmetic", "Fold arithmetic into convolution",
        "Folds additions and multiplications with constants that follow a convolution into its "
        "weights.",
        &p::foldConvolutionArithmetic, {Frozen});
    add(frozen, "concat-linear", "Join linear nodes",
        "Joins linear nodes with the same input into one (on a GPU).", &p::concatLinear, {Frozen});
    add(frozen, "transpose-linear", "Transpose linear weights",
        "Replaces linear by a matrix product with a weight that is transposed once.",
        &p::transposeLinear, {Frozen});
    add(frozen, "fuse-conv-add-relu", "Fuse convolution, add and ReLU",
        "Replaces a convolution followed by an addition and ReLU by one cuDNN operator.",
        &p::fuseConvolutionAddRelu, {Frozen});
    unlessCuda(
        rows.back(),
        "LibTorch has it for CUDA only, and finds no GPU here. fuse-add-relu works on the CPU.");
    add(frozen, "convert-to-onednn", "Convert to oneDNN",
        "Runs convolutions, linear and pointwise nodes in oneDNN's own tensor layout.",
        &p::convertToOneDnn, {Frozen});

    add(types, "propagate-shapes", "Propagate shapes",
        "Works out the shapes of tensors from those of the inputs and weights.",
        &p::propagateShapes, {Inlined},
        {{std::string(shapesArgument),
          "shapes of the arguments, separated by commas: 1x3x224x224,int64:1x12; without "
          "them those that a run would generate",
          "",
          {}}});
    add(types, "erase-shapes", "Erase shapes",
        "Forgets shapes and dtypes that are written in the graph.", &p::eraseShapes);
    return rows;
}

std::optional<PassRow> findPass(std::string_view name)
{
    std::vector<PassRow> rows = passRows();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [name](const PassRow& row) { return row.info.name == name; });
    if (found == rows.end())
        return std::nullopt;
    return std::move(*found);
}

std::vector<PassInfo> passCatalogue()
{
    std::vector<PassInfo> catalogue;
    for (PassRow& row : passRows())
        catalogue.push_back(std::move(row.info));
    return catalogue;
}

std::string_view toString(PassNeed need)
{
    switch (need) {
    case Nothing:
        return "nothing";
    case Inlined:
        return "inlined";
    case Frozen:
        return "frozen";
    case EvalMode:
        return "eval-mode";
    }
    return "nothing";
}

} // namespace jitscope::torchscript
