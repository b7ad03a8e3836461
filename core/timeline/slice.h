// What lies on a track: an interval with a label, and the node it belongs to.
#pragma once

#include "core/ir/graph.h"

#include <cstdint>

namespace jitscope::timeline {

// Nanoseconds of the steady clock of the recording machine; start <= end.
struct Slice
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t label = 0; // in RunTimeline::labels
    ir::NodeKey node = 0;    // 0 for none
    std::int32_t iteration = 0;

    [[nodiscard]] std::int64_t duration() const { return end - start; }
    friend bool operator==(const Slice&, const Slice&) = default;
};

// Half open: [start, end).
struct TimeRange
{
    std::int64_t start = 0;
    std::int64_t end = 0;

    [[nodiscard]] std::int64_t duration() const { return end - start; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

} // namespace jitscope::timeline
