#include "core/scene/known_types.h"

#include "core/ir/tensor_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>

namespace jitscope::scene {

namespace {

constexpr std::string_view propagation = "propagate-shapes"; // the pass

// The same for a node in all stages that kept it, in one instance.
struct Written
{
    std::string_view function;
    std::uint32_t ordinal;
    std::string_view modulePath;
    friend auto operator<=>(const Written&, const Written&) = default;
};

Written writtenOf(const ir::Graph& graph, const ir::Node& node)
{
    return {graph.text(node.function), node.ordinal, graph.text(node.modulePath)};
}

} // namespace

KnownTypes::KnownTypes(std::shared_ptr<const ir::Graph> graph,
                       std::span<const document::ObservedTypeRow> observed)
    : m_graph(std::move(graph))
{
    addGraph(*m_graph);
    for (const auto& [key, place] : m_byKey) {
        if (place.graph->nodes[place.node].ordinal != ir::none)
            m_written.push_back(&place);
    }
    std::sort(m_written.begin(), m_written.end(), [](const Place* a, const Place* b) {
        return std::pair(writtenOf(*a->graph, a->graph->nodes[a->node]), a->node) <
               std::pair(writtenOf(*b->graph, b->graph->nodes[b->node]), b->node);
    });
    for (const document::ObservedTypeRow& row : observed)
        see(row);
    typeParameters(*m_graph);
}

// A graph that a node holds receives what the node does.
void KnownTypes::typeParameters(const ir::Graph& graph)
{
    const std::vector<std::string>& types = m_types.at(&graph);
    for (const ir::Node& node : graph.nodes) {
        const auto inputs = graph.inputsOf(node);
        for (const ir::Attribute& attribute : graph.attributesOf(node)) {
            for (const ir::Graph& held : graph.subgraphsOf(attribute)) {
                const auto parameters = held.parametersOf(held.blocks.at(0));
                std::vector<std::string>& heldTypes = m_types.at(&held);
                for (std::size_t i = 0; i < parameters.size() && i < inputs.size(); ++i) {
                    if (heldTypes[parameters[i]].empty())
                        heldTypes[parameters[i]] = types[inputs[i]];
                }
                typeParameters(held);
            }
        }
    }
}

void KnownTypes::addGraph(const ir::Graph& graph)
{
    std::vector<std::string>& types = m_types[&graph];
    types.resize(graph.values.size());
    for (ir::ValueId id = 0; id < types.size(); ++id) {
        const std::string_view text = graph.text(graph.values[id].type);
        const std::optional<ir::TensorType> type = ir::tensorTypeOf(text);
        if (type && type->sizes)
            types[id] = text;
    }
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        const ir::Node& node = graph.nodes[id];
        if (node.key != 0)
            m_byKey.emplace(node.key, Place{&graph, id, &types});
        for (const ir::Attribute& attribute : graph.attributesOf(node)) {
            for (const ir::Graph& held : graph.subgraphsOf(attribute))
                addGraph(held);
        }
    }
}

void KnownTypes::see(const document::ObservedTypeRow& row)
{
    const ir::Graph* graph = m_graph.get();
    std::span<const ir::ValueId> values;
    if (row.node == 0) {
        values = graph->parametersOf(graph->blocks.at(0));
    } else {
        const auto found = m_byKey.find(static_cast<ir::NodeKey>(row.node));
        if (found == m_byKey.end())
            return;
        graph = found->second.graph;
        const ir::Node& node = graph->nodes[found->second.node];
        const auto blocks = graph->blocksOf(node);
        if (row.place == "output")
            values = graph->outputsOf(node);
        else if (!blocks.empty())
            values = graph->parametersOf(graph->blocks[blocks.front()]);
    }
    if (row.position >= 0 && static_cast<std::size_t>(row.position) < values.size())
        m_types.at(graph)[values[static_cast<std::size_t>(row.position)]] = row.type;
}

