// Asks what was found wrong in a file.
#pragma once

#include "core/archive/preflight.h"

#include <algorithm>
#include <string_view>

namespace jitscope::test {

[[nodiscard]] inline bool hasProblem(const archive::Report& report, std::string_view code)
{
    return std::ranges::any_of(
        report.problems, [&](const archive::Problem& problem) { return problem.code == code; });
}

} // namespace jitscope::test
