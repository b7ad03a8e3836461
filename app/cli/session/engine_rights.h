// Takes from the engine the rights that a model has no business with (core/confinement).
#pragma once

#include "core/confinement/confinement.h"

#include <vector>

namespace jitscope::cli {

// Writing stays possible below the folders (empty paths are none) and in a scratch folder made for
// this process (which TMPDIR names from then on). Call it before the first byte of a model is read
// and before threads are started. An Error means: do not go on.
[[nodiscard]] Result<confinement::Confinement>
confineEngine(const std::vector<std::filesystem::path>& writableFolders);

// A confined process cannot remove its own scratch folder: whoever started it does, when it has
// ended. Those of other processes that have ended go with it.
void removeLeftScratchFolders();

} // namespace jitscope::cli
