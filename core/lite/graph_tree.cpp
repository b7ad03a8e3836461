#include "core/lite/graph_tree_p.h"

namespace jitscope::lite {

TreeValue GraphTree::add(std::string name, std::string type)
{
    values.push_back({std::move(name), std::move(type)});
    return static_cast<TreeValue>(values.size() - 1);
}

namespace {

class Numbering
{
public:
    Numbering(const GraphTree& tree, const std::vector<NodePlace>& places, ir::NodeKey firstKey)
        : m_tree(tree), m_places(places), m_nextKey(firstKey), m_ids(tree.values.size(), ir::none)
    {}

    ir::Graph run()
    {
        addBlock(m_tree.block, ir::none);
        return std::move(m_graph);
    }

private:
    template <typename T>
    static std::uint32_t count(const std::vector<T>& pool)
    {
        return static_cast<std::uint32_t>(pool.size());
    }

    ir::ValueId define(TreeValue value, ir::NodeId producer, ir::BlockId block)
    {
        const GraphTree::Value& from = m_tree.values[value];
        const ir::ValueId id = count(m_graph.values);
        m_ids[value] = id;
        const std::string name = from.name.empty() ? std::to_string(id) : from.name;
        m_graph.values.push_back(
            {m_graph.strings.intern(name), m_graph.strings.intern(from.type), producer, block});
        return id;
    }

    ir::BlockId addBlock(const TreeBlock& block, ir::NodeId owner)
    {
        const ir::BlockId id = count(m_graph.blocks);
        m_graph.blocks.push_back({owner, {}, {}, {}});
        ir::Range parameters{count(m_graph.blockParameters), count(block.parameters)};
        for (const TreeValue value : block.parameters)
            m_graph.blockParameters.push_back(define(value, ir::none, id));
        std::vector<ir::NodeId> nodes;
        for (const auto& node : block.nodes) {
            if (!node->isLeftOut)
                nodes.push_back(addNode(*node, id));
        }
        ir::Block& added = m_graph.blocks[id];
        added.parameters = parameters;
        added.returns = {count(m_graph.blockReturns), count(block.returns)};
        for (const TreeValue value : block.returns)
            m_graph.blockReturns.push_back(m_ids[value]);
        added.nodes = {count(m_graph.blockNodes), count(nodes)};
        m_graph.blockNodes.insert(m_graph.blockNodes.end(), nodes.begin(), nodes.end());
        return id;
    }

    ir::NodeId addNode(const TreeNode& from, ir::BlockId owner)
    {
        const ir::NodeId id = count(m_graph.nodes);
        ir::StringTable& strings = m_graph.strings;
        ir::Node node;
        node.kind = strings.intern(from.kind);
        node.schema = strings.intern(from.schema);
        node.key = m_nextKey++;
        node.ordinal = id;
        node.owner = owner;
        const NodePlace& place = m_places[from.instruction];
        node.modulePath = strings.intern(place.modulePath);
        node.function = strings.intern(place.function);
        node.source = {strings.intern(place.file), place.line, place.column,
                       strings.intern(place.callChain)};
        node.inputs = {count(m_graph.inputs), count(from.inputs)};
        for (const TreeValue value : from.inputs)
            m_graph.inputs.push_back(m_ids[value]);
        node.attributes = {count(m_graph.attributes), count(from.attributes)};
        for (const TreeAttribute& attribute : from.attributes) {
            m_graph.attributes.push_back({strings.intern(attribute.name),
                                          attribute.kind,
                                          strings.intern(attribute.text),
                                          {},
                                          {}});
        }
        node.outputs = {count(m_graph.outputs), count(from.outputs)};
        m_graph.nodes.push_back(node);
        for (const TreeValue value : from.outputs)
            m_graph.outputs.push_back(define(value, id, owner));
        std::vector<ir::BlockId> blocks;
        for (const auto& block : from.blocks)
            blocks.push_back(addBlock(*block, id));
        m_graph.nodes[id].blocks = {count(m_graph.nodeBlocks), count(blocks)};
        m_graph.nodeBlocks.insert(m_graph.nodeBlocks.end(), blocks.begin(), blocks.end());
        return id;
    }

    const GraphTree& m_tree;
    const std::vector<NodePlace>& m_places;
    ir::NodeKey m_nextKey;
    std::vector<ir::ValueId> m_ids; // by tree value
    ir::Graph m_graph;
};

} // namespace

ir::Graph toGraph(const GraphTree& tree, const std::vector<NodePlace>& places, ir::NodeKey firstKey)
{
    return Numbering(tree, places, firstKey).run();
}

} // namespace jitscope::lite
