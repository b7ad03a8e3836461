// Keeps progress from flooding the window: at most twenty messages a second. Belongs to one thread.
#pragma once

#include "core/support/job.h"

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace jitscope::cli {

class ProgressLimiter
{
public:
    using Clock = std::chrono::steady_clock;

    // Whether this progress should be sent. A new phase has precedence over how far one is.
    [[nodiscard]] bool admits(const Progress& progress, Clock::time_point now = Clock::now());

private:
    std::string m_phase;
    std::deque<Clock::time_point> m_phases;  // new phases of the last second
    std::optional<Clock::time_point> m_last; // how far one was
};

} // namespace jitscope::cli
