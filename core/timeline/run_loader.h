// Reads a run into a RunTimeline, a part at a time: the first picture of a large recording is there
// after a few chunks, the rest follows; a run that is still recording is read on from where the
// last read ended. Belongs to one thread, that of its reader.
#pragma once

#include "core/document/node_index.h"
#include "core/document/reader.h"
#include "core/support/job.h"
#include "core/timeline/run_timeline.h"

#include <memory>

namespace jitscope::timeline {

class RunLoader
{
public:
    // Slices beyond this many stay unread and show as summaries: 32 bytes of memory each, twice
    // that while reading.
    static constexpr std::size_t largestSliceCount = 8'000'000;

    // `reader` must outlive it.
    RunLoader(const document::Reader& reader, std::int64_t run);
    ~RunLoader();
    RunLoader(const RunLoader&) = delete;
    RunLoader& operator=(const RunLoader&) = delete;

    // Reads up to `chunks` chunks that are new, and what else is new of the run. Call again until
    // isComplete. Fails when there is no such run or the document cannot be read; a damaged chunk
    // becomes one of the problems.
    [[nodiscard]] Result<std::shared_ptr<const RunTimeline>>
    read(const document::NodeIndex& nodes, std::size_t chunks, const CancelToken& cancel);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::timeline
