#pragma once

#include "core/torchscript/passes/passes_p.h"

#include <optional>
#include <string_view>
#include <vector>

namespace jitscope::torchscript {

struct PassRow
{
    PassInfo info;
    PassFunction run = nullptr;
};

// All passes, in the order in which they are shown.
[[nodiscard]] std::vector<PassRow> passRows();
[[nodiscard]] std::optional<PassRow> findPass(std::string_view name);

} // namespace jitscope::torchscript
