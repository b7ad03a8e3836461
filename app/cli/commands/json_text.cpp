#include "app/cli/commands/json_text.h"

#include "core/scene/schema_text.h"

#include <algorithm>

namespace jitscope::cli {

using nlohmann::json;

namespace {

json valuesToJson(const ir::Graph& graph, std::span<const ir::ValueId> values)
{
    json list = json::array();
    for (const ir::ValueId value : values) {
        list.push_back({{"name", graph.text(graph.values[value].name)},
                        {"type", graph.text(graph.values[value].type)}});
    }
    return list;
}

json namesToJson(const ir::Graph& graph, std::span<const ir::ValueId> values)
{
    json list = json::array();
    for (const ir::ValueId value : values)
        list.push_back(graph.text(graph.values[value].name));
    return list;
}

json attributesToJson(const ir::Graph& graph, const ir::Node& node)
{
    json attributes = json::object();
    for (const ir::Attribute& attribute : graph.attributesOf(node)) {
        json& out = attributes[std::string(graph.text(attribute.name))];
        const std::span<const ir::Graph> subgraphs = graph.subgraphsOf(attribute);
        if (subgraphs.empty()) {
            out = graph.text(attribute.text);
            continue;
        }
        out = json::array();
        for (const ir::Graph& subgraph : subgraphs)
            out.push_back(graphToJson(subgraph));
    }
    return attributes;
}

json linesOf(std::string_view text)
{
    json lines = json::array();
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

json blockToJson(const ir::Graph& graph, const ir::Block& block);

json nodeToJson(const ir::Graph& graph, const ir::Node& node)
{
    json out = {{"key", node.key},
                {"kind", graph.kind(node)},
                {"inputs", namesToJson(graph, graph.inputsOf(node))},
                {"outputs", valuesToJson(graph, graph.outputsOf(node))},
                {"attributes", attributesToJson(graph, node)},
                {"module", graph.text(node.modulePath)},
                {"function", graph.text(node.function)}};
    if (node.schema != 0) {
        out["schema"] = graph.text(node.schema);
        for (const scene::SchemaArgument& argument : scene::argumentsOf(graph.text(node.schema)))
            out["arguments"].push_back(argument.name);
    }
    if (node.source.line > 0) {
        out["source"] = {{"file", graph.text(node.source.file)},
                         {"line", node.source.line},
                         {"column", node.source.column}};
        out["call_chain"] = linesOf(graph.text(node.source.callChain));
    }
    for (const ir::BlockId block : graph.blocksOf(node))
        out["blocks"].push_back(blockToJson(graph, graph.blocks[block]));
    for (const ir::NodeKey origin : graph.originsOf(node))
        out["origins"].push_back(origin);
    return out;
}

json blockToJson(const ir::Graph& graph, const ir::Block& block)
{
    json nodes = json::array();
    for (const ir::NodeId node : graph.nodesOf(block))
        nodes.push_back(nodeToJson(graph, graph.nodes[node]));
    return {{"inputs", valuesToJson(graph, graph.parametersOf(block))},
            {"outputs", namesToJson(graph, graph.returnsOf(block))},
            {"nodes", std::move(nodes)}};
}

} // namespace

json countsToJson(const ir::Counts& counts, const std::map<std::string, std::uint64_t>& kinds)
{
    return {{"nodes", counts.nodes}, {"blocks", counts.blocks},          {"values", counts.values},
            {"uses", counts.uses},   {"with_source", counts.withSource}, {"kinds", kinds}};
}

json countsToJson(const ir::Graph& graph)
{
    return countsToJson(ir::count(graph), ir::countKinds(graph));
}

json graphToJson(const ir::Graph& graph)
{
    return blockToJson(graph, graph.blocks.at(0));
}

} // namespace jitscope::cli
