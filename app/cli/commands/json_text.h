// Facts about graphs as JSON, by the field names of docs/command-line.md.
#pragma once

#include "core/ir/counts.h"
#include "core/ir/program.h"

#include <nlohmann/json.hpp>

namespace jitscope::cli {

// nodes, blocks, values, uses, with_source, kinds.
[[nodiscard]] nlohmann::json countsToJson(const ir::Counts& counts,
                                          const std::map<std::string, std::uint64_t>& kinds);
[[nodiscard]] nlohmann::json countsToJson(const ir::Graph& graph);

// functions, methods, tensors: added to `out`.
void addProgram(nlohmann::json& out, const ir::Program& program);

[[nodiscard]] nlohmann::json graphToJson(const ir::Graph& graph);

} // namespace jitscope::cli
