// Runs a program that reads text and writes text, for a limited time. Private to core/layout.
#pragma once

#include "core/support/job.h"
#include "core/support/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace jitscope::layout {

// Gives the program `input` on its standard input and returns what it wrote. The program is killed
// at the limit, on cancel, and when it writes more than `outputLimit` bytes. It fails with
// Unavailable when the program cannot be started, does not end well or is late.
[[nodiscard]] Result<std::string> runFilter(const std::vector<std::string>& command,
                                            const std::string& input,
                                            std::chrono::milliseconds limit,
                                            std::size_t outputLimit, const CancelToken& cancel);

} // namespace jitscope::layout
