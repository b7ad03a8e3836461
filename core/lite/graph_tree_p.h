// A graph while it is built: nodes in nested blocks, before they are numbered. Private to
// core/lite.
#pragma once

#include "core/ir/graph.h"

#include <memory>
#include <string>
#include <vector>

namespace jitscope::lite {

using TreeValue = std::uint32_t; // index into GraphTree::values

struct TreeAttribute
{
    std::string name;
    ir::AttributeKind kind = ir::AttributeKind::String;
    std::string text;
};

struct TreeBlock;

struct TreeNode
{
    std::string kind;
    std::string schema;
    std::size_t instruction = 0;
    std::vector<TreeValue> inputs;
    std::vector<TreeValue> outputs;
    std::vector<TreeAttribute> attributes;
    std::vector<std::unique_ptr<TreeBlock>> blocks;
    bool isLeftOut = false;
};

struct TreeBlock
{
    std::vector<TreeValue> parameters;
    std::vector<TreeValue> returns;
    std::vector<std::unique_ptr<TreeNode>> nodes;
};

struct GraphTree
{
    struct Value
    {
        std::string name; // empty for a number
        std::string type;
    };
    std::vector<Value> values;
    TreeBlock block;

    TreeValue add(std::string name, std::string type);
};

// Where a node was written, by its instruction.
struct NodePlace
{
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string callChain;
    std::string modulePath;
    std::string function;
};

// Numbers everything as LibTorch prints it. `places` has one for each instruction; keys count from
// `firstKey`.
[[nodiscard]] ir::Graph toGraph(const GraphTree& tree, const std::vector<NodePlace>& places,
                                ir::NodeKey firstKey);

} // namespace jitscope::lite
