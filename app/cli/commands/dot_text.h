// A graph in the language of Graphviz: nodes, the values between them, blocks as clusters.
#pragma once

#include "core/ir/graph.h"

namespace jitscope::cli {

[[nodiscard]] std::string dotText(const ir::Graph& graph);

} // namespace jitscope::cli
