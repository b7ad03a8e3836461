// Facts about graphs as JSON, by the field names of docs/command-line.md.
#pragma once

#include "core/ir/counts.h"
#include "core/ir/graph.h"

#include <nlohmann/json.hpp>

namespace jitscope::cli {

// nodes, blocks, values, uses, with_source, kinds.
[[nodiscard]] nlohmann::json countsToJson(const ir::Counts& counts,
                                          const std::map<std::string, std::uint64_t>& kinds);
[[nodiscard]] nlohmann::json countsToJson(const ir::Graph& graph);

[[nodiscard]] nlohmann::json graphToJson(const ir::Graph& graph);

} // namespace jitscope::cli
