#include "core/scene/mutations_p.h"

#include "core/scene/schema_text.h"

#include <algorithm>

namespace jitscope::scene {

namespace {

// Finds what a value is a view of, by the alias annotations of schemas:
// "slice(Tensor(a) self, ...) -> Tensor(a)".
class Bases
{
public:
    explicit Bases(const ir::Graph& graph) : m_graph(graph) {}

    [[nodiscard]] ir::ValueId of(ir::ValueId value)
    {
        constexpr int deepest = 100; // views of views
        for (int i = 0; i < deepest; ++i) {
            const ir::NodeId producer = m_graph.values[value].producer;
            if (producer == ir::none)
                return value;
            const ir::Node& node = m_graph.nodes[producer];
            const auto inputs = m_graph.inputsOf(node);
            const std::size_t viewed = viewedArgument(node.schema);
            if (viewed >= inputs.size())
                return value;
            value = inputs[viewed];
        }
        return value;
    }

    // The arguments that a node of this schema changes.
    const std::vector<std::size_t>& changed(ir::StringId schema)
    {
        return schemaOf(schema).changed;
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Schema
    {
        std::vector<std::size_t> changed;
        std::size_t viewed = none; // the argument that the first result is or is a view of
    };

    std::size_t viewedArgument(ir::StringId schema) { return schemaOf(schema).viewed; }

    const Schema& schemaOf(ir::StringId id)
    {
        const auto [entry, isNew] = m_schemas.try_emplace(id);
        if (!isNew)
            return entry->second;
        const AliasText aliases = aliasesOf(m_graph.text(id));
        for (std::size_t i = 0; i < aliases.arguments.size(); ++i) {
            if (aliases.arguments[i].ends_with('!'))
                entry->second.changed.push_back(i);
            const std::string_view set = aliases.arguments[i];
            if (!set.empty() && !aliases.result.empty() &&
                set.substr(0, set.find('!')) == aliases.result.substr(0, aliases.result.find('!')))
                entry->second.viewed = std::min(entry->second.viewed, i);
        }
        return entry->second;
    }

    const ir::Graph& m_graph;
    std::unordered_map<ir::StringId, Schema> m_schemas; // by text
};

} // namespace

Mutations::Mutations(const ir::Graph& graph)
{
    Bases bases(graph);
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        const ir::Node& node = graph.nodes[id];
        const auto inputs = graph.inputsOf(node);
        for (const std::size_t index : bases.changed(node.schema)) {
            if (index >= inputs.size())
                continue;
            std::vector<ir::NodeId>& nodes = m_nodes[bases.of(inputs[index])];
            if (nodes.empty() || nodes.back() != id)
                nodes.push_back(id);
        }
    }
    for (const auto& [value, nodes] : m_nodes)
        m_values.push_back(value);
    std::sort(m_values.begin(), m_values.end());
}

std::span<const ir::NodeId> Mutations::of(ir::ValueId value) const
{
    const auto found = m_nodes.find(value);
    return found == m_nodes.end() ? std::span<const ir::NodeId>() : found->second;
}

} // namespace jitscope::scene
