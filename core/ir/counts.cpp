#include "core/ir/counts.h"

#include <algorithm>

namespace jitscope::ir {

Counts count(const Graph& graph)
{
    Counts counts;
    counts.nodes = graph.nodes.size();
    counts.blocks = graph.blocks.size();
    counts.values = graph.values.size();
    counts.uses = graph.inputs.size() + graph.blockReturns.size();
    counts.withSource = static_cast<std::uint64_t>(
        std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
            return node.source.file != 0 && node.source.line != 0;
        }));
    return counts;
}

std::map<std::string, std::uint64_t> countKinds(const Graph& graph)
{
    std::vector<std::uint64_t> byString(graph.strings.size(), 0);
    for (const Node& node : graph.nodes)
        ++byString[node.kind];
    std::map<std::string, std::uint64_t> kinds;
    for (StringId id = 0; id < byString.size(); ++id) {
        if (byString[id] != 0)
            kinds.emplace(graph.text(id), byString[id]);
    }
    return kinds;
}

} // namespace jitscope::ir
