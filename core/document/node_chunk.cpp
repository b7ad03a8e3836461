#include "core/document/node_chunk.h"

#include <algorithm>
#include <limits>
#include <span>

namespace jitscope::document {

namespace {

constexpr std::int64_t maximumSteps = std::numeric_limits<std::uint32_t>::max();

void append(std::vector<std::byte>& column, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        column.push_back(static_cast<std::byte>(value >> shift));
}

std::uint32_t numberAt(std::span<const std::byte> column, std::size_t index)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<std::uint32_t>(column[index * 4 + i]);
    return value;
}

} // namespace

bool NodeChunkBuilder::add(const NodeSlice& slice)
{
    const std::int64_t end = slice.start + slice.duration;
    if (!m_slices.empty()) {
        const std::int64_t t0 = std::min(m_t0, slice.start);
        const std::int64_t t1 = std::max(m_t1, end);
        if (m_slices.size() == chunkCapacity || t1 - t0 > maximumSteps)
            return false;
        m_t0 = t0;
        m_t1 = t1;
    } else {
        m_slices.reserve(chunkCapacity);
        m_t0 = slice.start;
        m_t1 = end;
        m_longest = 0;
    }
    m_longest = std::max(m_longest, slice.duration);
    m_slices.push_back(slice);
    return true;
}

NodeChunkRow NodeChunkBuilder::take(std::int64_t run, std::int64_t thread)
{
    NodeChunkRow row;
    row.run = run;
    row.thread = thread;
    row.t0 = m_t0;
    row.t1 = m_t1;
    row.longest = m_longest;
    row.n = static_cast<std::int64_t>(m_slices.size());
    // Only a slice of more than 4.29 seconds, which then stands alone, needs a coarser unit.
    row.unit = 1;
    while ((m_t1 - m_t0) / row.unit > maximumSteps)
        row.unit *= 2;
    for (std::vector<std::byte>* column : {&row.start, &row.duration, &row.node, &row.iteration})
        column->reserve(m_slices.size() * 4);
    for (const NodeSlice& slice : m_slices) {
        append(row.start, static_cast<std::uint32_t>((slice.start - m_t0) / row.unit));
        append(row.duration, static_cast<std::uint32_t>(slice.duration / row.unit));
        append(row.node, slice.node);
        append(row.iteration, static_cast<std::uint32_t>(slice.iteration));
    }
    m_slices.clear();
    return row;
}

std::vector<NodeSlice> slicesOf(const NodeChunkRow& chunk)
{
    const auto n = static_cast<std::size_t>(std::max<std::int64_t>(chunk.n, 0));
    if (n > chunkCapacity || chunk.start.size() != n * 4 || chunk.duration.size() != n * 4 ||
        chunk.node.size() != n * 4 || chunk.iteration.size() != n * 4)
        return {};
    // Beyond these no sum below could be trusted; no clock and no builder comes near them.
    constexpr std::int64_t farthest = std::int64_t{1} << 61;
    if (chunk.t0 < -farthest || chunk.t0 > farthest || chunk.unit < 1 ||
        chunk.unit > farthest / maximumSteps)
        return {};
    std::vector<NodeSlice> slices(n);
    for (std::size_t i = 0; i < n; ++i) {
        slices[i].start = chunk.t0 + numberAt(chunk.start, i) * chunk.unit;
        slices[i].duration = numberAt(chunk.duration, i) * chunk.unit;
        slices[i].node = numberAt(chunk.node, i);
        slices[i].iteration = static_cast<std::int32_t>(numberAt(chunk.iteration, i));
    }
    return slices;
}

} // namespace jitscope::document
