// From LibTorch's graph to plain data.
#pragma once

#include "core/ir/graph.h"
#include "core/torchscript/node_identity_p.h"

#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::torchscript {

// The texts of operator schemas, which are the same in all graphs. Kept for a session; LibTorch
// keeps its operators as long as the process lives.
class SchemaTexts
{
public:
    // Empty for what is part of the language (prim::If, prim::Constant, ...).
    [[nodiscard]] const std::string& of(const torch::jit::Node& node);

private:
    std::unordered_map<torch::jit::NodeKind, bool> m_hasSchema;
    std::unordered_map<const c10::FunctionSchema*, std::string> m_texts;
};

struct NodeMark
{
    ir::NodeKey key = 0;
    std::vector<ir::NodeKey> origins;
};

// Called once for every node, in order of numbering; `id` is its number in its graph (subgraphs
// count for themselves).
using MarkNode = std::function<NodeMark(const torch::jit::Node& node, ir::NodeId id)>;

// Module path, function, ordinal and location come from the record of the key.
[[nodiscard]] ir::Graph convert(const torch::jit::Graph& graph, const NodeIdentity& identity,
                                SchemaTexts& schemas, const MarkNode& mark);

// Every node of the graph in order of numbering: a node before the nodes of its blocks; with
// `subgraphs` also, after each node that has them, the nodes of its subgraphs.
void forEachNode(const torch::jit::Graph& graph, bool subgraphs,
                 const std::function<void(torch::jit::Node*)>& visit);

[[nodiscard]] std::vector<std::shared_ptr<torch::jit::Graph>>
subgraphsOf(const torch::jit::Node& node);

} // namespace jitscope::torchscript
