#include "views/timeline/timeline_canvas_p.h"

#include "views/timeline/slice_text_p.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

using timeline::Lane;
using timeline::Slice;
using timeline::TimeRange;
using timeline::Track;

namespace {

constexpr int headerCharacters = 24;    // width of the column of track titles
constexpr double keyZoom = 1.5;         // of one press of W or S
constexpr double wheelStep = 120;       // Qt's units of one notch of a wheel
constexpr double wheelZoom = 1.25;      // of one notch
constexpr double keyPan = 0.15;         // of the width, of one press of A or D
constexpr double snapDistance = 6;      // pixels
constexpr double clickTolerance = 2;    // pixels beside a narrow slice that still hit it
constexpr double selectionRoom = 4;     // widths of a slice that are shown around it when zoomed to
constexpr int scrollBarSteps = 100'000; // time is finer than the scroll bar's numbers

} // namespace

TimelineCanvas::TimelineCanvas(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("timelineCanvas"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Timeline"));
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    measure();
}

void TimelineCanvas::measure()
{
    const QFontMetrics metrics(font());
    m_picture.headerWidth = metrics.averageCharWidth() * headerCharacters + 24;
    m_picture.rulerHeight = metrics.height() + 12;
}

void TimelineCanvas::setTimeline(std::shared_ptr<const timeline::RunTimeline> timeline,
                                 std::shared_ptr<const document::NodeIndex> nodes)
{
    const bool isSameRun = timeline && m_picture.timeline &&
                           timeline->run.id == m_picture.timeline->run.id &&
                           timeline->run.started_at == m_picture.timeline->run.started_at;
    m_picture.timeline = std::move(timeline);
    m_picture.occurrences.reset(); // those of the timeline before
    m_nodes = std::move(nodes);
    if (!isSameRun) {
        m_isFit = true;
        m_picture.range.reset();
    }
    layOut();
    if (m_picture.timeline) {
        m_picture.window.setBounds(m_picture.timeline->range);
        if (m_isFit)
            m_picture.window.fit();
        else
            m_picture.window.setWidth(m_picture.window.width());
    }
    updateScrollBars();
    viewport()->update();
}

void TimelineCanvas::setMessage(const QString& message)
{
    m_message = message;
    viewport()->update();
}

void TimelineCanvas::setColour(SliceColour colour)
{
    m_picture.colour = colour;
    viewport()->update();
}

void TimelineCanvas::setOccurrences(std::shared_ptr<const Occurrences> occurrences)
{
    m_picture.occurrences = std::move(occurrences);
    viewport()->update();
}

void TimelineCanvas::setRange(std::optional<TimeRange> range)
{
    if (range == m_picture.range)
        return;
    m_picture.range = range;
    viewport()->update();
    Q_EMIT rangeChanged(range);
}

void TimelineCanvas::layOut()
{
    if (m_picture.timeline)
        m_picture.layout.build(*m_picture.timeline, m_folded, QFontMetrics(font()).height() + 4);
    else
        m_picture.layout.clear();
}

void TimelineCanvas::updateScrollBars()
{
    m_isUpdatingBars = true;
    const int page = std::max(1, viewport()->height() - m_picture.rulerHeight);
    verticalScrollBar()->setRange(0, std::max(0, m_picture.layout.height() - page));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(m_picture.layout.laneHeight());
    const double share = m_picture.timeline ? m_picture.window.share() : 1;
    const int shown = static_cast<int>(share * scrollBarSteps);
    // Nothing to scroll within half a pixel of all.
    horizontalScrollBar()->setRange(0, share > 0.9995 ? 0 : scrollBarSteps - shown);
    horizontalScrollBar()->setPageStep(std::max(1, shown));
    horizontalScrollBar()->setSingleStep(std::max(1, shown / 20));
    if (m_picture.timeline)
        horizontalScrollBar()->setValue(
            static_cast<int>(m_picture.window.position() * scrollBarSteps));
    m_picture.scroll = verticalScrollBar()->value();
    m_isUpdatingBars = false;
}

void TimelineCanvas::windowChanged()
{
    m_isFit = m_picture.window.share() > 0.9995;
    updateScrollBars();
    viewport()->update();
}

void TimelineCanvas::zoomBy(double factor)
{
    if (!m_picture.timeline)
        return;
    const QPointF mouse = viewport()->mapFromGlobal(QCursor::pos());
    const bool isInside = viewport()->underMouse() && windowX(mouse) >= 0;
    m_picture.window.zoom(factor, isInside ? windowX(mouse) : m_picture.window.width() / 2.0);
    windowChanged();
}

void TimelineCanvas::zoomToFit()
{
    m_picture.window.fit();
    windowChanged();
}

void TimelineCanvas::zoomToSelection()
{
    if (m_picture.range) {
        m_picture.window.show(*m_picture.range);
        windowChanged();
        return;
    }
    if (!m_picture.occurrences || m_picture.occurrences->empty())
        return;
    const std::int64_t middle = m_picture.window.timeAt(m_picture.window.width() / 2.0);
    const auto distance = [middle](const Occurrence& occurrence) {
        return std::abs((occurrence.start + occurrence.end) / 2 - middle);
    };
    const Occurrence& nearest =
        *std::min_element(m_picture.occurrences->begin(), m_picture.occurrences->end(),
                          [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    const auto room = static_cast<std::int64_t>(static_cast<double>(nearest.end - nearest.start) *
                                                selectionRoom / 2);
    m_picture.window.show({nearest.start - room, nearest.end + room});
    windowChanged();
    stepToOccurrence(0);
}

bool TimelineCanvas::stepToOccurrence(int direction)
{
    if (!m_picture.occurrences || m_picture.occurrences->empty() || !m_picture.timeline)
        return false;
    const Occurrences& all = *m_picture.occurrences;
    const TimeRange shown = m_picture.window.range();
    const std::int64_t middle = m_picture.window.timeAt(m_picture.window.width() / 2.0);
    const auto middleOf = [](const Occurrence& occurrence) {
        return occurrence.start + (occurrence.end - occurrence.start) / 2;
    };
    // Half a pixel: the one in the middle is where we are.
    const auto slack = static_cast<std::int64_t>(std::ceil(m_picture.window.resolution() / 2));
    const Occurrence* best = nullptr;
    for (const Occurrence& occurrence : all) {
        const std::int64_t offset = middleOf(occurrence) - middle;
        if (direction == 0 && occurrence.start < shown.end && occurrence.end > shown.start)
            best = best != nullptr && std::abs(middleOf(*best) - middle) <= std::abs(offset)
                       ? best
                       : &occurrence;
        const bool isOnSide = direction == 0 || (direction < 0 ? offset < -slack : offset > slack);
        if (isOnSide && (best == nullptr || std::abs(offset) < std::abs(middleOf(*best) - middle)))
            best = &occurrence;
    }
    if (best == nullptr)
        return false;
    if (direction != 0 || best->end < shown.start || best->start > shown.end)
        m_picture.window.centre(middleOf(*best));
    windowChanged();
    const TrackPlace& place = m_picture.layout.places()[best->track];
    const std::size_t lane = std::min<std::size_t>(best->lane, place.lanes - 1);
    const int top = m_picture.layout.laneTop(place, lane);
    const int page = viewport()->height() - m_picture.rulerHeight;
    if (top < m_picture.scroll)
        verticalScrollBar()->setValue(top - TrackLayout::padding);
    else if (top + m_picture.layout.laneHeight() > m_picture.scroll + page)
        verticalScrollBar()->setValue(top + m_picture.layout.laneHeight() + TrackLayout::padding -
                                      page);
    return true;
}

const TrackPlace* TimelineCanvas::headerAt(QPointF position) const
{
    if (position.x() >= m_picture.headerWidth || position.y() < m_picture.rulerHeight)
        return nullptr;
    return m_picture.layout.placeAt(static_cast<int>(position.y()) - m_picture.rulerHeight +
                                    m_picture.scroll);
}

std::optional<TimelineCanvas::Hit> TimelineCanvas::hitAt(QPointF position) const
{
    if (!m_picture.timeline || windowX(position) < 0 || position.y() < m_picture.rulerHeight)
        return {};
    const int y = static_cast<int>(position.y()) - m_picture.rulerHeight + m_picture.scroll;
    const TrackPlace* place = m_picture.layout.placeAt(y);
    if (place == nullptr)
        return {};
    const Track& track = m_picture.timeline->tracks[place->track];
    const std::size_t index = m_picture.layout.laneAt(*place, y);
    if (index >= track.lanes.size())
        return {};
    const Lane& lane = track.lanes[index];
    // Of all slices in a pixel the longest is the one that is seen.
    std::vector<timeline::Box> boxes;
    const double tolerance = clickTolerance * m_picture.window.resolution();
    const std::int64_t time = m_picture.window.timeAt(windowX(position));
    const auto slack = static_cast<std::int64_t>(std::ceil(tolerance));
    if (const auto exact = lane.at(time, 0);
        exact && static_cast<double>(lane.slices()[*exact].duration()) > tolerance)
        return Hit{&track, &lane.slices()[*exact]};
    lane.boxes({time - slack, time + slack + 1}, m_picture.window.resolution(), boxes);
    const Slice* longest = nullptr;
    for (const timeline::Box& box : boxes) {
        const Slice& slice = lane.slices()[box.longest];
        if (longest == nullptr || slice.duration() > longest->duration())
            longest = &slice;
    }
    if (longest == nullptr)
        return {};
    return Hit{&track, longest};
}

// The time under the mouse, or the edge of a slice of the lane under it that is only a few pixels
// away.
std::int64_t TimelineCanvas::snappedTime(QPointF position, bool snaps) const
{
    const TimeRange bounds = m_picture.window.bounds();
    const std::int64_t time =
        std::clamp(m_picture.window.timeAt(windowX(position)), bounds.start, bounds.end);
    const int y = static_cast<int>(position.y()) - m_picture.rulerHeight + m_picture.scroll;
    // On the ruler the first track, that of the iterations, gives the edges.
    const TrackPlace* place =
        position.y() < m_picture.rulerHeight && !m_picture.layout.places().empty()
            ? &m_picture.layout.places().front()
            : m_picture.layout.placeAt(y);
    if (!snaps || place == nullptr)
        return time;
    const Track& track = m_picture.timeline->tracks[place->track];
    const std::size_t index = m_picture.layout.laneAt(*place, y);
    if (index >= track.lanes.size())
        return time;
    const auto reach =
        static_cast<std::int64_t>(std::ceil(snapDistance * m_picture.window.resolution()));
    const std::optional<std::size_t> at = track.lanes[index].at(time, reach);
    if (!at)
        return time;
    const Slice& slice = track.lanes[index].slices()[*at];
    const std::int64_t edge =
        std::abs(slice.start - time) <= std::abs(slice.end - time) ? slice.start : slice.end;
    return std::abs(edge - time) <= reach ? edge : time;
}

void TimelineCanvas::fold(const TrackPlace& place)
{
    const std::string& title = m_picture.timeline->tracks[place.track].title;
    if (m_folded.erase(title) == 0)
        m_folded.insert(title);
    layOut();
    updateScrollBars();
    viewport()->update();
}

void TimelineCanvas::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    const TimelineStyle style(palette());
    if (m_picture.timeline && !m_picture.timeline->isEmpty()) {
        TimelinePainter(painter, m_picture, style, viewport()->size()).paint();
        return;
    }
    painter.fillRect(viewport()->rect(), style.background);
    painter.setPen(style.dimText);
    painter.drawText(viewport()->rect().adjusted(24, 12, -24, -12),
                     Qt::AlignCenter | Qt::TextWordWrap, m_message);
}

void TimelineCanvas::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    m_picture.window.setWidth(viewport()->width() - m_picture.headerWidth);
    if (m_isFit)
        m_picture.window.fit();
    updateScrollBars();
}

void TimelineCanvas::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    if (m_isUpdatingBars)
        return;
    m_picture.scroll = verticalScrollBar()->value();
    if (horizontalScrollBar()->maximum() > 0)
        m_picture.window.setPosition(static_cast<double>(horizontalScrollBar()->value()) /
                                     scrollBarSteps);
    viewport()->update();
}

