#include "views/timeline/timeline_painter_p.h"

#include "core/timeline/time_axis.h"
#include "views/look/mixed.h"
#include "views/timeline/slice_text_p.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace jitscope::views {

using timeline::Box;
using timeline::Lane;
using timeline::Slice;
using timeline::Track;
using timeline::TrackKind;

namespace {

constexpr double labelPadding = 4;
constexpr double narrowestLabel = 22; // pixels; below it nothing readable fits
constexpr double tickSpacing = 90;    // pixels between labelled marks of the ruler
constexpr double iterationSpacing =
    6; // pixels; iterations narrower than that are not marked by lines
// How much of a group of slices is covered before it is as opaque as a single one; emptier groups
// are paler.
constexpr double palest = 0.35;

// The first two parts of a module path: layer1.0 and layer1.1 differ, their children look alike.
std::string_view outerPath(std::string_view path)
{
    const std::size_t first = path.find('.');
    if (first == std::string_view::npos)
        return path;
    return path.substr(0, path.find('.', first + 1));
}

} // namespace

TimelinePainter::TimelinePainter(QPainter& painter, const TimelinePicture& picture,
                                 const TimelineStyle& style, QSize size)
    : m_painter(painter),
      m_picture(picture),
      m_timeline(*picture.timeline),
      m_style(style),
      m_size(size),
      m_font(painter.font()),
      m_colours(2 * picture.timeline->labels.size()),
      m_isDimmed(picture.occurrences && !picture.occurrences->empty())
{}

QRect TimelinePainter::tracksRect() const
{
    return {m_picture.headerWidth, m_picture.rulerHeight, m_size.width() - m_picture.headerWidth,
            m_size.height() - m_picture.rulerHeight};
}

void TimelinePainter::paint()
{
    m_painter.fillRect(QRect(QPoint(), m_size), m_style.background);
    m_painter.save();
    m_painter.setClipRect(tracksRect());
    paintTracks();
    paintIterationLines();
    paintOccurrences();
    m_painter.restore();
    paintRuler();
    paintRange();
    paintHeaders();
}

void TimelinePainter::paintTracks()
{
    const int top = m_picture.scroll;
    const int bottom = top + m_size.height() - m_picture.rulerHeight;
    for (const TrackPlace& place : m_picture.layout.places()) {
        if (place.top + place.height > top && place.top < bottom)
            paintTrack(place);
    }
}

void TimelinePainter::paintTrack(const TrackPlace& place)
{
    const Track& track = m_timeline.tracks[place.track];
    const int shift = m_picture.rulerHeight - m_picture.scroll;
    const QRect all(m_picture.headerWidth, place.top + shift,
                    m_size.width() - m_picture.headerWidth, place.height);
    if (place.track % 2 == 1)
        m_painter.fillRect(all, m_style.alternate);
    m_painter.fillRect(QRect(all.left(), all.bottom(), all.width(), 1), m_style.line);
    for (std::size_t lane = 0; lane < place.lanes && lane < track.lanes.size(); ++lane)
        paintLane(track, track.lanes[lane], m_picture.layout.laneTop(place, lane) + shift);
    paintUnread(track, m_picture.layout.laneTop(place, 0) + shift);
}

void TimelinePainter::paintLane(const Track& track, const Lane& lane, int y)
{
    m_boxes.clear();
    lane.boxes(m_picture.window.range(), m_picture.window.resolution(), m_boxes);
    const int height = m_picture.layout.laneHeight() - 1;
    const double left = m_picture.headerWidth - 2;
    for (const Box& box : m_boxes) {
        const Slice& slice = lane.slices()[box.longest];
        const double x = std::max(left, xOf(box.start));
        const double end = std::min<double>(m_size.width() + 2, xOf(box.end));
        // A pixel of background between neighbours that are wide enough to spare it.
        const double width = std::max(1.0, end - x - (end - x > 4 ? 1 : 0));
        QColor fill = colourOf(track, slice);
        if (m_isDimmed)
            fill = mixed(fill, m_style.background, 0.5);
        if (box.count > 1 && box.end > box.start) {
            const double covered =
                static_cast<double>(box.busy) / static_cast<double>(box.end - box.start);
            fill.setAlphaF(static_cast<float>(std::clamp(covered, palest, 1.0)));
        }
        const QRectF rect(x, y, width, height);
        m_painter.fillRect(rect, fill);
        if (box.count == 1 && width >= narrowestLabel)
            paintLabel(track, slice, rect, fill);
    }
}

