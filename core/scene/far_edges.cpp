#include "core/scene/scope_assembly_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace jitscope::scene {

namespace {

constexpr std::uint32_t nearRanks = 2; // up to this span even a hub's edge is drawn

// Longest paths. The boxes of an assembled scope are in order of execution, so one sweep is enough.
std::vector<std::uint32_t> ranksOf(const Scope& scope)
{
    std::vector<std::vector<std::uint32_t>> followers(scope.boxes.size());
    for (const Edge& edge : scope.edges)
        followers[edge.from].push_back(edge.to);
    std::vector<std::uint32_t> ranks(scope.boxes.size(), 0);
    for (std::size_t box = 0; box < scope.boxes.size(); ++box) {
        for (const std::uint32_t next : followers[box]) {
            if (next > box)
                ranks[next] = std::max(ranks[next], ranks[box] + 1);
        }
    }
    return ranks;
}

// A value that ends in a stub on its way to one consumer.
using Detached = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>; // from, port, to

Far farOf(const Scope& scope, const Edge& edge)
{
    const Box& from = scope.boxes[edge.from];
    return {from.id, from.outputs[edge.fromPort].key, edge.name,
            from.kind == BoxKind::Input ? std::string() : from.title, edge.type};
}

Box referenceTo(const Scope& scope, const Edge& edge)
{
    const Box& from = scope.boxes[edge.from];
    Box reference;
    reference.kind = BoxKind::Reference;
    reference.operatorClass = from.operatorClass;
    reference.far = {farOf(scope, edge)};
    reference.title = edge.name;
    reference.subtitle = reference.far.front().title;
    reference.modulePath = from.modulePath;
    reference.refs = from.refs;
    reference.id = fmt::format("{}>{}>{}", from.id, edge.fromPort, scope.boxes[edge.to].id);
    reference.outputs.push_back({edge.name, edge.type, 0});
    return reference;
}

// One stub in place of many, beside a consumer.
class Bundle
{
public:
    Bundle(const Scope& scope, std::uint32_t consumer, std::uint32_t place) : m_place(place)
    {
        const Box& user = scope.boxes[consumer];
        m_box.kind = BoxKind::Reference;
        m_box.operatorClass = OperatorClass::Terminal;
        m_box.modulePath = user.modulePath;
        m_box.id = ">" + user.id;
        m_box.outputs.emplace_back();
    }

    // False if another edge leads where this one does: into a box that cannot be opened, or, as the
    // elements of a list do, to a port of the same key.
    bool add(const Scope& scope, Edge& edge)
    {
        const Box& from = scope.boxes[edge.from];
        if (m_values.insert({edge.from, edge.fromPort}).second) {
            m_box.far.push_back(farOf(scope, edge));
            for (const document::NodeRef& ref : from.refs) {
                if (std::find(m_box.refs.begin(), m_box.refs.end(), ref) == m_box.refs.end())
                    m_box.refs.push_back(ref);
            }
        }
        edge.from = m_place;
        edge.fromPort = 0;
        const Box& user = scope.boxes[edge.to];
        return m_keys.insert(user.canOpen() ? user.inputs[edge.toPort].key : 0).second;
    }

    [[nodiscard]] std::uint32_t place() const { return m_place; }

    Box take()
    {
        m_box.title = fmt::format("{} values", m_box.far.size());
        m_box.outputs.front().name = m_box.title;
        return std::move(m_box);
    }

private:
    std::uint32_t m_place;
    Box m_box;
    std::set<std::pair<std::uint32_t, std::uint32_t>> m_values;
    std::set<PortKey> m_keys; // of the consumer's ports
};

} // namespace

void detachFarEdges(Scope& scope, const BuildOptions& options)
{
    const std::vector<std::uint32_t> ranks = ranksOf(scope);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> consumers; // of a value
    for (const Edge& edge : scope.edges)
        ++consumers[{edge.from, edge.fromPort}];
    const auto isFar = [&](const Edge& edge) {
        const std::uint32_t span =
            ranks[edge.to] > ranks[edge.from] ? ranks[edge.to] - ranks[edge.from] : 0;
        const bool isHub =
            consumers[{edge.from, edge.fromPort}] > options.hubConsumers && span > nearRanks;
        return isHub || span > options.longEdgeRanks;
    };
    std::set<Detached> detached;
    std::map<std::uint32_t, std::size_t> stubs; // by consumer
    for (const Edge& edge : scope.edges) {
        if (isFar(edge) && detached.insert({edge.from, edge.fromPort, edge.to}).second)
            ++stubs[edge.to];
    }
    std::map<Detached, std::uint32_t> references;
    std::map<std::uint32_t, Bundle> bundles; // by consumer
    const std::size_t before = scope.boxes.size();
    std::vector<Edge> kept;
    kept.reserve(scope.edges.size());
    for (Edge& edge : scope.edges) {
        const Detached value{edge.from, edge.fromPort, edge.to};
        if (!detached.contains(value)) {
            kept.push_back(std::move(edge));
            continue;
        }
        const auto place = static_cast<std::uint32_t>(scope.boxes.size());
        if (stubs[edge.to] > options.singleReferences) {
            const auto [entry, isNew] = bundles.try_emplace(edge.to, scope, edge.to, place);
            if (isNew)
                scope.boxes.emplace_back(); // its place
            if (entry->second.add(scope, edge))
                kept.push_back(std::move(edge));
            continue;
        }
        const auto [entry, isNew] = references.emplace(value, place);
        if (isNew)
            scope.boxes.push_back(referenceTo(scope, edge));
        edge.from = entry->second;
        edge.fromPort = 0;
        kept.push_back(std::move(edge));
    }
    scope.edges = std::move(kept);
    for (auto& [consumer, bundle] : bundles)
        scope.boxes[bundle.place()] = bundle.take();
    // What one edge stands for is no longer one value.
    for (Edge& edge : scope.edges) {
        const Box& from = scope.boxes[edge.from];
        if (edge.from >= before && from.far.size() > 1) {
            edge.name = from.title;
            edge.type.clear();
            edge.label.clear();
        }
    }
}

} // namespace jitscope::scene
