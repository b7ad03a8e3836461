// What makes a graph sound: see Graph::isConsistent.

#include "core/ir/graph.h"

#include <algorithm>
#include <initializer_list>

namespace jitscope::ir {

namespace {

template <typename T>
bool inside(const std::vector<T>& pool, Range range)
{
    return range.first <= pool.size() && range.count <= pool.size() - range.first;
}

bool allBelow(const std::vector<std::uint32_t>& ids, std::size_t limit)
{
    return std::all_of(ids.begin(), ids.end(), [limit](std::uint32_t id) { return id < limit; });
}

// Blocks within blocks. No compiler makes so many; without a limit a file could, and everything
// that walks the blocks recursively would run out of stack.
constexpr std::uint32_t maximumNesting = 1000;

// Each element of a pool belongs to one owner. More claims than elements is damage, and would let a
// small file cost unlimited work.
template <typename Owner>
bool claimsFit(const std::vector<Owner>& owners, Range Owner::*range, std::size_t elements)
{
    std::uint64_t claimed = 0;
    for (const Owner& owner : owners)
        claimed += (owner.*range).count;
    return claimed <= elements;
}

bool allClaimsFit(const Graph& graph)
{
    return claimsFit(graph.nodes, &Node::inputs, graph.inputs.size()) &&
           claimsFit(graph.nodes, &Node::outputs, graph.outputs.size()) &&
           claimsFit(graph.nodes, &Node::blocks, graph.nodeBlocks.size()) &&
           claimsFit(graph.nodes, &Node::attributes, graph.attributes.size()) &&
           claimsFit(graph.nodes, &Node::origins, graph.origins.size()) &&
           claimsFit(graph.blocks, &Block::parameters, graph.blockParameters.size()) &&
           claimsFit(graph.blocks, &Block::returns, graph.blockReturns.size()) &&
           claimsFit(graph.blocks, &Block::nodes, graph.blockNodes.size()) &&
           claimsFit(graph.attributes, &Attribute::subgraphs, graph.subgraphs.size()) &&
           claimsFit(graph.attributes, &Attribute::tensors, graph.tensors.size()) &&
           claimsFit(graph.tensors, &TensorConstant::shape, graph.sizes.size());
}

bool stringsExist(const Graph& graph)
{
    const auto exist = [size = graph.strings.size()](std::initializer_list<StringId> ids) {
        return std::all_of(ids.begin(), ids.end(), [size](StringId id) { return id < size; });
    };
    return std::all_of(graph.nodes.begin(), graph.nodes.end(),
                       [&exist](const Node& node) {
                           return exist({node.kind, node.schema, node.modulePath, node.function,
                                         node.source.file, node.source.callChain});
                       }) &&
           std::all_of(graph.values.begin(), graph.values.end(),
                       [&exist](const Value& value) {
                           return exist({value.name, value.type});
                       }) &&
           std::all_of(graph.attributes.begin(), graph.attributes.end(),
                       [&exist](const Attribute& attribute) {
                           return exist({attribute.name, attribute.text});
                       }) &&
           std::all_of(graph.tensors.begin(), graph.tensors.end(),
                       [&exist](const TensorConstant& tensor) {
                           return exist({tensor.dtype, tensor.device, tensor.preview});
                       });
}

bool nodeIsConsistent(const Graph& graph, const Node& node)
{
    return node.owner < graph.blocks.size() && inside(graph.inputs, node.inputs) &&
           inside(graph.outputs, node.outputs) && inside(graph.nodeBlocks, node.blocks) &&
           inside(graph.attributes, node.attributes) && inside(graph.origins, node.origins);
}

// Walks the tree of blocks in numbering order: each node once, at its place.
class OrderCheck
{
public:
    explicit OrderCheck(const Graph& graph) : m_graph(graph) {}

    bool run()
    {
        struct Place
        {
            BlockId block;
            std::uint32_t depth;
            std::uint32_t next;
        };
        std::vector<Place> stack{{0, 0, 0}};
        std::vector<bool> seen(m_graph.blocks.size(), false);
        seen[0] = true;
        NodeId expected = 0;
        while (!stack.empty()) {
            Place& place = stack.back();
            const auto nodes = m_graph.nodesOf(m_graph.blocks[place.block]);
            if (place.next == nodes.size()) {
                stack.pop_back();
                continue;
            }
            const NodeId id = nodes[place.next++];
            const Node& node = m_graph.nodes[id];
            if (id != expected++ || node.owner != place.block)
                return false;
            const auto blocks = m_graph.blocksOf(node);
            const std::uint32_t depth = place.depth + 1;
            for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
                if (seen[*block] || m_graph.blocks[*block].owner != id || depth > maximumNesting)
                    return false;
                seen[*block] = true;
                stack.push_back({*block, depth, 0});
            }
        }
        return expected == m_graph.nodes.size() &&
               std::all_of(seen.begin(), seen.end(), [](bool s) { return s; });
    }

private:
    const Graph& m_graph;
};

} // namespace

bool Graph::isConsistent() const
{
    if (blocks.empty() || blocks[0].owner != none)
        return false;
    const std::size_t valueCount = values.size();
    if (!allBelow(inputs, valueCount) || !allBelow(outputs, valueCount) ||
        !allBelow(blockParameters, valueCount) || !allBelow(blockReturns, valueCount) ||
        !allBelow(nodeBlocks, blocks.size()) || !allBelow(blockNodes, nodes.size()))
        return false;
    const bool blocksFine = std::all_of(blocks.begin(), blocks.end(), [this](const Block& block) {
        return (block.owner == none || block.owner < nodes.size()) &&
               inside(blockParameters, block.parameters) && inside(blockReturns, block.returns) &&
               inside(blockNodes, block.nodes);
    });
    const bool nodesFine = std::all_of(nodes.begin(), nodes.end(), [this](const Node& node) {
        return nodeIsConsistent(*this, node);
    });
    const bool valuesFine = std::all_of(values.begin(), values.end(), [this](const Value& value) {
        return value.block < blocks.size() &&
               (value.producer == none || value.producer < nodes.size());
    });
    const bool attributesFine =
        std::all_of(attributes.begin(), attributes.end(), [this](const Attribute& a) {
            return inside(subgraphs, a.subgraphs) && inside(tensors, a.tensors);
        });
    const bool tensorsFine =
        std::all_of(tensors.begin(), tensors.end(),
                    [this](const TensorConstant& tensor) { return inside(sizes, tensor.shape); });
    return blocksFine && nodesFine && valuesFine && attributesFine && tensorsFine &&
           stringsExist(*this) && allClaimsFit(*this) && OrderCheck(*this).run() &&
           std::all_of(subgraphs.begin(), subgraphs.end(),
                       [](const Graph& graph) { return graph.isConsistent(); });
}

} // namespace jitscope::ir
