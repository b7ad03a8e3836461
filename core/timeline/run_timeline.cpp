#include "core/timeline/run_timeline.h"

#include <algorithm>

namespace jitscope::timeline {

const document::IterationRow* RunTimeline::iterationAt(std::int64_t time) const
{
    const auto after = std::upper_bound(
        iterations.begin(), iterations.end(), time,
        [](std::int64_t value, const document::IterationRow& row) { return value < row.start; });
    if (after == iterations.begin() || (after - 1)->end < time)
        return nullptr;
    return &*(after - 1);
}

} // namespace jitscope::timeline