void TimelineCanvas::mousePressEvent(QMouseEvent* event)
{
    if (!m_picture.timeline ||
        (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton))
        return;
    m_pressed = m_last = event->position();
    if (const TrackPlace* place = headerAt(event->position())) {
        if (place->canFold && event->button() == Qt::LeftButton)
            fold(*place);
        return;
    }
    if (windowX(event->position()) < 0)
        return;
    const bool selectsRange =
        event->button() == Qt::LeftButton && (event->modifiers().testFlag(Qt::ShiftModifier) ||
                                              event->position().y() < m_picture.rulerHeight);
    m_drag = selectsRange ? Drag::Range : Drag::Pressed;
    if (selectsRange)
        m_rangeAnchor =
            snappedTime(event->position(), !event->modifiers().testFlag(Qt::AltModifier));
}

void TimelineCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF position = event->position();
    const TrackPlace* header = m_drag == Drag::None ? headerAt(position) : nullptr;
    setHovered(header != nullptr && header->canFold ? static_cast<int>(header->track) : -1);
    const bool isFar =
        (position - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (m_drag == Drag::Pressed && isFar) {
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::Pan) {
        m_picture.window.pan(m_last.x() - position.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() +
                                      static_cast<int>(m_last.y() - position.y()));
        windowChanged();
    } else if (m_drag == Drag::Range && (isFar || m_picture.range)) {
        const std::int64_t time =
            snappedTime(position, !event->modifiers().testFlag(Qt::AltModifier));
        if (time != m_rangeAnchor)
            setRange(TimeRange{std::min(time, m_rangeAnchor), std::max(time, m_rangeAnchor)});
    }
    m_last = position;
}

void TimelineCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    viewport()->unsetCursor();
    const bool isClick =
        (event->position() - m_pressed).manhattanLength() < QApplication::startDragDistance();
    if (drag == Drag::Range && isClick)
        setRange({});
    if (drag != Drag::Pressed || event->button() != Qt::LeftButton)
        return;
    if (const std::optional<Hit> hit = hitAt(event->position()))
        Q_EMIT sliceClicked(*hit->track, *hit->slice);
    else
        Q_EMIT emptyClicked();
}

void TimelineCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    const std::optional<Hit> hit = hitAt(event->position());
    if (!hit)
        return mousePressEvent(event);
    m_picture.window.show({hit->slice->start, hit->slice->end});
    windowChanged();
}

void TimelineCanvas::wheelEvent(QWheelEvent* event)
{
    if (!m_picture.timeline)
        return;
    const QPointF angle = event->angleDelta();
    const bool isOverHeaders = event->position().x() < m_picture.headerWidth;
    if (std::abs(angle.x()) > std::abs(angle.y()) || event->modifiers() & Qt::ShiftModifier) {
        const double delta = std::abs(angle.x()) > std::abs(angle.y()) ? angle.x() : angle.y();
        m_picture.window.pan(-delta / wheelStep * m_picture.window.width() * keyPan / 2);
        windowChanged();
    } else if (isOverHeaders) {
        verticalScrollBar()->setValue(verticalScrollBar()->value() -
                                      static_cast<int>(angle.y() / 2));
    } else {
        m_picture.window.zoom(std::pow(wheelZoom, angle.y() / wheelStep),
                              windowX(event->position()));
        windowChanged();
    }
    event->accept();
}

