// The JSON form of a pipeline. Private to core/pipeline.
#pragma once

#include "core/pipeline/pipeline.h"

namespace jitscope::pipeline {

[[nodiscard]] Result<std::vector<Step>> readJson(std::string_view text, std::string_view file);

// "release.passes, line 7"
[[nodiscard]] std::string placeOf(std::string_view file, int line);

} // namespace jitscope::pipeline
