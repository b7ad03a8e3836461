// What the check of a file found, as JSON, by the field names of docs/command-line.md.
#pragma once

#include "core/archive/preflight.h"

#include <nlohmann/json.hpp>

namespace jitscope::cli {

[[nodiscard]] nlohmann::json toJson(const archive::Problem& problem);
[[nodiscard]] nlohmann::json toJson(const archive::Report& report);

// The tensors that the archive describes, for a file that LibTorch does not load.
[[nodiscard]] nlohmann::json describedTensors(const archive::Report& report);

} // namespace jitscope::cli
