// Looks into the flatbuffer form of a lite-interpreter file. Private to core/archive.
#pragma once

#include "core/archive/preflight.h"

namespace jitscope::archive {

// Fills in what the file tells, and the problems.
[[nodiscard]] Result<void> inspectFlat(const std::filesystem::path& file,
                                       const InspectOptions& options, Report& report);

} // namespace jitscope::archive
