#include "views/timeline/occurrences_p.h"

#include <algorithm>
#include <unordered_set>

namespace jitscope::views {

using timeline::RunTimeline;
using timeline::Slice;
using timeline::Track;
using timeline::TrackKind;

Occurrences findOccurrences(const RunTimeline& timeline, const SelectedSlices& selected)
{
    Occurrences found;
    if (selected.isEmpty())
        return found;
    const std::unordered_set<ir::NodeKey> nodes(selected.nodes.begin(), selected.nodes.end());
    const auto matches = [&](const Track& track, const Slice& slice) {
        if (track.kind == TrackKind::Modules)
            return selected.module && timeline.label(slice) == *selected.module;
        return slice.node != 0 && nodes.contains(slice.node);
    };
    for (std::size_t track = 0; track < timeline.tracks.size(); ++track) {
        const std::vector<timeline::Lane>& lanes = timeline.tracks[track].lanes;
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            for (const Slice& slice : lanes[lane].slices()) {
                if (matches(timeline.tracks[track], slice))
                    found.push_back({slice.start, slice.end, static_cast<std::uint32_t>(track),
                                     static_cast<std::uint32_t>(lane)});
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Occurrence& a, const Occurrence& b) { return a.start < b.start; });
    return found;
}

} // namespace jitscope::views
