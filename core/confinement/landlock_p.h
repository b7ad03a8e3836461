// The file-system and network part of a confinement. Private to core/confinement.
#pragma once

#include "core/confinement/confinement.h"

namespace jitscope::confinement {

// 0 when the kernel has no Landlock or it is switched off.
[[nodiscard]] int landlockVersion();
[[nodiscard]] Result<void> restrictFiles(const Rights& rights, int version);

} // namespace jitscope::confinement
