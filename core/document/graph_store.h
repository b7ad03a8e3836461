// Graphs as the table `graph` holds them: encoded, hashed, compressed against the graph they came
// from, so that a stage costs about what it changed.
#pragma once

#include "core/document/rows.h"
#include "core/ir/graph.h"
#include "core/support/result.h"

#include <span>

namespace jitscope::document {

// `base` is the encoded body of the graph with id `baseId`, or empty. `id` of the row is left 0.
[[nodiscard]] GraphRow packGraph(const ir::Graph& graph, std::span<const std::byte> encoded,
                                 std::span<const std::byte> base, std::int64_t baseId);

// The encoded bytes of a row, given those of its base.
[[nodiscard]] Result<std::vector<std::byte>> unpackGraph(const GraphRow& row,
                                                         std::span<const std::byte> base);

} // namespace jitscope::document
