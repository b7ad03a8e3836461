// A graph as bytes, for the document: the pools one after the other, integers as LEB128 varints.
// Equal graphs give equal bytes. What it reads may be foreign: it never trusts a size, and checks
// the result.
#pragma once

#include "core/ir/graph.h"
#include "core/support/result.h"

#include <cstddef>
#include <span>
#include <vector>

namespace jitscope::ir {

[[nodiscard]] std::vector<std::byte> encode(const Graph& graph);
[[nodiscard]] Result<Graph> decode(std::span<const std::byte> bytes);

} // namespace jitscope::ir
