// Where each track and lane is, from top to bottom, in pixels below the ruler and before scrolling.
// Private to views/timeline.
#pragma once

#include "core/timeline/run_timeline.h"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace jitscope::views {

struct TrackPlace
{
    std::size_t track = 0; // in RunTimeline::tracks
    int top = 0;
    int height = 0;        // with its padding
    std::size_t lanes = 0; // that are shown: one when folded
    bool isFolded = false;
    bool canFold = false;
};

class TrackLayout
{
public:
    static constexpr int padding = 4; // above and below the lanes of a track

    // `folded` has the titles of the tracks that show one lane only.
    void build(const timeline::RunTimeline& timeline, const std::set<std::string>& folded,
               int laneHeight);
    void clear();

    [[nodiscard]] const std::vector<TrackPlace>& places() const { return m_places; }
    [[nodiscard]] int height() const { return m_height; }
    [[nodiscard]] int laneHeight() const { return m_laneHeight; }
    [[nodiscard]] int laneTop(const TrackPlace& place, std::size_t lane) const
    {
        return place.top + padding + static_cast<int>(lane) * m_laneHeight;
    }
    [[nodiscard]] const TrackPlace* placeAt(int y) const; // null below the last track
    // The shown lane of a track at a height, clipped to the first and the last.
    [[nodiscard]] std::size_t laneAt(const TrackPlace& place, int y) const;

private:
    std::vector<TrackPlace> m_places; // by track
    int m_height = 0;
    int m_laneHeight = 20;
};

} // namespace jitscope::views
