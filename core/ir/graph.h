// The graph of one method or function, as plain data: nodes, values and blocks addressed by 32-bit
// ids, strings interned, no pointer into LibTorch. Immutable once built; any thread may read it.
//
// Nodes are numbered in the order in which LibTorch prints them: a node before the nodes of its
// blocks, a block's nodes in execution order. Parameter and return pseudo-nodes are not nodes here:
// a block lists the values it receives and returns.
#pragma once

#include "core/ir/string_table.h"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::ir {

using NodeId = std::uint32_t;
using ValueId = std::uint32_t;
using BlockId = std::uint32_t;

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// The name of a node for good, unique in a document, 1 and up; 0 is "no node". It survives passes:
// a node that a pass kept, moved or replaced in kind has the key it had before; a new node has a
// new key and `origins`.
using NodeKey = std::uint32_t;

// A run of elements in one of Graph's pools.
struct Range
{
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

// Where a node was written. Lines and columns count from 1; 0 means unknown.
struct SourceLocation
{
    StringId file =
        0; // as LibTorch recorded it, usually an absolute path on the machine that made the model
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    // The Python call chain, outermost call last, one "file(line): function" a line. A scripted
    // node has its own line here and the chain of inlined calls after it; a traced node the whole
    // Python stack of the trace.
    StringId callChain = 0;
};

enum class AttributeKind : std::uint8_t
{
    Int,
    Float,
    Complex,
    String,
    Tensor,
    Graph,
    Type,
    Value, // Value: any other constant (a list, a dict, an object)
    Ints,
    Floats,
    Complexes,
    Strings,
    Tensors,
    Graphs,
    Types,
};

// What is kept of a tensor that a node holds as a constant.
struct TensorConstant
{
    StringId dtype = 0;   // such as "Float"
    StringId device = 0;  // such as "cpu"
    Range shape;          // in Graph::sizes
    StringId preview = 0; // the first values, readable
    double minimum = 0;   // meaningful when hasStatistics
    double maximum = 0;
    double mean = 0;
    bool hasStatistics = false;
};

struct Attribute
{
    StringId name = 0;
    AttributeKind kind = AttributeKind::String;
    StringId text = 0; // the value as LibTorch prints it, shortened when very long; for a graph its
                       // name or empty
    Range subgraphs;   // in Graph::subgraphs, for Graph and Graphs
    Range tensors;     // in Graph::tensors, for Tensor and Tensors
};

struct Node
{
    StringId kind = 0; // "aten::conv2d"
    StringId schema =
        0; // the operator's full schema, or empty for nodes that are part of the language
    NodeKey key = 0;
    StringId modulePath = 0; // the instance the node belongs to: "layer1.0.conv1"; empty for the
                             // root, and in `loaded`
    StringId function = 0; // qualified name of the method or function whose body it was written in
    std::uint32_t ordinal =
        none; // its NodeId in the `loaded` graph of that function; none for nodes made by a pass
    SourceLocation source;
    BlockId owner = 0; // the block it stands in
    Range inputs;      // in Graph::inputs: ValueIds
    Range outputs;     // in Graph::outputs: ValueIds
    Range blocks;      // in Graph::nodeBlocks: BlockIds
    Range attributes;  // in Graph::attributes
    Range origins; // in Graph::origins: keys of the nodes of the parent stage it was derived from;
                   // none if kept
};

struct Value
{
    StringId name = 0;      // debug name without the %
    StringId type = 0;      // "Tensor", "Float(1, 64, 112, 112, strides=[...], device=cpu)", "int"
    NodeId producer = none; // the node it is an output of, or none for a block's parameter
    BlockId block = 0;      // the block it is a parameter of, or the block its producer stands in
};

struct Block
{
    NodeId owner = none; // none for the graph's own block, which is block 0
    Range parameters;    // in Graph::blockParameters: ValueIds
    Range returns;       // in Graph::blockReturns: ValueIds
    Range nodes; // in Graph::blockNodes: NodeIds, in execution order, those of nested blocks not
                 // included
};

class Graph
{
public:
    StringTable strings;
    std::vector<Node> nodes;
    std::vector<Value> values;
    std::vector<Block> blocks;
    std::vector<Attribute> attributes;
    std::vector<TensorConstant> tensors;
    std::vector<Graph>
        subgraphs; // bodies of fusion groups, forks, ...; they have their own strings

    std::vector<ValueId> inputs;
    std::vector<ValueId> outputs;
    std::vector<BlockId> nodeBlocks;
    std::vector<ValueId> blockParameters;
    std::vector<ValueId> blockReturns;
    std::vector<NodeId> blockNodes;
    std::vector<NodeKey> origins;
    std::vector<std::int64_t> sizes;

    [[nodiscard]] std::string_view text(StringId id) const { return strings.at(id); }
    [[nodiscard]] std::string_view kind(const Node& node) const { return strings.at(node.kind); }

    [[nodiscard]] std::span<const ValueId> inputsOf(const Node& n) const
    {
        return slice(inputs, n.inputs);
    }
    [[nodiscard]] std::span<const ValueId> outputsOf(const Node& n) const
    {
        return slice(outputs, n.outputs);
    }
    [[nodiscard]] std::span<const BlockId> blocksOf(const Node& n) const
    {
        return slice(nodeBlocks, n.blocks);
    }
    [[nodiscard]] std::span<const Attribute> attributesOf(const Node& n) const
    {
        return slice(attributes, n.attributes);
    }
    [[nodiscard]] std::span<const NodeKey> originsOf(const Node& n) const
    {
        return slice(origins, n.origins);
    }
    [[nodiscard]] std::span<const Graph> subgraphsOf(const Attribute& a) const
    {
        return slice(subgraphs, a.subgraphs);
    }
    [[nodiscard]] std::span<const TensorConstant> tensorsOf(const Attribute& a) const
    {
        return slice(tensors, a.tensors);
    }
    [[nodiscard]] std::span<const std::int64_t> shapeOf(const TensorConstant& t) const
    {
        return slice(sizes, t.shape);
    }
    [[nodiscard]] std::span<const ValueId> parametersOf(const Block& b) const
    {
        return slice(blockParameters, b.parameters);
    }
    [[nodiscard]] std::span<const ValueId> returnsOf(const Block& b) const
    {
        return slice(blockReturns, b.returns);
    }
    [[nodiscard]] std::span<const NodeId> nodesOf(const Block& b) const
    {
        return slice(blockNodes, b.nodes);
    }

    // The attribute of that name, or null.
    [[nodiscard]] const Attribute* attribute(const Node& node, std::string_view name) const;

    // True when every id and range points inside its pool, no pool is claimed more than once over,
    // and the blocks form a tree, at most 1000 deep, whose order is that of the numbering. What
    // comes from a file is checked with it before anything else looks at it.
    [[nodiscard]] bool isConsistent() const;

private:
    template <typename T>
    static std::span<const T> slice(const std::vector<T>& pool, Range range)
    {
        return std::span<const T>(pool).subspan(range.first, range.count);
    }
};

// Who uses a value: a node's input, or a block's return (node is none then).
struct Use
{
    NodeId node = none;
    BlockId block = none;
    std::uint32_t index = 0; // which input or return
};

// The uses of every value of a graph, in order of the users.
class UseIndex
{
public:
    explicit UseIndex(const Graph& graph);
    [[nodiscard]] std::span<const Use> of(ValueId value) const;

private:
    std::vector<std::uint32_t> m_first; // one more than there are values
    std::vector<Use> m_uses;
};

} // namespace jitscope::ir
