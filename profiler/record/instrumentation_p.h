// Puts probes around the nodes of a copy of a graph. LibTorch's types; private to profiler/record.
#pragma once

#include "profiler/record/probe_p.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace jitscope::record {

// Gives the function to call instead of one that the graph calls, so that its nodes are recorded
// too.
class CalleeMap
{
public:
    virtual ~CalleeMap() = default;
    virtual torch::jit::Function* recorded(torch::jit::Function& function) = 0;
    virtual torch::jit::Function*
    recordedBody(std::shared_ptr<torch::jit::Graph> body) = 0; // of a fork
};

// An instrumented graph with what its nodes refer to. The graph it was made from must outlive it.
class InstrumentedGraph
{
public:
    // `keys` are the keys of the nodes of `original` in the order of ir::Graph.
    InstrumentedGraph(const torch::jit::Graph& original, std::span<const ir::NodeKey> keys,
                      const std::string& function, Recording& recording, CalleeMap& callees);

    [[nodiscard]] const torch::jit::Code& code() const { return *m_code; }

private:
    void instrument(torch::jit::Node* copy, torch::jit::Node* original, ir::NodeKey key);
    void wrapOperator(torch::jit::Node* copy, torch::jit::Node* original, ir::NodeKey key);
    torch::jit::Node* redirectCalls(torch::jit::Node* node);
    void redirectFork(torch::jit::Node* node);
    void mark(torch::jit::Node* node, ir::NodeKey key);

    Recording& m_recording;
    CalleeMap& m_callees;
    std::deque<OperatorProbe> m_operators; // deques: the nodes hold pointers
    std::deque<MarkProbe> m_marks;
    std::shared_ptr<torch::jit::Graph> m_graph;
    std::unique_ptr<torch::jit::Code> m_code;
};

// Registers the operators of the probes, once in a process.
void registerProbeOperators();

// Whether the interpreter executes the node by calling an operator, and not by an instruction of
// its own.
[[nodiscard]] bool isOperatorCall(torch::jit::Node* node);
// Constants are no executed nodes: the interpreter loads them; nor are the executor's own profiling
// nodes.
[[nodiscard]] bool isExecuted(torch::jit::Node* node);

} // namespace jitscope::record
