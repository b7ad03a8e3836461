#include "tests/core/scene/graph_maker.h"

#include <fmt/format.h>

namespace jitscope::tests {

namespace {

template <typename T>
ir::Range append(std::vector<T>& pool, const std::vector<T>& items)
{
    const ir::Range range{static_cast<std::uint32_t>(pool.size()),
                          static_cast<std::uint32_t>(items.size())};
    pool.insert(pool.end(), items.begin(), items.end());
    return range;
}

} // namespace

GraphMaker::GraphMaker(ir::NodeKey firstKey, std::string function) : m_key(firstKey)
{
    m_function = m_graph.strings.intern(function);
    m_blocks.emplace_back();
    m_openBlocks.push_back(0);
}

ir::ValueId GraphMaker::value(std::string_view name, std::string_view type, ir::NodeId producer)
{
    ir::Value v;
    v.name = m_graph.strings.intern(name);
    v.type = m_graph.strings.intern(type);
    v.producer = producer;
    v.block = m_openBlocks.back();
    m_graph.values.push_back(v);
    return static_cast<ir::ValueId>(m_graph.values.size() - 1);
}

ir::ValueId GraphMaker::parameter(std::string_view name, std::string_view type)
{
    const ir::ValueId id = value(name, type, ir::none);
    m_blocks[0].parameters.push_back(id);
    return id;
}

ir::ValueId GraphMaker::node(std::string_view kind, std::vector<ir::ValueId> inputs,
                             std::string_view schema, std::size_t outputs)
{
    m_lastNode = static_cast<ir::NodeId>(m_nodes.size());
    NodeParts parts;
    parts.node.kind = m_graph.strings.intern(kind);
    parts.node.schema = m_graph.strings.intern(schema);
    parts.node.key = m_key++;
    parts.node.modulePath = m_modulePath;
    parts.node.function = m_function;
    parts.node.ordinal = m_lastNode;
    parts.node.owner = m_openBlocks.back();
    parts.node.source.file = m_graph.strings.intern("/models/net.py");
    parts.node.source.line = m_lastNode + 10;
    parts.node.source.column = 5;
    parts.inputs = std::move(inputs);
    for (std::size_t i = 0; i < outputs; ++i)
        parts.outputs.push_back(value(fmt::format("v{}", ++m_names), "Tensor", m_lastNode));
    m_blocks[m_openBlocks.back()].nodes.push_back(m_lastNode);
    m_nodes.push_back(std::move(parts));
    return outputs == 0 ? ir::none : m_nodes.back().outputs.front();
}

ir::ValueId GraphMaker::constant(std::string_view text, std::string_view type)
{
    const ir::ValueId id = node("prim::Constant", {});
    setType(id, type);
    setAttribute("value", text);
    return id;
}

ir::ValueId GraphMaker::none()
{
    const ir::ValueId id = node("prim::Constant", {});
    setType(id, "NoneType");
    return id;
}

ir::ValueId GraphMaker::attribute(ir::ValueId owner, std::string_view name, std::string_view type)
{
    const ir::ValueId id = node("prim::GetAttr", {owner});
    setType(id, type);
    setAttribute("name", name);
    return id;
}

ir::ValueId GraphMaker::call(ir::ValueId module, std::string_view method,
                             std::vector<ir::ValueId> arguments)
{
    arguments.insert(arguments.begin(), module);
    const ir::ValueId id = node("prim::CallMethod", std::move(arguments));
    setAttribute("name", method);
    return id;
}

void GraphMaker::openBlock()
{
    const auto id = static_cast<ir::BlockId>(m_blocks.size());
    const ir::NodeId owner = m_lastNode;
    m_blocks.emplace_back();
    m_blocks.back().owner = owner;
    m_nodes[owner].blocks.push_back(id);
    m_openBlocks.push_back(id);
    m_owners.push_back(owner);
}

ir::ValueId GraphMaker::blockParameter(std::string_view name, std::string_view type)
{
    const ir::ValueId id = value(name, type, ir::none);
    m_blocks[m_openBlocks.back()].parameters.push_back(id);
    return id;
}

void GraphMaker::closeBlock(std::vector<ir::ValueId> returns)
{
    m_blocks[m_openBlocks.back()].returns = std::move(returns);
    m_openBlocks.pop_back();
    m_lastNode = m_owners.back();
    m_owners.pop_back();
}

void GraphMaker::setType(ir::ValueId id, std::string_view type)
{
    m_graph.values[id].type = m_graph.strings.intern(type);
}

void GraphMaker::setModulePath(std::string_view path)
{
    m_modulePath = m_graph.strings.intern(path);
}

void GraphMaker::setAttribute(std::string_view name, std::string_view text)
{
    ir::Attribute attribute;
    attribute.name = m_graph.strings.intern(name);
    attribute.text = m_graph.strings.intern(text);
    m_nodes[m_lastNode].attributes.push_back(attribute);
}

void GraphMaker::setSubgraph(ir::Graph graph)
{
    ir::Attribute attribute;
    attribute.name = m_graph.strings.intern("Subgraph");
    attribute.kind = ir::AttributeKind::Graph;
    attribute.subgraphs = {static_cast<std::uint32_t>(m_graph.subgraphs.size()), 1};
    m_graph.subgraphs.push_back(std::move(graph));
    m_nodes[m_lastNode].attributes.push_back(attribute);
}

void GraphMaker::returns(std::vector<ir::ValueId> values)
{
    m_blocks[0].returns = std::move(values);
}

ir::Graph GraphMaker::take()
{
    for (NodeParts& parts : m_nodes) {
        parts.node.inputs = append(m_graph.inputs, parts.inputs);
        parts.node.outputs = append(m_graph.outputs, parts.outputs);
        parts.node.blocks = append(m_graph.nodeBlocks, parts.blocks);
        parts.node.attributes = append(m_graph.attributes, parts.attributes);
        m_graph.nodes.push_back(parts.node);
    }
    for (const BlockParts& parts : m_blocks) {
        ir::Block block;
        block.owner = parts.owner;
        block.parameters = append(m_graph.blockParameters, parts.parameters);
        block.returns = append(m_graph.blockReturns, parts.returns);
        block.nodes = append(m_graph.blockNodes, parts.nodes);
        m_graph.blocks.push_back(block);
    }
    return std::move(m_graph);
}

ir::Graph denseGraph(int layers, ir::NodeKey firstKey, const std::string& function)
{
    GraphMaker m(firstKey, function);
    m.parameter("self", "__torch__.Dense");
    std::vector<ir::ValueId> features{m.parameter("x", "Tensor")};
    for (int i = 0; i < layers; ++i) {
        const ir::ValueId list = m.node("prim::ListConstruct", features);
        m.setType(list, "Tensor[]");
        const ir::ValueId all = m.node("aten::cat", {list, m.constant("1")},
                                       "aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
        features.push_back(m.node("aten::relu", {all}, "aten::relu(Tensor self) -> Tensor"));
    }
    m.returns({features.back()});
    return m.take();
}

} // namespace jitscope::tests
