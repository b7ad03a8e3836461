// Where the time of a run went, for single nodes and modules: what is asked for whatever is
// selected. Immutable once built; any thread may read it.
#pragma once

#include "core/timeline/run_timeline.h"
#include "core/timeline/statistics.h"

#include <set>
#include <string>
#include <unordered_map>

namespace jitscope::timeline {

// Over the recorded iterations, without warm-ups. Times in nanoseconds.
struct TimeSpent
{
    std::int64_t count = 0; // executions
    std::int64_t total = 0;
    std::int64_t self = 0; // without the nodes of its blocks, or without inner modules
    std::int64_t gpu = 0;  // of the kernels, copies and sets that it started
};

class RunTimes
{
public:
    // Goes through all slices: not for the UI thread.
    explicit RunTimes(const RunTimeline& timeline);

    [[nodiscard]] const document::RunRow& run() const { return m_run; }
    // Of all nodes together: what shares of nodes are shares of. A module's is one of the root's.
    [[nodiscard]] std::int64_t all() const { return m_all; }
    // The sum for several nodes; all zero when none of them was executed.
    [[nodiscard]] TimeSpent ofNodes(const std::set<ir::NodeKey>& nodes) const;
    [[nodiscard]] bool wasExecuted(ir::NodeKey node) const { return m_nodes.contains(node); }
    // Of a module instance; empty for the root.
    [[nodiscard]] TimeSpent ofModule(const std::string& path) const;

private:
    void addRoot(const RunTimeline& timeline, const Statistics& nodes);

    document::RunRow m_run;
    std::int64_t m_all = 0;
    std::unordered_map<ir::NodeKey, TimeSpent> m_nodes;
    std::unordered_map<std::string, TimeSpent> m_modules;
};

} // namespace jitscope::timeline
