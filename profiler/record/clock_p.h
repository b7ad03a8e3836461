// The clock of the slices: the processor's time-stamp counter, which costs half of what the
// system's clock does, tied to the steady clock again and again so that neither a drift nor a
// change of its rate matters.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace jitscope::record {

using Ticks = std::uint64_t;

[[nodiscard]] inline std::int64_t steadyNow()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

[[nodiscard]] inline Ticks ticksNow()
{
#if defined(__x86_64__)
    return __rdtsc();
#else
    return static_cast<Ticks>(steadyNow());
#endif
}

// Converts ticks to nanoseconds of the steady clock. One thread at a time. The result is the same
// for the same ticks once they lie before the newest anchor, and never runs backwards, so that what
// is nested in ticks is nested in nanoseconds.
class ClockMap
{
public:
    ClockMap();
    // To be called before converting ticks newer than the last call.
    void anchor();
    [[nodiscard]] std::int64_t nanoseconds(Ticks ticks) const;

private:
    struct Anchor
    {
        Ticks ticks = 0;
        std::int64_t nanoseconds = 0;
    };
    [[nodiscard]] static Anchor readBoth();
    std::vector<Anchor> m_anchors;
};

} // namespace jitscope::record
