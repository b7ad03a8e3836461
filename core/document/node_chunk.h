// Node slices as column chunks: built by the recorder, read by the timeline. The bytes are those of
// the table node_chunk (docs/document-format.md).
#pragma once

#include "core/document/rows.h"

#include <cstdint>
#include <vector>

namespace jitscope::document {

// One execution of one node. Nanoseconds of the steady clock.
struct NodeSlice
{
    std::int64_t start = 0;
    std::int64_t duration = 0;
    std::uint32_t node = 0; // NodeKey
    std::int32_t iteration = 0;
};

// Largest number of slices in a chunk: the view node_slice counts up to it.
inline constexpr std::uint32_t chunkCapacity = 4096;

// Collects the slices of one thread, in order of their end, until a chunk is full or its times no
// longer fit.
class NodeChunkBuilder
{
public:
    // False when the slice does not fit into this chunk any more: take() it first. Always true on
    // an empty chunk.
    bool add(const NodeSlice& slice);
    [[nodiscard]] bool empty() const { return m_slices.empty(); }
    [[nodiscard]] std::size_t size() const { return m_slices.size(); }
    // The chunk so far; the builder is empty after it. `id` of the row is left 0.
    [[nodiscard]] NodeChunkRow take(std::int64_t run, std::int64_t thread);

private:
    std::vector<NodeSlice> m_slices;
    std::int64_t m_t0 = 0;
    std::int64_t m_t1 = 0;
    std::int64_t m_longest = 0;
};

// Empty for a chunk whose blobs do not have the size that n says, or whose times are impossible.
[[nodiscard]] std::vector<NodeSlice> slicesOf(const NodeChunkRow& chunk);

} // namespace jitscope::document
