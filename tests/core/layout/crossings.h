// How often the edges of a placed graph cross as they are drawn, whatever engine placed it.
#pragma once

#include "core/layout/layout.h"

namespace jitscope::tests {

// Pairs of curves that meet, each counted once. Edges that leave one port or arrive at one are no
// pair: they run together there.
[[nodiscard]] std::size_t countCrossings(const layout::Graph& graph,
                                         const layout::Placement& placement);

} // namespace jitscope::tests
