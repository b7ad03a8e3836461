#include "core/timeline/node_totals.h"

#include "core/document/node_chunk.h"

namespace jitscope::timeline {

Result<NodeTotals> nodeTotals(const document::Reader& reader, std::int64_t run,
                              const CancelToken& cancel)
{
    const auto summaries = reader.chunkSummaries(run);
    if (!summaries)
        return tl::unexpected(summaries.error());
    NodeTotals totals;
    for (const document::NodeChunkRow& summary : *summaries) {
        if (cancel.isCancelled())
            return cancelled();
        const auto chunk = reader.chunk(summary.id);
        if (!chunk)
            return tl::unexpected(chunk.error());
        if (chunk->unit < 1 || chunk->unit > (1 << 20))
            continue;
        for (const document::NodeSlice& slice : document::slicesOf(*chunk)) {
            if (slice.iteration >= 0)
                totals[slice.node] += slice.duration;
        }
    }
    return totals;
}

} // namespace jitscope::timeline