Result<std::shared_ptr<const KnownTypes>> KnownTypes::read(const document::Reader& reader,
                                                           std::int64_t run)
{
    const auto stages = reader.rows<document::StageRow>();
    if (!stages)
        return tl::unexpected(stages.error());
    auto runs = reader.rows<document::RunRow>();
    if (!runs)
        return tl::unexpected(runs.error());
    std::stable_sort(runs->begin(), runs->end(), [run](const auto& a, const auto& b) {
        return std::tuple(a.id == run, a.id) > std::tuple(b.id == run, b.id);
    });
    using Known = Result<std::shared_ptr<const KnownTypes>>;
    const auto make = [&reader](const document::StageRow& stage,
                                std::span<const document::ObservedTypeRow> observed) -> Known {
        auto graph = reader.graph(stage.graph);
        if (!graph)
            return tl::unexpected(graph.error());
        auto known = std::make_shared<KnownTypes>(*std::move(graph), observed);
        known->m_module = stage.module;
        known->m_method = stage.method;
        return known;
    };
    for (const document::RunRow& row : *runs) {
        const auto stage = std::find_if(stages->begin(), stages->end(),
                                        [&row](const auto& s) { return s.id == row.stage; });
        if (stage == stages->end() || stage->graph == 0)
            continue;
        const auto observed =
            reader.rows<document::ObservedTypeRow>(fmt::format("WHERE run = {}", row.id));
        if (!observed)
            return tl::unexpected(observed.error());
        if (!observed->empty())
            return make(*stage, *observed);
    }
    const auto propagated =
        std::find_if(stages->rbegin(), stages->rend(), [](const document::StageRow& stage) {
            return stage.pass == propagation && stage.graph != 0;
        });
    return propagated != stages->rend() ? make(*propagated, {}) : Known(nullptr);
}

std::vector<const KnownTypes::Place*> KnownTypes::placesOf(const ir::Graph& graph,
                                                           const ir::Node& node,
                                                           std::string_view modulePath,
                                                           Call call) const
{
    std::vector<const Place*> places;
    if (node.ordinal != ir::none) {
        const Written wanted{graph.text(node.function), node.ordinal, modulePath};
        const auto writtenAt = [](const Place* place) {
            return writtenOf(*place->graph, place->graph->nodes[place->node]);
        };
        const auto first = std::lower_bound(
            m_written.begin(), m_written.end(), wanted,
            [&](const Place* place, const Written& key) { return writtenAt(place) < key; });
        const auto last = std::upper_bound(
            first, m_written.end(), wanted,
            [&](const Written& key, const Place* place) { return key < writtenAt(place); });
        const std::span<const Place* const> found(first, last);
        if (found.size() > 1 && call.total == found.size())
            return {found[call.index]};
        // A module that is called more than once; one of the stage itself knows which call it is.
        const auto same = m_byKey.find(node.key);
        if (found.size() > 1 && same != m_byKey.end() && writtenAt(&same->second) == wanted)
            return {&same->second};
        return {found.begin(), found.end()};
    }
    auto found = m_byKey.find(node.key);
    if (found == m_byKey.end()) {
        // One that the executor or a pass put in the place of a single other.
        const auto origins = graph.originsOf(node);
        if (origins.size() != 1)
            return places;
        found = m_byKey.find(origins.front());
    }
    if (found == m_byKey.end())
        return places;
    const Place& place = found->second;
    if (place.graph->kind(place.graph->nodes[place.node]) == graph.kind(node))
        places.push_back(&place);
    return places;
}

template <typename ValueOf>
std::string KnownTypes::common(const std::vector<const Place*>& places,
                               const ValueOf& valueOf) const
{
    std::optional<ir::TensorType> both;
    for (const Place* place : places) {
        const std::optional<ir::ValueId> value =
            valueOf(*place->graph, place->graph->nodes[place->node]);
        if (!value)
            return {};
        const std::string& text = (*place->types)[*value];
        if (places.size() == 1)
            return text;
        // One that was not executed, such as in a branch not taken, says nothing.
        const std::optional<ir::TensorType> type = ir::tensorTypeOf(text);
        if (type)
            both = both ? ir::common(*both, *type) : *type;
    }
    return both ? ir::toText(*both) : std::string();
}

std::string KnownTypes::output(const ir::Graph& graph, const ir::Node& node,
                               std::string_view modulePath, std::size_t index, Call call) const
{
    return common(placesOf(graph, node, modulePath, call),
                  [index](const ir::Graph& g, const ir::Node& n) -> std::optional<ir::ValueId> {
                      const auto outputs = g.outputsOf(n);
                      return index < outputs.size() ? std::optional(outputs[index]) : std::nullopt;
                  });
}

std::string KnownTypes::input(const ir::Graph& graph, const ir::Node& node,
                              std::string_view modulePath, std::size_t index, Call call) const
{
    return common(placesOf(graph, node, modulePath, call),
                  [index](const ir::Graph& g, const ir::Node& n) -> std::optional<ir::ValueId> {
                      const auto inputs = g.inputsOf(n);
                      return index < inputs.size() ? std::optional(inputs[index]) : std::nullopt;
                  });
}

std::string KnownTypes::parameter(std::size_t index) const
{
    const auto parameters = m_graph->parametersOf(m_graph->blocks.at(0));
    return index < parameters.size() ? m_types.at(m_graph.get())[parameters[index]] : std::string();
}

} // namespace jitscope::scene
