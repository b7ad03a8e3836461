#include "core/ir/graph.h"

#include <algorithm>

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
            std::uint32_t next;
        };
        std::vector<Place> stack{{0, 0}};
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
            for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
                if (seen[*block] || m_graph.blocks[*block].owner != id)
                    return false;
                seen[*block] = true;
                stack.push_back({*block, 0});
            }
        }
        return expected == m_graph.nodes.size() &&
               std::all_of(seen.begin(), seen.end(), [](bool s) { return s; });
    }

private:
    const Graph& m_graph;
};

} // namespace

const Attribute* Graph::attribute(const Node& node, std::string_view name) const
{
    for (const Attribute& attribute : attributesOf(node)) {
        if (text(attribute.name) == name)
            return &attribute;
    }
    return nullptr;
}

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
           OrderCheck(*this).run() &&
           std::all_of(subgraphs.begin(), subgraphs.end(),
                       [](const Graph& graph) { return graph.isConsistent(); });
}

UseIndex::UseIndex(const Graph& graph) : m_first(graph.values.size() + 1, 0)
{
    const auto forEach = [&graph](auto&& visit) {
        // In numbering order; a block's returns come after its nodes' inputs only within that
        // block, which is enough for a stable order.
        for (NodeId id = 0; id < graph.nodes.size(); ++id) {
            const auto inputs = graph.inputsOf(graph.nodes[id]);
            for (std::uint32_t i = 0; i < inputs.size(); ++i)
                visit(inputs[i], Use{id, none, i});
        }
        for (BlockId id = 0; id < graph.blocks.size(); ++id) {
            const auto returns = graph.returnsOf(graph.blocks[id]);
            for (std::uint32_t i = 0; i < returns.size(); ++i)
                visit(returns[i], Use{none, id, i});
        }
    };
    forEach([this](ValueId value, const Use&) { ++m_first[value + 1]; });
    for (std::size_t i = 1; i < m_first.size(); ++i)
        m_first[i] += m_first[i - 1];
    m_uses.resize(m_first.back());
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end() - 1);
    forEach([this, &next](ValueId value, const Use& use) { m_uses[next[value]++] = use; });
}

std::span<const Use> UseIndex::of(ValueId value) const
{
    if (value + 1 >= m_first.size())
        return {};
    return std::span<const Use>(m_uses).subspan(m_first[value],
                                                m_first[value + 1] - m_first[value]);
}

} // namespace jitscope::ir
