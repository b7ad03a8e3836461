// Copies a document as it is at one moment, also while the engine is writing it.
#pragma once

#include "core/support/job.h"
#include "core/support/result.h"

#include <filesystem>

namespace jitscope::document {

// `to` is replaced when the copy is complete and on the disk, and stays as it was when the copy
// fails or is cancelled. Copying a document onto itself leaves it as it is. A run that is being
// recorded is interrupted in the copy.
[[nodiscard]] Result<void> copyDocument(const std::filesystem::path& from,
                                        const std::filesystem::path& to,
                                        const JobContext& job = {});

} // namespace jitscope::document
