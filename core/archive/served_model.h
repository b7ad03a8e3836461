// The model inside a TorchServe archive (.mar).
#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <string>

namespace jitscope::archive {

// Writes a record of the archive, ServedModel::serialized of its report, to a new file.
[[nodiscard]] Result<void> extractServedModel(const std::filesystem::path& archive,
                                              const std::string& record,
                                              const std::filesystem::path& file);

} // namespace jitscope::archive
