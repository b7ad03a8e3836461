// A document in words, for those who have no display.
#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace jitscope::gui {

// `problems` are what was said while the document was made.
[[nodiscard]] Result<std::string> report(const std::filesystem::path& document,
                                         const std::vector<std::string>& problems);

} // namespace jitscope::gui
