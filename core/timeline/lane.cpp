#include "core/timeline/lane.h"

#include <algorithm>
#include <cmath>

namespace jitscope::timeline {

namespace {

// Slices of one group of a level. 16 keeps the levels at a twentieth of the slices' memory, and a
// range costs at most 30 steps a level.
constexpr std::size_t fanOut = 16;

} // namespace

Lane::Lane(std::vector<Slice> slices) : m_slices(std::move(slices))
{
    m_slices.shrink_to_fit();
    std::size_t below = m_slices.size();
    while (below > fanOut) {
        const bool overSlices = m_levels.empty();
        std::vector<Summary> level((below + fanOut - 1) / fanOut);
        for (std::size_t i = 0; i < below; ++i) {
            const Summary part = overSlices ? summaryOf(i) : m_levels.back()[i];
            Summary& group = level[i / fanOut];
            if (i % fanOut == 0 ||
                m_slices[part.longest].duration() > m_slices[group.longest].duration())
                group.longest = part.longest;
            group.busy += part.busy;
        }
        below = level.size();
        m_levels.push_back(std::move(level));
    }
}

Lane::Summary Lane::summaryOf(std::size_t index) const
{
    return {m_slices[index].duration(), static_cast<std::uint32_t>(index)};
}

void Lane::take(Box& box, const Summary& summary) const
{
    box.busy += summary.busy;
    if (m_slices[summary.longest].duration() > m_slices[box.longest].duration())
        box.longest = summary.longest;
}

// Adds the slices [first, last) to the box: whole groups where they fit, single ones at the edges.
void Lane::extend(Box& box, std::size_t first, std::size_t last) const
{
    for (std::size_t level = 0; first < last; ++level) {
        const auto part = [&](std::size_t i) {
            return level == 0 ? summaryOf(i) : m_levels[level - 1][i];
        };
        const bool hasAbove = level < m_levels.size();
        while (first < last && (!hasAbove || first % fanOut != 0))
            take(box, part(first++));
        while (first < last && last % fanOut != 0)
            take(box, part(--last));
        first /= fanOut;
        last /= fanOut;
    }
}

void Lane::boxes(TimeRange range, double resolution, std::vector<Box>& boxes) const
{
    const auto endsBefore = [](const Slice& slice, std::int64_t time) { return slice.end < time; };
    const auto startsBefore = [](const Slice& slice, std::int64_t time) {
        return slice.start < time;
    };
    const auto begin = m_slices.begin();
    auto slice = std::lower_bound(begin, m_slices.end(), range.start, endsBefore);
    while (slice != m_slices.end() && slice->start < range.end) {
        const auto first = static_cast<std::size_t>(slice - begin);
        Box box{slice->start, slice->end, slice->duration(), first, 1, first};
        if (static_cast<double>(slice->duration()) >= resolution) {
            boxes.push_back(box);
            ++slice;
            continue;
        }
        const double pixel =
            std::floor(static_cast<double>(slice->start - range.start) / resolution) + 1;
        const std::int64_t pixelEnd =
            std::max(slice->start + 1,
                     range.start + static_cast<std::int64_t>(std::ceil(pixel * resolution)));
        auto next = std::lower_bound(slice + 1, m_slices.end(), pixelEnd, startsBefore);
        // Only the last slice that begins in a pixel can reach far beyond it: it stands alone.
        if (next - slice > 1 && static_cast<double>((next - 1)->duration()) >= resolution)
            --next;
        const auto last = static_cast<std::size_t>(next - begin);
        box.count = last - first;
        box.end = std::max(box.end, m_slices[last - 1].end);
        extend(box, first + 1, last);
        boxes.push_back(box);
        slice = next;
    }
}

std::optional<std::size_t> Lane::at(std::int64_t time, std::int64_t tolerance) const
{
    const auto after = std::upper_bound(
        m_slices.begin(), m_slices.end(), time,
        [](std::int64_t value, const Slice& slice) { return value < slice.start; });
    std::optional<std::size_t> nearest;
    std::int64_t distance = tolerance;
    if (after != m_slices.begin()) {
        const auto before = after - 1;
        const std::int64_t gap = std::max<std::int64_t>(0, time - before->end);
        if (gap <= distance) {
            nearest = static_cast<std::size_t>(before - m_slices.begin());
            distance = gap;
        }
    }
    if (after != m_slices.end() && after->start - time <= tolerance &&
        (!nearest || after->start - time < distance))
        nearest = static_cast<std::size_t>(after - m_slices.begin());
    return nearest;
}

} // namespace jitscope::timeline
