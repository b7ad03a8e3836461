#include "core/scene/scope_assembly_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

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

} // namespace

void detachFarEdges(Scope& scope, const BuildOptions& options)
{
    const std::vector<std::uint32_t> ranks = ranksOf(scope);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> consumers; // of a value
    for (const Edge& edge : scope.edges)
        ++consumers[{edge.from, edge.fromPort}];
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> references;
    for (Edge& edge : scope.edges) {
        const std::uint32_t span =
            ranks[edge.to] > ranks[edge.from] ? ranks[edge.to] - ranks[edge.from] : 0;
        const bool isHub =
            consumers[{edge.from, edge.fromPort}] > options.hubConsumers && span > nearRanks;
        if (!isHub && span <= options.longEdgeRanks)
            continue;
        const auto [entry, isNew] =
            references.emplace(std::tuple{edge.from, edge.fromPort, edge.to},
                               static_cast<std::uint32_t>(scope.boxes.size()));
        if (isNew) {
            const Box& from = scope.boxes[edge.from];
            Box reference;
            reference.kind = BoxKind::Reference;
            reference.operatorClass = from.operatorClass;
            reference.title = edge.name;
            if (from.kind != BoxKind::Input)
                reference.subtitle = from.title;
            reference.modulePath = from.modulePath;
            reference.refs = from.refs;
            reference.target = from.id;
            reference.key = from.outputs[edge.fromPort].key;
            reference.id = fmt::format("{}>{}>{}", from.id, edge.fromPort, scope.boxes[edge.to].id);
            reference.outputs.push_back({edge.name, edge.type, 0});
            scope.boxes.push_back(std::move(reference));
        }
        edge.from = entry->second;
        edge.fromPort = 0;
    }
}

} // namespace jitscope::scene
