// Copies a document as it is at one moment, also while the engine is writing it.
#pragma once

#include "core/support/result.h"

#include <filesystem>

namespace jitscope::document {

// `to` is replaced when the copy is complete, and stays as it was when it fails.
[[nodiscard]] Result<void> copyDocument(const std::filesystem::path& from,
                                        const std::filesystem::path& to);

} // namespace jitscope::document