void TimelinePainter::paintLabel(const Track& track, const Slice& slice, QRectF box,
                                 const QColor& fill)
{
    const QFontMetricsF metrics(m_font);
    const QRectF inner = box.adjusted(labelPadding, 0, -labelPadding, 0);
    QString text = sliceTitle(m_timeline, track, slice);
    if (track.kind == TrackKind::Modules) {
        const QString path = QString::fromStdString(m_timeline.label(slice));
        if (metrics.horizontalAdvance(path) <= inner.width())
            text = path;
    }
    if (metrics.horizontalAdvance(text) > inner.width()) {
        text = metrics.elidedText(text, Qt::ElideRight, inner.width());
        if (text.size() < 2)
            return;
    } else if (track.kind == TrackKind::Nodes || track.kind == TrackKind::Iterations) {
        // The duration as well where it fits.
        const QString longer = text + QStringLiteral("  ") + durationString(slice.duration());
        if (metrics.horizontalAdvance(longer) <= inner.width())
            text = longer;
    }
    m_painter.setPen(TimelineStyle::onColour(fill));
    m_painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
}

void TimelinePainter::paintUnread(const Track& track, int y)
{
    const int height = m_picture.layout.laneHeight() - 1;
    const timeline::TimeRange shown = m_picture.window.range();
    for (const timeline::Unread& part : track.unread) {
        if (part.range.end < shown.start || part.range.start > shown.end)
            continue;
        const double x = std::max<double>(m_picture.headerWidth - 2, xOf(part.range.start));
        const double end = std::min<double>(m_size.width() + 2, xOf(part.range.end));
        const QRectF rect(x, y, std::max(1.0, end - x), height);
        m_painter.fillRect(rect, QBrush(m_style.unread, Qt::BDiagPattern));
        const QString text =
            QCoreApplication::translate("jitscope::views::TimelineView", "%1 executions, not read")
                .arg(part.count);
        if (QFontMetricsF(m_font).horizontalAdvance(text) + 2 * labelPadding < rect.width()) {
            m_painter.setPen(m_style.dimText);
            m_painter.drawText(rect.adjusted(labelPadding, 0, 0, 0), Qt::AlignVCenter, text);
        }
    }
}

QColor TimelinePainter::colourOf(const Track& track, const Slice& slice)
{
    if (track.kind == TrackKind::Iterations)
        return slice.iteration < 0 ? m_style.warmup : m_style.iteration;
    const bool byModule =
        track.kind == TrackKind::Modules || m_picture.colour == SliceColour::Module;
    std::uint32_t label = slice.label;
    bool isPath = track.kind == TrackKind::Modules;
    if (slice.node != 0) { // a node's, or GPU work that belongs to one
        const auto node = m_timeline.nodes.find(slice.node);
        if (node != m_timeline.nodes.end()) {
            label = byModule ? node->second.modulePath : node->second.kind;
            isPath = byModule;
        }
    }
    QColor& colour = m_colours[2 * label + (isPath ? 1 : 0)];
    if (!colour.isValid()) {
        const std::string& text = m_timeline.labels[label];
        if (isPath)
            colour = text.empty() ? m_style.classColour(scene::OperatorClass::Other)
                                  : m_style.textColour(outerPath(text));
        else if (track.kind == TrackKind::Nodes || text.find("::") != std::string::npos)
            colour = m_style.classColour(scene::classify(text));
        else
            colour = m_style.textColour(text);
    }
    return colour;
}

