// The time axis: where its marks are, and how times are written.
#pragma once

#include "core/timeline/slice.h"

#include <string>
#include <vector>

namespace jitscope::timeline {

struct Tick
{
    std::int64_t time = 0;
    std::string label; // empty for a minor tick
};

// Marks at 1, 2 or 5 times a power of ten nanoseconds from `origin`, labelled ones at least
// `spacing` pixels apart, with minor ones between them. `resolution` is the width of a pixel in
// nanoseconds, above 0.
[[nodiscard]] std::vector<Tick> ticks(TimeRange range, std::int64_t origin, double resolution,
                                      double spacing);

// Three to four significant digits with the unit that fits: "850 ns", "12.34 us", "1.250 s"; micro
// is written with the Greek letter, in UTF-8.
[[nodiscard]] std::string durationText(std::int64_t nanoseconds);

} // namespace jitscope::timeline
