#include "app/cli/serve/progress_limiter.h"

namespace jitscope::cli {

namespace {

// Ten of either kind a second.
constexpr std::size_t mostPhases = 10;
constexpr std::chrono::milliseconds step(100);

} // namespace

bool ProgressLimiter::admits(const Progress& progress, Clock::time_point now)
{
    while (!m_phases.empty() && now - m_phases.front() >= std::chrono::seconds(1))
        m_phases.pop_front();
    if (progress.phase != m_phase && m_phases.size() < mostPhases) {
        m_phase = progress.phase;
        m_phases.push_back(now);
        return true;
    }
    if (m_last && now - *m_last < step)
        return false;
    m_phase = progress.phase;
    m_last = now;
    return true;
}

} // namespace jitscope::cli