void TimelineCanvas::keyPressEvent(QKeyEvent* event)
{
    const auto pan = [this](double share) {
        m_picture.window.pan(share * m_picture.window.width());
        windowChanged();
    };
    const int laneHeight = m_picture.layout.laneHeight();
    switch (event->key()) {
    case Qt::Key_W:
    case Qt::Key_Plus:
        return zoomBy(keyZoom);
    case Qt::Key_S:
    case Qt::Key_Minus:
        return zoomBy(1 / keyZoom);
    case Qt::Key_A:
    case Qt::Key_Left:
        return pan(-keyPan);
    case Qt::Key_D:
    case Qt::Key_Right:
        return pan(keyPan);
    case Qt::Key_Home:
        return pan(-1e9);
    case Qt::Key_End:
        return pan(1e9);
    case Qt::Key_Up:
        return verticalScrollBar()->setValue(verticalScrollBar()->value() - laneHeight);
    case Qt::Key_Down:
        return verticalScrollBar()->setValue(verticalScrollBar()->value() + laneHeight);
    case Qt::Key_Escape:
        if (m_picture.range)
            return setRange({});
        break;
    default:
        break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

bool TimelineCanvas::viewportEvent(QEvent* event)
{
    switch (event->type()) {
    case QEvent::ToolTip:
        showTip(*static_cast<QHelpEvent*>(event));
        return true;
    case QEvent::Leave:
        setHovered(-1);
        break;
    case QEvent::NativeGesture:
        if (pinch(*static_cast<QNativeGestureEvent*>(event)))
            return true;
        break;
    default:
        break;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineCanvas::showTip(const QHelpEvent& event)
{
    const std::optional<Hit> hit = hitAt(event.pos());
    if (hit && m_nodes)
        QToolTip::showText(
            event.globalPos(),
            sliceDescription(*m_picture.timeline, *hit->track, *hit->slice, *m_nodes), viewport());
    else if (const TrackPlace* place = headerAt(event.pos()))
        QToolTip::showText(event.globalPos(),
                           QString::fromStdString(m_picture.timeline->tracks[place->track].title),
                           viewport());
    else
        QToolTip::hideText();
}

bool TimelineCanvas::pinch(const QNativeGestureEvent& event)
{
    if (event.gestureType() != Qt::ZoomNativeGesture || !m_picture.timeline)
        return false;
    m_picture.window.zoom(1 + event.value(), windowX(event.position()));
    windowChanged();
    return true;
}

void TimelineCanvas::setHovered(int track)
{
    if (track == m_picture.hovered)
        return;
    m_picture.hovered = track;
    viewport()->update();
}

void TimelineCanvas::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
        layOut();
        m_picture.window.setWidth(viewport()->width() - m_picture.headerWidth);
        updateScrollBars();
    }
    viewport()->update();
}

} // namespace jitscope::views
