#include "app/cli/commands/dot_text.h"

#include "core/support/markup.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

class DotWriter
{
public:
    explicit DotWriter(const ir::Graph& graph) : m_graph(graph) {}

    std::string write()
    {
        m_text = "digraph graph_ {\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n";
        writeBlock(0);
        for (const auto& [from, to, label] : m_edges)
            m_text += fmt::format("  {} -> {} [label={}];\n", from, to, quotedForDot(label));
        return m_text + "}\n";
    }

private:
    struct Edge
    {
        std::string from;
        std::string to;
        std::string label;
    };

    static std::string nodeName(ir::NodeId id) { return fmt::format("n{}", id); }
    static std::string blockName(ir::BlockId id, std::string_view what)
    {
        return fmt::format("b{}{}", id, what);
    }

    void writeBlock(ir::BlockId id)
    {
        const ir::Block& block = m_graph.blocks[id];
        writeEnd(id, "in", m_graph.parametersOf(block).empty(), "inputs");
        for (const ir::NodeId node : m_graph.nodesOf(block))
            writeNode(node);
        writeEnd(id, "out", m_graph.returnsOf(block).empty(), "outputs");
        for (const ir::ValueId value : m_graph.returnsOf(block))
            addEdge(value, blockName(id, "out"));
    }

    void writeEnd(ir::BlockId id, std::string_view what, bool isEmpty, std::string_view label)
    {
        if (!isEmpty)
            m_text += fmt::format("  {} [label={}, shape=ellipse];\n", blockName(id, what),
                                  quotedForDot(label));
    }

    void writeNode(ir::NodeId id)
    {
        const ir::Node& node = m_graph.nodes[id];
        const std::string_view path = m_graph.text(node.modulePath);
        m_text += fmt::format("  {} [label={}];\n", nodeName(id),
                              quotedForDot(path.empty()
                                               ? std::string(m_graph.kind(node))
                                               : fmt::format("{}\n{}", m_graph.kind(node), path)));
        for (const ir::ValueId value : m_graph.inputsOf(node))
            addEdge(value, nodeName(id));
        for (const ir::BlockId block : m_graph.blocksOf(node)) {
            m_text += fmt::format("  subgraph cluster_{} {{\n  label={};\n", block,
                                  quotedForDot(m_graph.kind(node)));
            writeBlock(block);
            m_text += "  }\n";
        }
    }

    void addEdge(ir::ValueId value, std::string to)
    {
        const ir::Value& from = m_graph.values[value];
        m_edges.push_back(
            {from.producer == ir::none ? blockName(from.block, "in") : nodeName(from.producer),
             std::move(to), "%" + std::string(m_graph.text(from.name))});
    }

    const ir::Graph& m_graph;
    std::string m_text;
    std::vector<Edge> m_edges;
};

} // namespace

std::string dotText(const ir::Graph& graph)
{
    return DotWriter(graph).write();
}

} // namespace jitscope::cli
