#include "profiler/record/clock_p.h"

#include <algorithm>
#include <thread>

namespace jitscope::record {

namespace {

// Two anchors nearer than this would turn the jitter of reading two clocks into a wrong rate.
constexpr std::int64_t shortestSegment = 5'000'000; // nanoseconds

} // namespace

ClockMap::ClockMap()
{
    m_anchors.push_back({ticksNow(), steadyNow()});
    std::this_thread::sleep_for(std::chrono::nanoseconds(shortestSegment));
    m_anchors.push_back({ticksNow(), steadyNow()});
}

void ClockMap::anchor()
{
    const Anchor now{ticksNow(), steadyNow()};
    const Anchor& last = m_anchors.back();
    if (now.nanoseconds - last.nanoseconds >= shortestSegment && now.ticks > last.ticks)
        m_anchors.push_back(now);
}

std::int64_t ClockMap::nanoseconds(Ticks ticks) const
{
    auto end = std::upper_bound(m_anchors.begin() + 1, m_anchors.end() - 1, ticks,
                                [](Ticks t, const Anchor& anchor) { return t < anchor.ticks; });
    const Anchor& a = *(end - 1);
    const Anchor& b = *end;
    const double rate =
        static_cast<double>(b.nanoseconds - a.nanoseconds) / static_cast<double>(b.ticks - a.ticks);
    const auto elapsed = static_cast<double>(static_cast<std::int64_t>(ticks - a.ticks));
    return a.nanoseconds + static_cast<std::int64_t>(elapsed * rate);
}

} // namespace jitscope::record
