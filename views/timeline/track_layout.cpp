#include "views/timeline/track_layout_p.h"

#include <algorithm>

namespace jitscope::views {

void TrackLayout::build(const timeline::RunTimeline& timeline, const std::set<std::string>& folded,
                        int laneHeight)
{
    clear();
    m_laneHeight = laneHeight;
    for (std::size_t i = 0; i < timeline.tracks.size(); ++i) {
        const timeline::Track& track = timeline.tracks[i];
        TrackPlace place;
        place.track = i;
        place.top = m_height;
        place.canFold = track.lanes.size() > 1;
        place.isFolded = place.canFold && folded.contains(track.title);
        place.lanes = place.isFolded ? 1 : std::max<std::size_t>(1, track.lanes.size());
        place.height = 2 * padding + static_cast<int>(place.lanes) * laneHeight;
        m_height += place.height;
        m_places.push_back(place);
    }
}

void TrackLayout::clear()
{
    m_places.clear();
    m_height = 0;
}

const TrackPlace* TrackLayout::placeAt(int y) const
{
    const auto below =
        std::upper_bound(m_places.begin(), m_places.end(), y,
                         [](int value, const TrackPlace& place) { return value < place.top; });
    if (below == m_places.begin() || y >= (below - 1)->top + (below - 1)->height)
        return nullptr;
    return &*(below - 1);
}

std::size_t TrackLayout::laneAt(const TrackPlace& place, int y) const
{
    const int lane = (y - place.top - padding) / m_laneHeight;
    return static_cast<std::size_t>(std::clamp(lane, 0, static_cast<int>(place.lanes) - 1));
}

} // namespace jitscope::views
