#include "profiler/record/clock_p.h"

#include <algorithm>
#include <limits>
#include <thread>

namespace jitscope::record {

namespace {

// Two anchors nearer than this would turn the jitter of reading two clocks into a wrong rate.
constexpr std::int64_t shortestSegment = 5'000'000; // nanoseconds

constexpr int readings = 9;

} // namespace

ClockMap::Anchor ClockMap::readBoth()
{
    // The narrowest of several readings: a thread may be interrupted between the two clocks.
    Anchor best;
    Ticks narrowest = std::numeric_limits<Ticks>::max();
    for (int i = 0; i < readings; ++i) {
        const Ticks before = ticksNow();
        const std::int64_t steady = steadyNow();
        const Ticks after = ticksNow();
        if (after - before < narrowest) {
            narrowest = after - before;
            best = {before + narrowest / 2, steady};
        }
    }
    return best;
}

ClockMap::ClockMap()
{
    m_anchors.push_back(readBoth());
    std::this_thread::sleep_for(std::chrono::nanoseconds(shortestSegment));
    m_anchors.push_back(readBoth());
}

void ClockMap::anchor()
{
    const Anchor now = readBoth();
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
