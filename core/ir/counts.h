// How large a graph is, by the counting rules of docs/command-line.md.
#pragma once

#include "core/ir/graph.h"

#include <map>

namespace jitscope::ir {

struct Counts
{
    std::uint64_t nodes =
        0; // in all nested blocks, constants included; subgraphs in attributes not
    std::uint64_t blocks = 0;     // the graph's own block included
    std::uint64_t values = 0;     // graph inputs, block inputs, node outputs
    std::uint64_t uses = 0;       // node inputs and block outputs, the graph's own included
    std::uint64_t withSource = 0; // nodes with a Python file and line
    friend bool operator==(const Counts&, const Counts&) = default;
};

[[nodiscard]] Counts count(const Graph& graph);
[[nodiscard]] std::map<std::string, std::uint64_t> countKinds(const Graph& graph);

} // namespace jitscope::ir
