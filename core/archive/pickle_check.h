// Whether LibTorch can take a pickle apart without harm: it believes every length and number in it,
// and makes room for them.
#pragma once

#include "core/support/result.h"

#include <string>

namespace jitscope::archive {

// The Error says what is wrong: not sound (see docs/command-line.md, `damaged-record`), or values
// nested too deep or in themselves.
[[nodiscard]] Result<void> checkPickle(std::string bytes);

} // namespace jitscope::archive
