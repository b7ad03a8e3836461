// Executes a graph once and notes what tensors its values stood for. LibTorch's types; private to
// profiler/record.
#pragma once

#include "core/torchscript/node_identity_p.h"
#include "profiler/record/recorder.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include <functional>
#include <memory>
#include <vector>

namespace jitscope::record {

// Looks at the method's arguments, at the outputs of every node and the parameters of every block,
// and into what is forked; not into fused groups, which are compiled.
class TypeObserver
{
public:
    // `checkCancel` throws to stop; called at every value.
    TypeObserver(const torch::jit::Graph& graph, const torchscript::NodeIdentity& identity,
                 std::function<void()> checkCancel);
    ~TypeObserver();
    TypeObserver(const TypeObserver&) = delete;
    TypeObserver& operator=(const TypeObserver&) = delete;

    // `stack` has self and all arguments. Lets exceptions through; what was seen until then counts.
    void run(torch::jit::Stack& stack);

    // What differed between the executions of a node is unknown.
    [[nodiscard]] std::vector<ObservedType> types() const;

private:
    class Observations;
    void watch(torch::jit::Graph& graph, bool isMain);
    void watch(torch::jit::Block& block, ir::NodeKey owner, bool isFirst);
    void insertProbe(torch::jit::Value* value, torch::jit::Node* after, torch::jit::Block* startOf,
                     const ObservedType& place);

    const torchscript::NodeIdentity& m_identity;
    std::shared_ptr<Observations> m_observations; // the probes hold it too
    std::shared_ptr<torch::jit::Graph> m_graph;
};

} // namespace jitscope::record
