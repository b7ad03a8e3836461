#include "core/timeline/run_times.h"

#include "core/timeline/statistics.h"

#include <algorithm>

namespace jitscope::timeline {

namespace {

TimeSpent spent(const StatisticsRow& row)
{
    return {row.count, row.total, row.self, row.gpu};
}

} // namespace

RunTimes::RunTimes(const RunTimeline& timeline) : m_run(timeline.run)
{
    const Statistics nodes = statisticsOf(timeline, GroupBy::Node);
    m_all = nodes.self;
    for (const StatisticsRow& row : nodes.rows)
        m_nodes.emplace(row.node, spent(row));
    const Statistics modules = statisticsOf(timeline, GroupBy::Module);
    for (const StatisticsRow& row : modules.rows)
        m_modules.emplace(timeline.labels[row.modulePath], spent(row));
    addRoot(timeline, nodes);
}

// The root is called once in each iteration; the tracks show what is in it.
void RunTimes::addRoot(const RunTimeline& timeline, const Statistics& nodes)
{
    TimeSpent root;
    for (const document::IterationRow& iteration : timeline.iterations) {
        if (iteration.number < 0)
            continue;
        root.count += 1;
        root.total += iteration.end - iteration.start;
    }
    if (root.count == 0 && nodes.count > 0) { // a run that was cut off has no iterations
        root.count = 1;
        root.total = m_all;
    }
    root.self = root.total;
    for (const auto& [path, module] : m_modules) {
        if (path.find('.') == std::string::npos)
            root.self -= module.total;
    }
    root.self = std::max<std::int64_t>(0, root.self);
    for (const StatisticsRow& row : nodes.rows)
        root.gpu += row.gpu;
    m_modules[std::string()] = root;
}

TimeSpent RunTimes::ofNodes(const std::set<ir::NodeKey>& nodes) const
{
    TimeSpent sum;
    for (const ir::NodeKey key : nodes) {
        const auto found = m_nodes.find(key);
        if (found == m_nodes.end())
            continue;
        sum.count += found->second.count;
        sum.total += found->second.total;
        sum.self += found->second.self;
        sum.gpu += found->second.gpu;
    }
    return sum;
}

TimeSpent RunTimes::ofModule(const std::string& path) const
{
    const auto found = m_modules.find(path);
    return found == m_modules.end() ? TimeSpent() : found->second;
}

} // namespace jitscope::timeline
