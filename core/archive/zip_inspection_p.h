// Looks through a zip archive. Private to core/archive.
#pragma once

#include "core/archive/preflight.h"

namespace jitscope::archive {

// Fills everything in.
void inspectZip(const std::filesystem::path& file, const InspectOptions& options, Report& report);

} // namespace jitscope::archive
