#include "core/ir/print.h"

#include <fmt/format.h>

#include <iterator>

namespace jitscope::ir {

namespace {

constexpr std::string_view subgraphName = "Subgraph"; // the attribute that LibTorch prints apart

class Printer
{
public:
    Printer(const PrintOptions& options, PrintedLines& out) : m_options(options), m_out(out) {}

    void print(const Graph& graph)
    {
        std::vector<Group> groups;
        const Block& body = graph.blocks.at(0);
        add("graph(");
        bool first = true;
        for (const ValueId id : graph.parametersOf(body)) {
            if (!first) {
                add(",");
                endLine();
                add("      ");
            }
            first = false;
            declare(graph, id);
        }
        add("):");
        endLine();
        nodes(graph, body, 1, groups);
        add("  return (");
        names(graph, graph.returnsOf(body));
        add(")");
        endLine();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            fmt::format_to(end(), "with {}_{} = ", groups[i].kind, i);
            print(*groups[i].graph);
        }
    }

private:
    // A node's subgraph is printed after the graph, under the node's kind and a number.
    struct Group
    {
        std::string_view kind;
        const Graph* graph;
    };

    [[nodiscard]] std::back_insert_iterator<std::string> end()
    {
        return std::back_inserter(m_out.text);
    }

    void add(std::string_view text) { m_out.text += text; }

    // What comes from a model may hold anything, but a node has one line.
    void addOneLine(std::string_view text)
    {
        if (text.find_first_of("\n\r") == std::string_view::npos)
            return add(text);
        for (const char c : text)
            m_out.text += c == '\n' || c == '\r' ? ' ' : c;
    }

    void endLine()
    {
        m_out.text += '\n';
        m_out.keys.push_back(m_key);
        m_key = 0;
    }

    void declare(const Graph& graph, ValueId id)
    {
        const Value& value = graph.values[id];
        add("%");
        addOneLine(graph.text(value.name));
        add(" : ");
        addOneLine(graph.text(value.type));
    }

    void declareAll(const Graph& graph, std::span<const ValueId> ids)
    {
        bool first = true;
        for (const ValueId id : ids) {
            add(first ? "" : ", ");
            first = false;
            declare(graph, id);
        }
    }

    void names(const Graph& graph, std::span<const ValueId> ids)
    {
        bool first = true;
        for (const ValueId id : ids) {
            add(first ? "%" : ", %");
            first = false;
            addOneLine(graph.text(graph.values[id].name));
        }
    }

    static std::string_view valueOf(const Graph& graph, const Attribute& attribute)
    {
        if (attribute.kind == AttributeKind::Graph)
            return "<Graph>";
        return attribute.kind == AttributeKind::Graphs ? "[<Graphs>]" : graph.text(attribute.text);
    }

    void attributes(const Graph& graph, const Node& node, const Attribute* except)
    {
        const auto all = graph.attributesOf(node);
        if (all.size() <= (except != nullptr ? 1U : 0U))
            return;
        add("[");
        bool first = true;
        for (const Attribute& attribute : all) {
            if (&attribute == except)
                continue;
            add(first ? "" : ", ");
            first = false;
            addOneLine(graph.text(attribute.name));
            add("=");
            addOneLine(valueOf(graph, attribute));
        }
        add("]");
    }

    void operation(const Graph& graph, const Node& node, std::vector<Group>& groups)
    {
        addOneLine(graph.kind(node));
        const Attribute* body = graph.attribute(node, subgraphName);
        if (body == nullptr || body->subgraphs.count != 1)
            return attributes(graph, node, nullptr);
        fmt::format_to(end(), "_{}", groups.size());
        groups.push_back({graph.kind(node), &graph.subgraphsOf(*body)[0]});
        if (graph.kind(node) != "prim::DifferentiableGraph")
            attributes(graph, node, body);
    }

    void nodes(const Graph& graph, const Block& block, std::size_t depth,
               std::vector<Group>& groups)
    {
        for (const NodeId id : graph.nodesOf(block))
            node(graph, graph.nodes[id], depth, groups);
    }

    void node(const Graph& graph, const Node& node, std::size_t depth, std::vector<Group>& groups)
    {
        m_key = node.key;
        indent(depth);
        declareAll(graph, graph.outputsOf(node));
        add(" = ");
        operation(graph, node, groups);
        add("(");
        names(graph, graph.inputsOf(node));
        add(")");
        trailer(graph, node);
        endLine();
        std::size_t index = 0;
        for (const BlockId id : graph.blocksOf(node)) {
            const Block& block = graph.blocks[id];
            indent(depth + 1);
            fmt::format_to(end(), "block{}(", index++);
            declareAll(graph, graph.parametersOf(block));
            add("):");
            endLine();
            nodes(graph, block, depth + 2, groups);
            indent(depth + 2);
            add("-> (");
            names(graph, graph.returnsOf(block));
            add(")");
            endLine();
        }
    }

    void indent(std::size_t depth) { m_out.text.append(depth * 2, ' '); }

    void trailer(const Graph& graph, const Node& node)
    {
        if (m_options.modulePaths && node.modulePath != 0) {
            add(", scope: ");
            addOneLine(graph.text(node.modulePath));
        }
        if (m_options.locations && node.source.line != 0) {
            add(" # ");
            addOneLine(graph.text(node.source.file));
            fmt::format_to(end(), ":{}:{}", node.source.line, node.source.column);
        }
    }

    const PrintOptions& m_options;
    PrintedLines& m_out;
    NodeKey m_key = 0; // of the line that is being made
};

} // namespace

std::string print(const Graph& graph, const PrintOptions& options)
{
    return printLines(graph, options).text;
}

PrintedLines printLines(const Graph& graph, const PrintOptions& options)
{
    PrintedLines lines;
    Printer(options, lines).print(graph);
    return lines;
}

} // namespace jitscope::ir
