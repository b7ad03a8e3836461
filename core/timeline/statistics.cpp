#include "core/timeline/statistics.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace jitscope::timeline {

namespace {

class Collector
{
public:
    Collector(const RunTimeline& timeline, GroupBy by, std::optional<TimeRange> range)
        : m_timeline(timeline)
    {
        m_statistics.by = by;
        m_statistics.range = range;
    }

    Statistics run()
    {
        const TrackKind kind =
            m_statistics.by == GroupBy::Module ? TrackKind::Modules : TrackKind::Nodes;
        for (const Track& track : m_timeline.tracks) {
            if (track.kind == kind)
                addTrack(track);
        }
        for (const Track& track : m_timeline.tracks) {
            if (track.kind == TrackKind::Gpu)
                addGpu(track);
        }
        return finish();
    }

private:
    struct Group
    {
        StatisticsRow row;
        std::vector<std::int64_t> durations;
    };

    [[nodiscard]] bool isIncluded(const Slice& slice) const
    {
        const std::optional<TimeRange>& range = m_statistics.range;
        if (!range)
            return slice.iteration >= 0;
        return slice.start < range->end &&
               (slice.end > range->start || slice.start >= range->start);
    }

    [[nodiscard]] std::int64_t inRange(std::int64_t start, std::int64_t end) const
    {
        if (m_statistics.range) {
            start = std::max(start, m_statistics.range->start);
            end = std::min(end, m_statistics.range->end);
        }
        return std::max<std::int64_t>(0, end - start);
    }

    [[nodiscard]] std::uint32_t keyOf(const Slice& slice) const
    {
        return m_statistics.by == GroupBy::Node ? slice.node : slice.label;
    }

    Group& groupOf(const Slice& slice)
    {
        const auto [entry, isNew] = m_groups.try_emplace(keyOf(slice));
        StatisticsRow& row = entry->second.row;
        if (isNew && m_statistics.by == GroupBy::Module) {
            row.modulePath = slice.label;
        } else if (isNew) {
            row.kind = slice.label;
            if (m_statistics.by == GroupBy::Node) {
                row.node = slice.node;
                const auto node = m_timeline.nodes.find(slice.node);
                row.modulePath = node == m_timeline.nodes.end() ? 0 : node->second.modulePath;
            }
        }
        return entry->second;
    }

    void addTrack(const Track& track)
    {
        for (std::size_t depth = 0; depth < track.lanes.size(); ++depth) {
            const std::span<const Slice> slices = track.lanes[depth].slices();
            const std::span<const Slice> inner = depth + 1 < track.lanes.size()
                                                     ? track.lanes[depth + 1].slices()
                                                     : std::span<const Slice>();
            addLane(slices, inner);
        }
    }

    // `inner` are the slices one level deeper, in the same order: those within a slice follow one
    // another.
    void addLane(std::span<const Slice> slices, std::span<const Slice> inner)
    {
        auto child = inner.begin();
        for (const Slice& slice : slices) {
            std::int64_t inside = 0;
            for (; child != inner.end() && child->start < slice.end; ++child) {
                if (child->start >= slice.start)
                    inside += inRange(child->start, std::min(child->end, slice.end));
            }
            if (!isIncluded(slice))
                continue;
            Group& group = groupOf(slice);
            const std::int64_t duration = inRange(slice.start, slice.end);
            group.durations.push_back(duration);
            group.row.total += duration;
            group.row.self += std::max<std::int64_t>(0, duration - inside);
        }
    }

    void addGpu(const Track& track)
    {
        for (const Lane& lane : track.lanes) {
            for (const Slice& slice : lane.slices()) {
                const auto node = m_timeline.nodes.find(slice.node);
                if (node == m_timeline.nodes.end() || !isGpuIncluded(slice))
                    continue;
                addGpu(slice.node, node->second, inRange(slice.start, slice.end));
            }
        }
    }

    // GPU records have no iteration: for the whole run those count that began in a recorded one or
    // after.
    [[nodiscard]] bool isGpuIncluded(const Slice& slice) const
    {
        if (m_statistics.range)
            return isIncluded(slice);
        const document::IterationRow* iteration = m_timeline.iterationAt(slice.start);
        return iteration == nullptr || iteration->number >= 0;
    }

    void addGpu(ir::NodeKey key, const RecordedNode& node, std::int64_t duration)
    {
        if (m_statistics.by != GroupBy::Module) {
            const auto group = m_groups.find(m_statistics.by == GroupBy::Node ? key : node.kind);
            if (group != m_groups.end())
                group->second.row.gpu += duration;
            return;
        }
        // The module and all around it.
        const std::string& path = m_timeline.labels[node.modulePath];
        for (auto& [label, group] : m_groups) {
            const std::string& outer = m_timeline.labels[label];
            if (path == outer || (path.size() > outer.size() && path.starts_with(outer) &&
                                  path[outer.size()] == '.'))
                group.row.gpu += duration;
        }
    }

    Statistics finish()
    {
        for (auto& [key, group] : m_groups) {
            StatisticsRow& row = group.row;
            std::vector<std::int64_t>& durations = group.durations;
            row.count = static_cast<std::int64_t>(durations.size());
            const auto [minimum, maximum] = std::minmax_element(durations.begin(), durations.end());
            row.minimum = *minimum;
            row.maximum = *maximum;
            // The upper of the two middle ones when there are two: a time that occurred.
            const auto middle =
                durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
            std::nth_element(durations.begin(), middle, durations.end());
            row.median = *middle;
            m_statistics.self += row.self;
            m_statistics.count += row.count;
            m_statistics.rows.push_back(row);
        }
        for (StatisticsRow& row : m_statistics.rows)
            row.share = m_statistics.self == 0 ? 0
                                               : static_cast<double>(row.self) /
                                                     static_cast<double>(m_statistics.self);
        std::sort(m_statistics.rows.begin(), m_statistics.rows.end(),
                  [](const StatisticsRow& a, const StatisticsRow& b) {
                      return std::tie(b.self, b.total, a.node, a.kind, a.modulePath) <
                             std::tie(a.self, a.total, b.node, b.kind, b.modulePath);
                  });
        return std::move(m_statistics);
    }

    const RunTimeline& m_timeline;
    Statistics m_statistics;
    std::unordered_map<std::uint32_t, Group> m_groups;
};

} // namespace

Statistics statisticsOf(const RunTimeline& timeline, GroupBy by, std::optional<TimeRange> range)
{
    return Collector(timeline, by, range).run();
}

} // namespace jitscope::timeline
