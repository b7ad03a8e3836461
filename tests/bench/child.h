// A program run to its end, with what it printed and the most memory it held.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jitscope::bench {

struct ChildResult
{
    int exitCode = 0;
    std::string output;       // of stdout
    double peakMegabytes = 0; // resident, 10^6 bytes (ru_maxrss), of it or of a child it waited for
    double milliseconds = 0;  // from the start until it had ended
};

// Blocks until the program has ended. Nothing when it cannot be started or was killed by a signal.
// stderr is passed on.
[[nodiscard]] std::optional<ChildResult> runChild(const std::vector<std::string>& command);

} // namespace jitscope::bench
