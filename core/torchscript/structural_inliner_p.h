// Expands every call in a graph, and says for every node which module instance it belongs to.
//
// LibTorch's own Inline() inserts bodies that are optimised already, and loses or falsifies the
// module path of nodes in nested blocks, of nodes without outputs and of modules in containers.
// Here the bodies are the loaded ones, and the path of a call is read from the graph itself: the
// chain of attribute reads from self to the object called.
#pragma once

#include "core/support/job.h"
#include "core/torchscript/interface_calls_p.h"
#include "core/torchscript/node_identity_p.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace jitscope::torchscript {

struct InlinedGraph
{
    std::shared_ptr<torch::jit::Graph> graph;
    // For each node its key in the `loaded` stage, by its new key.
    std::unordered_map<ir::NodeKey, ir::NodeKey> loadedKeys;
};

// `function` is a method of the instance at `path`; the graphs of all functions are tagged with
// their loaded keys. A call through an interface is expanded when its object is read from
// attributes that nothing assigns; else it stays, because what it calls is known only when it runs.
[[nodiscard]] Result<InlinedGraph> inlineCalls(const torch::jit::GraphFunction& function,
                                               const std::string& path,
                                               const InterfaceCalls& interfaces,
                                               NodeIdentity& identity, const JobContext& job);

} // namespace jitscope::torchscript
