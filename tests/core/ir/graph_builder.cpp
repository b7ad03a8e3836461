#include "tests/core/ir/graph_builder.h"

namespace jitscope::test {

namespace {

template <typename T>
ir::Range append(std::vector<T>& pool, const std::vector<T>& values)
{
    const ir::Range range{static_cast<std::uint32_t>(pool.size()),
                          static_cast<std::uint32_t>(values.size())};
    pool.insert(pool.end(), values.begin(), values.end());
    return range;
}

} // namespace

GraphBuilder::GraphBuilder()
{
    m_blocks.emplace_back();
    m_open.push_back(0);
}

ir::ValueId GraphBuilder::parameter(std::string_view name, std::string_view type)
{
    ir::Value value;
    value.name = m_graph.strings.intern(name);
    value.type = m_graph.strings.intern(type);
    value.block = m_open.back();
    m_graph.values.push_back(value);
    const auto id = static_cast<ir::ValueId>(m_graph.values.size() - 1);
    m_blocks[m_open.back()].parameters.push_back(id);
    return id;
}

ir::NodeId GraphBuilder::node(std::string_view kind, std::initializer_list<ir::ValueId> inputs,
                              std::initializer_list<std::string_view> outputs,
                              std::string_view type)
{
    const auto id = static_cast<ir::NodeId>(m_graph.nodes.size());
    ir::Node node;
    node.kind = m_graph.strings.intern(kind);
    node.key = m_nextKey++;
    node.function = m_graph.strings.intern("__torch__.M.forward");
    node.ordinal = id;
    node.owner = m_open.back();
    node.inputs = append(m_graph.inputs, std::vector<ir::ValueId>(inputs));
    std::vector<ir::ValueId> ids;
    for (const std::string_view name : outputs) {
        ir::Value value;
        value.name = m_graph.strings.intern(name);
        value.type = m_graph.strings.intern(type);
        value.producer = id;
        value.block = m_open.back();
        m_graph.values.push_back(value);
        ids.push_back(static_cast<ir::ValueId>(m_graph.values.size() - 1));
    }
    node.outputs = append(m_graph.outputs, ids);
    m_graph.nodes.push_back(node);
    m_attributes.emplace_back();
    m_blocks[m_open.back()].nodes.push_back(id);
    return id;
}

ir::ValueId GraphBuilder::output(ir::NodeId node, std::size_t index) const
{
    return m_graph.outputsOf(m_graph.nodes[node])[index];
}

void GraphBuilder::open(ir::NodeId owner)
{
    PendingBlock block;
    block.owner = owner;
    m_open.push_back(static_cast<ir::BlockId>(m_blocks.size()));
    m_blocks.push_back(std::move(block));
}

void GraphBuilder::close(std::initializer_list<ir::ValueId> returns)
{
    m_blocks[m_open.back()].returns = returns;
    m_open.pop_back();
}

void GraphBuilder::attribute(ir::NodeId node, std::string_view name, ir::AttributeKind kind,
                             std::string_view text)
{
    ir::Attribute attribute;
    attribute.name = m_graph.strings.intern(name);
    attribute.kind = kind;
    attribute.text = m_graph.strings.intern(text);
    m_attributes[node].push_back(attribute);
}

void GraphBuilder::subgraph(ir::NodeId node, ir::Graph graph)
{
    ir::Attribute attribute;
    attribute.name = m_graph.strings.intern("Subgraph");
    attribute.kind = ir::AttributeKind::Graph;
    attribute.subgraphs = {static_cast<std::uint32_t>(m_graph.subgraphs.size()), 1};
    m_graph.subgraphs.push_back(std::move(graph));
    m_attributes[node].push_back(attribute);
}

void GraphBuilder::at(ir::NodeId node, std::string_view file, std::uint32_t line,
                      std::uint32_t column)
{
    m_graph.nodes[node].source = {m_graph.strings.intern(file), line, column, 0};
}

ir::Graph GraphBuilder::finish(std::initializer_list<ir::ValueId> returns)
{
    m_blocks[0].returns = returns;
    for (ir::BlockId id = 0; id < m_blocks.size(); ++id) {
        const PendingBlock& pending = m_blocks[id];
        ir::Block block;
        block.owner = pending.owner;
        block.parameters = append(m_graph.blockParameters, pending.parameters);
        block.returns = append(m_graph.blockReturns, pending.returns);
        block.nodes = append(m_graph.blockNodes, pending.nodes);
        m_graph.blocks.push_back(block);
    }
    for (ir::NodeId id = 0; id < m_graph.nodes.size(); ++id) {
        std::vector<ir::BlockId> blocks;
        for (ir::BlockId block = 0; block < m_blocks.size(); ++block) {
            if (m_blocks[block].owner == id)
                blocks.push_back(block);
        }
        m_graph.nodes[id].blocks = append(m_graph.nodeBlocks, blocks);
        m_graph.nodes[id].attributes = append(m_graph.attributes, m_attributes[id]);
    }
    return std::move(m_graph);
}

ir::Graph sampleGraph()
{
    GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x.1", "Tensor");
    const ir::ValueId flag = builder.parameter("flag.1", "bool");
    const ir::NodeId three = builder.node("prim::Constant", {}, {"3"}, "int");
    builder.attribute(three, "value", ir::AttributeKind::Int, "3");
    const ir::NodeId yes = builder.node("prim::Constant", {}, {"4"}, "bool");
    builder.attribute(yes, "value", ir::AttributeKind::Int, "1");
    const ir::NodeId branch = builder.node("prim::If", {flag}, {"y.1"});
    builder.at(branch, "/models/m.py", 12, 8);
    builder.open(branch);
    const ir::NodeId relu = builder.node("aten::relu", {x}, {"6"});
    builder.at(relu, "/models/m.py", 13, 15);
    builder.close({builder.output(relu)});
    builder.open(branch);
    const ir::NodeId loop =
        builder.node("prim::Loop", {builder.output(three), builder.output(yes), x}, {"z.1"});
    builder.open(loop);
    builder.parameter("i.1", "int");
    const ir::ValueId carried = builder.parameter("z.5", "Tensor");
    const ir::NodeId add =
        builder.node("aten::add", {carried, carried, builder.output(three)}, {"z.9"});
    builder.at(add, "/models/m.py", 16, 16);
    builder.close({builder.output(yes), builder.output(add)});
    builder.close({builder.output(loop)});
    builder.node("aten::warn", {builder.output(three)}, {});
    return builder.finish({builder.output(branch)});
}

} // namespace jitscope::test
