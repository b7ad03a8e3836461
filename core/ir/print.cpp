#include "core/ir/print.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace jitscope::ir {

namespace {

class Printer
{
public:
    Printer(const Graph& graph, const PrintOptions& options) : m_graph(graph), m_options(options) {}

    std::string run()
    {
        const Block& body = m_graph.blocks.at(0);
        m_text = "graph(";
        bool first = true;
        for (const ValueId id : m_graph.parametersOf(body)) {
            m_text += first ? "" : ",\n      ";
            first = false;
            declare(id);
        }
        m_text += "):\n";
        nodes(body, 1);
        m_text += "  return (";
        names(m_graph.returnsOf(body));
        m_text += ")\n";
        bodies();
        return std::move(m_text);
    }

private:
    void declare(ValueId id)
    {
        const Value& value = m_graph.values[id];
        fmt::format_to(std::back_inserter(m_text), "%{} : {}", m_graph.text(value.name),
                       m_graph.text(value.type));
    }

    void names(std::span<const ValueId> ids)
    {
        bool first = true;
        for (const ValueId id : ids) {
            m_text += first ? "%" : ", %";
            first = false;
            m_text += m_graph.text(m_graph.values[id].name);
        }
    }

    // A node with a body ("Subgraph") is numbered instead of showing it; the body follows the
    // graph.
    void kindAndAttributes(const Node& node)
    {
        m_text += m_graph.kind(node);
        const auto all = m_graph.attributesOf(node);
        const Attribute* body = m_graph.attribute(node, "Subgraph");
        const bool hasBody = body != nullptr && body->subgraphs.count != 0;
        if (hasBody) {
            fmt::format_to(std::back_inserter(m_text), "_{}", m_bodies.size());
            m_bodies.push_back({&node, body->subgraphs.first});
        }
        if (all.size() <= (hasBody ? 1 : 0) ||
            (hasBody && m_graph.kind(node) == "prim::DifferentiableGraph"))
            return;
        m_text += '[';
        bool first = true;
        for (const Attribute& attribute : all) {
            if (hasBody && &attribute == body)
                continue;
            m_text += first ? "" : ", ";
            first = false;
            fmt::format_to(std::back_inserter(m_text), "{}={}", m_graph.text(attribute.name),
                           value(attribute));
        }
        m_text += ']';
    }

    std::string_view value(const Attribute& attribute)
    {
        if (attribute.kind == AttributeKind::Graph)
            return "<Graph>";
        if (attribute.kind == AttributeKind::Graphs)
            return "[<Graphs>]";
        return m_graph.text(attribute.text);
    }

    void nodes(const Block& block, int depth)
    {
        for (const NodeId id : m_graph.nodesOf(block))
            node(m_graph.nodes[id], depth);
    }

    void node(const Node& node, int depth)
    {
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        m_text += indent;
        bool first = true;
        for (const ValueId id : m_graph.outputsOf(node)) {
            m_text += first ? "" : ", ";
            first = false;
            declare(id);
        }
        m_text += " = ";
        kindAndAttributes(node);
        m_text += '(';
        names(m_graph.inputsOf(node));
        m_text += ')';
        trailer(node);
        m_text += '\n';
        std::size_t index = 0;
        for (const BlockId id : m_graph.blocksOf(node)) {
            const Block& block = m_graph.blocks[id];
            fmt::format_to(std::back_inserter(m_text), "{}  block{}(", indent, index++);
            bool firstParameter = true;
            for (const ValueId parameter : m_graph.parametersOf(block)) {
                m_text += firstParameter ? "" : ", ";
                firstParameter = false;
                declare(parameter);
            }
            m_text += "):\n";
            nodes(block, depth + 2);
            m_text += indent + "    -> (";
            names(m_graph.returnsOf(block));
            m_text += ")\n";
        }
    }

    void trailer(const Node& node)
    {
        if (m_options.locations && node.source.line != 0) {
            fmt::format_to(std::back_inserter(m_text), " # {}:{}:{}",
                           m_graph.text(node.source.file), node.source.line, node.source.column);
        }
        if (m_options.modulePaths && node.modulePath != 0)
            fmt::format_to(std::back_inserter(m_text), " in {}", m_graph.text(node.modulePath));
    }

    void bodies()
    {
        for (std::size_t i = 0; i < m_bodies.size(); ++i) {
            const auto& [node, subgraph] = m_bodies[i];
            fmt::format_to(std::back_inserter(m_text), "with {}_{} = {}", m_graph.kind(*node), i,
                           print(m_graph.subgraphs[subgraph], m_options));
        }
    }

    const Graph& m_graph;
    const PrintOptions& m_options;
    std::string m_text;
    std::vector<std::pair<const Node*, std::uint32_t>> m_bodies; // in Graph::subgraphs
};

} // namespace

std::string print(const Graph& graph, const PrintOptions& options)
{
    return Printer(graph, options).run();
}

} // namespace jitscope::ir