void TimelinePainter::paintIterationLines()
{
    const timeline::TimeRange shown = m_picture.window.range();
    double last = -iterationSpacing;
    for (const document::IterationRow& iteration : m_timeline.iterations) {
        if (iteration.start < shown.start || iteration.start > shown.end)
            continue;
        const double x = xOf(iteration.start);
        if (x - last < iterationSpacing)
            continue;
        last = x;
        m_painter.fillRect(
            QRectF(x, m_picture.rulerHeight, 1, m_picture.layout.height() - m_picture.scroll),
            m_style.strongLine);
    }
}

// The selected slices once more, in full colour and framed; marks where they are too narrow to be
// seen.
void TimelinePainter::paintOccurrences()
{
    if (!m_isDimmed)
        return;
    const timeline::TimeRange shown = m_picture.window.range();
    const int height = m_picture.layout.laneHeight() - 1;
    const int shift = m_picture.rulerHeight - m_picture.scroll;
    std::vector<double> painted(m_picture.layout.places().size() * 2, -1e9);
    for (const Occurrence& occurrence : *m_picture.occurrences) {
        if (occurrence.start > shown.end)
            break;
        if (occurrence.end < shown.start)
            continue;
        const TrackPlace& place = m_picture.layout.places()[occurrence.track];
        const Track& track = m_timeline.tracks[occurrence.track];
        const std::size_t lane = std::min<std::size_t>(occurrence.lane, place.lanes - 1);
        const double x = std::max<double>(m_picture.headerWidth - 2, xOf(occurrence.start));
        const double end = std::min<double>(m_size.width() + 2, xOf(occurrence.end));
        // One of them a pixel and track is enough.
        double& before = painted[occurrence.track];
        if (end - x < 1 && x - before < 1)
            continue;
        before = x;
        const QRectF rect(x, m_picture.layout.laneTop(place, lane) + shift, std::max(2.0, end - x),
                          height);
        if (lane == occurrence.lane && rect.width() >= 3) {
            const std::optional<std::size_t> index = track.lanes[lane].at(occurrence.start, 0);
            if (index) {
                const Slice& slice = track.lanes[lane].slices()[*index];
                const QColor fill = colourOf(track, slice);
                m_painter.fillRect(rect, fill);
                if (rect.width() >= narrowestLabel)
                    paintLabel(track, slice, rect, fill);
            }
            m_painter.setBrush(Qt::NoBrush);
            m_painter.setPen(QPen(m_style.selection, 2));
            m_painter.drawRect(rect.adjusted(1, 1, -1, -1));
        } else {
            m_painter.fillRect(rect, m_style.selection);
        }
    }
}

void TimelinePainter::paintRuler()
{
    const int width = m_size.width() - m_picture.headerWidth;
    const QRect ruler(m_picture.headerWidth, 0, width, m_picture.rulerHeight);
    m_painter.save();
    m_painter.setClipRect(ruler);
    m_painter.fillRect(ruler, m_style.header);
    const int bottom = ruler.bottom();
    for (const timeline::Tick& tick :
         timeline::ticks(m_picture.window.range(), m_timeline.range.start,
                         m_picture.window.resolution(), tickSpacing)) {
        const double x = xOf(tick.time);
        const int length = tick.label.empty() ? 4 : 9;
        m_painter.fillRect(QRectF(x, bottom - length, 1, length), m_style.strongLine);
        if (tick.label.empty())
            continue;
        m_painter.setPen(m_style.dimText);
        m_painter.drawText(QRectF(x + 4, 0, tickSpacing + 40, m_picture.rulerHeight - 3),
                           Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(tick.label));
    }
    m_painter.fillRect(QRect(ruler.left(), bottom, width, 1), m_style.strongLine);
    m_painter.restore();
}

