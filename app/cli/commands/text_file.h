// Files that a command writes beside documents: pictures, reports, lists of passes.
#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace jitscope::cli {

// Whole or not at all: a file of that name stays as it is when writing fails.
[[nodiscard]] Result<void> writeTextFile(const std::filesystem::path& file, std::string_view text);

// At most `limit` bytes; larger ones are an Error.
[[nodiscard]] Result<std::string> readTextFile(const std::filesystem::path& file,
                                               std::size_t limit);

// The absolute folder of a file to write; empty for an empty name.
[[nodiscard]] std::filesystem::path folderOf(const std::filesystem::path& file);

} // namespace jitscope::cli
