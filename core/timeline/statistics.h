// Where the time of a run went: by node, kind or module, for the whole run or a part of it.
#pragma once

#include "core/timeline/run_timeline.h"

#include <optional>

namespace jitscope::timeline {

enum class GroupBy
{
    Node,
    Kind,
    Module,
};

// All times in nanoseconds. A slice that reaches out of the time range counts with what lies in it.
struct StatisticsRow
{
    ir::NodeKey node = 0;         // GroupBy::Node; 0 otherwise
    std::uint32_t kind = 0;       // label; 0 for a module
    std::uint32_t modulePath = 0; // label; 0 for a kind, and for nodes of the root
    std::int64_t count = 0;       // executions
    std::int64_t total = 0;
    std::int64_t self = 0; // without the nodes of its blocks, or without inner modules
    std::int64_t median = 0;
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    std::int64_t gpu = 0; // of the kernels, copies and sets that it started
    double share = 0;     // of the self time of all rows, 0 to 1
};

struct Statistics
{
    GroupBy by = GroupBy::Node;
    std::optional<TimeRange> range;  // none for the whole run, which leaves warm-ups out
    std::vector<StatisticsRow> rows; // longest self time first
    std::int64_t self = 0;           // of all rows
    std::int64_t count = 0;          // of all rows
};

[[nodiscard]] Statistics statisticsOf(const RunTimeline& timeline, GroupBy by,
                                      std::optional<TimeRange> range = {});

} // namespace jitscope::timeline
