// What happens around a pass: which node is which afterwards.
#pragma once

#include "core/torchscript/node_identity_p.h"

#include <torch/csrc/jit/ir/ir.h>

#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace jitscope::torchscript {

using Origins = std::unordered_map<ir::NodeKey, std::vector<ir::NodeKey>>;

// The keys that the nodes of a graph carry, subgraphs included.
[[nodiscard]] std::unordered_set<ir::NodeKey> keysIn(const torch::jit::Graph& graph,
                                                     const NodeIdentity& identity);

// Tags every node with a key of its own after a pass, in order. A node keeps the key it carries
// when that is one of `parent` and no node before it has it. Any other node gets a new key, and
// origins: the key it carries (a duplicate), else the keys in its subgraphs (a fusion group), else
// those of the nodes that use its results, else those of the nodes it uses. Returns the origins of
// the nodes with new keys.
[[nodiscard]] Origins retag(const torch::jit::Graph& graph,
                            const std::unordered_set<ir::NodeKey>& parent, NodeIdentity& identity);

// The keys that a node of a graph with our ranges in it comes from, as for a node that cannot keep
// its key.
[[nodiscard]] std::vector<ir::NodeKey> originsOf(const torch::jit::Node& node,
                                                 const NodeIdentity& identity);

// The record of a new node with these origins.
[[nodiscard]] NodeRecord derivedRecord(const std::vector<ir::NodeKey>& origins,
                                       NodeIdentity& identity);

} // namespace jitscope::torchscript
