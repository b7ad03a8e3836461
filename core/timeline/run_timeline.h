// What was recorded of one run, as tracks: what the timeline draws and the statistics are made
// from. Immutable once built; any thread may read it.
#pragma once

#include "core/document/rows.h"
#include "core/timeline/lane.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::timeline {

enum class TrackKind : std::uint8_t
{
    Iterations, // one lane; labels "iteration 0", "warm-up 1"
    Modules,    // of one thread; a lane for each depth of the module path; labels are the paths
    Nodes,      // of one thread; a lane for each depth of nesting; labels are the nodes' kinds
    Runtime,    // calls of the CUDA runtime and driver by one thread
    Gpu,        // kernels, copies and sets of one stream
};

// A part of a track that is in the document but not read: what its chunk says of itself.
struct Unread
{
    TimeRange range;
    std::int64_t longest = 0; // nanoseconds
    std::int64_t count = 0;
};

struct Track
{
    TrackKind kind = TrackKind::Nodes;
    std::string title;       // "Thread 0", "GPU 0, stream 7"
    std::int64_t thread = 0; // Modules, Nodes: the recorder's number; Runtime: Nsight's globalTid
    std::int64_t device = 0; // Gpu
    std::int64_t stream = 0; // Gpu
    std::vector<Lane> lanes;
    std::vector<Unread> unread; // in order of start; only for Nodes
};

// What the labels of a recorded node are.
struct RecordedNode
{
    std::uint32_t kind = 0;
    std::uint32_t modulePath = 0; // 0, the empty label, for the root
};

struct RunTimeline
{
    document::RunRow run;
    std::vector<document::IterationRow> iterations; // in order of start
    std::vector<std::string> labels;                // 0 is the empty string
    std::unordered_map<ir::NodeKey, RecordedNode> nodes;
    std::vector<Track> tracks; // from top to bottom
    TimeRange range;           // of everything; empty when there is nothing
    std::size_t sliceCount = 0;
    std::size_t unreadCount = 0;       // slices in chunks that are not read
    bool isComplete = false;           // all that is to be read was read
    std::vector<std::string> problems; // what could not be shown and why, a sentence each

    [[nodiscard]] bool isEmpty() const { return tracks.empty(); }
    [[nodiscard]] const std::string& label(const Slice& slice) const { return labels[slice.label]; }
    // The iteration in which a time lies, or null.
    [[nodiscard]] const document::IterationRow* iterationAt(std::int64_t time) const;
};

} // namespace jitscope::timeline