void TimelinePainter::paintRange()
{
    if (!m_picture.range)
        return;
    m_painter.save();
    m_painter.setClipRect(
        QRect(m_picture.headerWidth, 0, m_size.width() - m_picture.headerWidth, m_size.height()));
    const double x = xOf(m_picture.range->start);
    const double width = std::max(1.0, xOf(m_picture.range->end) - x);
    m_painter.fillRect(QRectF(x, 0, width, m_size.height()), m_style.range);
    QColor edge = m_style.range;
    edge.setAlpha(220);
    m_painter.fillRect(QRectF(x, 0, 1, m_size.height()), edge);
    m_painter.fillRect(QRectF(x + width - 1, 0, 1, m_size.height()), edge);
    // Its duration on the ruler, on a plate of its own: the marks beneath would make it unreadable.
    const QString text = durationString(m_picture.range->duration());
    const QFontMetricsF metrics(m_font);
    const double plate = metrics.horizontalAdvance(text) + 12;
    double left = x + (width - plate) / 2;
    left =
        std::clamp<double>(left, m_picture.headerWidth + 2,
                           std::max<double>(m_picture.headerWidth + 2, m_size.width() - plate - 2));
    const QRectF box(left, 3, plate, m_picture.rulerHeight - 7);
    QColor fill = edge;
    fill.setAlpha(255);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(fill);
    m_painter.drawRoundedRect(box, 4, 4);
    m_painter.setPen(TimelineStyle::onColour(fill));
    m_painter.drawText(box, Qt::AlignCenter, text);
    m_painter.restore();
}

void TimelinePainter::paintHeaders()
{
    const QRect column(0, 0, m_picture.headerWidth, m_size.height());
    m_painter.save();
    m_painter.setClipRect(column);
    m_painter.fillRect(column, m_style.header);
    m_painter.setClipRect(column.adjusted(0, m_picture.rulerHeight, 0, 0));
    for (const TrackPlace& place : m_picture.layout.places())
        paintHeader(place);
    m_painter.setClipRect(column);
    m_painter.fillRect(QRect(0, m_picture.rulerHeight - 1, column.width(), 1), m_style.strongLine);
    m_painter.fillRect(QRect(column.right(), 0, 1, column.height()), m_style.strongLine);
    m_painter.restore();
}

void TimelinePainter::paintHeader(const TrackPlace& place)
{
    const Track& track = m_timeline.tracks[place.track];
    const int y = place.top + m_picture.rulerHeight - m_picture.scroll;
    const QRect rect(0, y, m_picture.headerWidth - 1, place.height);
    if (!rect.intersects(QRect(QPoint(), m_size)))
        return;
    if (place.canFold && m_picture.hovered == static_cast<int>(place.track))
        m_painter.fillRect(rect, m_style.line);
    const int lane = m_picture.layout.laneHeight();
    const double middle = y + TrackLayout::padding + lane / 2.0;
    if (place.canFold) {
        QPolygonF arrow;
        if (place.isFolded)
            arrow << QPointF(9, middle - 4) << QPointF(14, middle) << QPointF(9, middle + 4);
        else
            arrow << QPointF(7, middle - 2.5) << QPointF(15, middle - 2.5)
                  << QPointF(11, middle + 3);
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_style.dimText);
        m_painter.drawPolygon(arrow);
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }
    // "Nodes, thread 0": what it is, and in a second line of which thread or stream.
    const QString title = QString::fromStdString(track.title);
    const qsizetype comma = title.indexOf(QStringLiteral(", "));
    const QFontMetricsF metrics(m_font);
    const QRectF first(21, y + TrackLayout::padding, rect.width() - 26, lane);
    const auto draw = [&](const QRectF& where, const QString& text, const QColor& colour) {
        m_painter.setPen(colour);
        m_painter.drawText(where, Qt::AlignVCenter | Qt::TextSingleLine,
                           metrics.elidedText(text, Qt::ElideRight, where.width()));
    };
    if (comma > 0 && place.lanes > 1) {
        draw(first, title.left(comma), m_style.text);
        draw(first.translated(0, lane - 2), title.mid(comma + 2), m_style.dimText);
    } else {
        draw(first, title, m_style.text);
    }
    m_painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), m_style.line);
}

} // namespace jitscope::views
