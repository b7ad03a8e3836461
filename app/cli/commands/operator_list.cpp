#include "app/cli/commands/operator_list.h"

#include "core/operators/operator_notes.h"

namespace jitscope::cli {

using nlohmann::json;

void OperatorList::add(const ir::Graph& graph)
{
    for (const ir::Node& node : graph.nodes) {
        Entry& entry = m_entries[std::string(graph.kind(node))];
        ++entry.count;
        if (node.schema != 0)
            entry.schemas.emplace(graph.text(node.schema));
    }
    for (const ir::Graph& subgraph : graph.subgraphs)
        add(subgraph);
}

json OperatorList::toJson() const
{
    json list = json::array();
    for (const auto& [kind, entry] : m_entries) {
        json out = {{"kind", kind}, {"count", entry.count}, {"schemas", entry.schemas}};
        if (const auto note = operators::noteOf(kind)) {
            out["note"] = note->text;
            if (!note->url.empty())
                out["documentation"] = note->url;
        }
        list.push_back(std::move(out));
    }
    return list;
}

} // namespace jitscope::cli
