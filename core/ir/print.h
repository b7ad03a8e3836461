// The text of a graph in the form of LibTorch's Graph::toString().
#pragma once

#include "core/ir/graph.h"

namespace jitscope::ir {

struct PrintOptions
{
    bool locations = false; // "# file:line:column" after each node that has one
    bool modulePaths = false;
};

[[nodiscard]] std::string print(const Graph& graph, const PrintOptions& options = {});

} // namespace jitscope::ir
