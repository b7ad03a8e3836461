// The system-call part of a confinement. Private to core/confinement.
#pragma once

#include "core/confinement/confinement.h"

namespace jitscope::confinement {

[[nodiscard]] Result<void> restrictSystemCalls(const Rights& rights);

} // namespace jitscope::confinement
