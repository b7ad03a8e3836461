// The tracks, to be moved, zoomed and clicked. Private to views/timeline.
#pragma once

#include "core/document/node_index.h"
#include "views/timeline/timeline_painter_p.h"

#include <QAbstractScrollArea>

class QHelpEvent;
class QNativeGestureEvent;

namespace jitscope::views {

class TimelineCanvas : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit TimelineCanvas(QWidget* parent = nullptr);

    // Null when there is nothing to show: then the message is. A grown recording of the same run
    // keeps the window, and goes on fitting it if all was shown.
    void setTimeline(std::shared_ptr<const timeline::RunTimeline> timeline,
                     std::shared_ptr<const document::NodeIndex> nodes);
    void setMessage(const QString& message);
    void setColour(SliceColour colour);
    void setOccurrences(std::shared_ptr<const Occurrences> occurrences);
    void setRange(std::optional<timeline::TimeRange> range);

    [[nodiscard]] const TimelinePicture& picture() const { return m_picture; }

    void zoomBy(double factor); // around the mouse, or the middle
    void zoomToFit();
    void zoomToSelection();
    // Moves so that the nearest occurrence before (-1) or after (1) the middle is in the middle; 0:
    // the nearest, if none is to be seen. False when there is none.
    bool stepToOccurrence(int direction);

Q_SIGNALS:
    void sliceClicked(const jitscope::timeline::Track& track,
                      const jitscope::timeline::Slice& slice);
    void emptyClicked();
    void rangeChanged(const std::optional<jitscope::timeline::TimeRange>& range);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    enum class Drag
    {
        None,
        Pressed, // not far enough yet to be one
        Pan,
        Range,
    };
    struct Hit
    {
        const timeline::Track* track;
        const timeline::Slice* slice;
    };

    void measure();
    void layOut();
    void updateScrollBars();
    void windowChanged();
    void fold(const TrackPlace& place);
    void showTip(const QHelpEvent& event);
    bool pinch(const QNativeGestureEvent& event);
    [[nodiscard]] std::optional<Hit> hitAt(QPointF position) const;
    [[nodiscard]] const TrackPlace* headerAt(QPointF position) const;
    [[nodiscard]] double windowX(QPointF position) const
    {
        return position.x() - m_picture.headerWidth;
    }
    [[nodiscard]] std::int64_t snappedTime(QPointF position, bool snaps) const;
    void setHovered(int track);

    TimelinePicture m_picture; // its timeline may be null
    std::shared_ptr<const document::NodeIndex> m_nodes;
    std::set<std::string> m_folded;
    QString m_message;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    QPointF m_last;
    std::int64_t m_rangeAnchor = 0;
    bool m_isFit = true; // all is shown, and shall be when it grows
    bool m_isUpdatingBars = false;
};

} // namespace jitscope::views
