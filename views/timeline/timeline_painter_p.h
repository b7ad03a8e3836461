// Paints the tracks of a recording. Private to views/timeline.
#pragma once

#include "views/timeline/occurrences_p.h"
#include "views/timeline/time_window_p.h"
#include "views/timeline/timeline_style_p.h"
#include "views/timeline/track_layout_p.h"

#include <QFont>
#include <QRect>

#include <memory>
#include <optional>

class QPainter;

namespace jitscope::views {

// What is painted. The tracks lie right of `headerWidth` and below `rulerHeight`.
struct TimelinePicture
{
    std::shared_ptr<const timeline::RunTimeline> timeline;
    TrackLayout layout;
    TimeWindow window;
    std::shared_ptr<const Occurrences> occurrences; // of the selection; of this timeline
    std::optional<timeline::TimeRange> range;       // that the user selected
    SliceColour colour = SliceColour::OperatorClass;
    int scroll = 0; // pixels that the tracks are moved up
    int headerWidth = 0;
    int rulerHeight = 0;
    int hovered = -1; // the track whose header the mouse is on
};

class TimelinePainter
{
public:
    TimelinePainter(QPainter& painter, const TimelinePicture& picture, const TimelineStyle& style,
                    QSize size);
    void paint();

private:
    void paintTracks();
    void paintTrack(const TrackPlace& place);
    void paintLane(const timeline::Track& track, const timeline::Lane& lane, int y);
    void paintUnread(const timeline::Track& track, int y);
    void paintLabel(const timeline::Track& track, const timeline::Slice& slice, QRectF box,
                    const QColor& fill);
    void paintIterationLines();
    void paintOccurrences();
    void paintHeaders();
    void paintHeader(const TrackPlace& place);
    void paintRuler();
    void paintRange();
    [[nodiscard]] QColor colourOf(const timeline::Track& track, const timeline::Slice& slice);
    [[nodiscard]] double xOf(std::int64_t time) const
    {
        return m_picture.headerWidth + m_picture.window.xOf(time);
    }
    [[nodiscard]] QRect tracksRect() const;

    QPainter& m_painter;
    const TimelinePicture& m_picture;
    const timeline::RunTimeline& m_timeline;
    const TimelineStyle& m_style;
    QSize m_size;
    QFont m_font;
    std::vector<timeline::Box> m_boxes;
    std::vector<QColor> m_colours; // by label; invalid while unknown
    bool m_isDimmed = false;       // something is selected: the rest steps back
};

} // namespace jitscope::views
