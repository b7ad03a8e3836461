// How long each node of a run took in all, for what needs nothing but that: cheaper than a
// RunTimeline.
#pragma once

#include "core/document/reader.h"
#include "core/support/job.h"

#include <unordered_map>

namespace jitscope::timeline {

// Nanoseconds by node, over the recorded iterations, without warm-ups. Damaged chunks are left out.
using NodeTotals = std::unordered_map<ir::NodeKey, std::int64_t>;

[[nodiscard]] Result<NodeTotals> nodeTotals(const document::Reader& reader, std::int64_t run,
                                            const CancelToken& cancel);

} // namespace jitscope::timeline
