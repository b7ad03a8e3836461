#include "views/timeline/slice_text_p.h"

#include "core/timeline/time_axis.h"

#include <QCoreApplication>
#include <QStringList>

namespace jitscope::views {

using timeline::RunTimeline;
using timeline::Slice;
using timeline::Track;
using timeline::TrackKind;

namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(jitscope::views::TimelineView)
};

std::string_view lastPart(std::string_view text, std::string_view separator)
{
    const std::size_t at = text.rfind(separator);
    return at == std::string_view::npos ? text : text.substr(at + separator.size());
}

QString toString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void addNode(QStringList& lines, const Slice& slice, const document::NodeIndex& nodes)
{
    const document::NamedNode* node = nodes.node(slice.node);
    if (node == nullptr) {
        lines << Text::tr("Node %1, which the node table does not have").arg(slice.node);
        return;
    }
    lines << Text::tr("Module: %1")
                 .arg(node->modulePath.empty() ? Text::tr("(root)")
                                               : QString::fromStdString(node->modulePath))
                 .toHtmlEscaped();
    const std::vector<document::NodeRef> origins = nodes.origins(slice.node);
    if (origins.size() > 1)
        lines << Text::tr("Made of %1 nodes").arg(origins.size());
    if (!node->file.empty())
        lines << QStringLiteral("%1:%2")
                     .arg(QString::fromStdString(node->file).toHtmlEscaped())
                     .arg(node->line);
}

} // namespace

QString durationString(std::int64_t nanoseconds)
{
    return QString::fromStdString(timeline::durationText(nanoseconds));
}

QString shortLocation(const document::NamedNode& node)
{
    if (node.file.empty())
        return {};
    return QStringLiteral("%1:%2").arg(toString(lastPart(node.file, "/"))).arg(node.line);
}

QString sliceTitle(const RunTimeline& timeline, const Track& track, const Slice& slice)
{
    const std::string_view label = timeline.label(slice);
    switch (track.kind) {
    case TrackKind::Modules:
        return toString(lastPart(label, "."));
    case TrackKind::Nodes:
        if (label.empty())
            return Text::tr("node %1").arg(slice.node);
        return toString(lastPart(label, "::"));
    case TrackKind::Iterations:
    case TrackKind::Runtime:
    case TrackKind::Gpu:
        break;
    }
    return toString(label);
}

QString sliceDescription(const RunTimeline& timeline, const Track& track, const Slice& slice,
                         const document::NodeIndex& nodes)
{
    QString title = toString(timeline.label(slice));
    if (title.isEmpty())
        title = sliceTitle(timeline, track, slice);
    QStringList lines{QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped())};
    QString duration = durationString(slice.duration());
    const document::IterationRow* iteration = timeline.iterationAt(slice.start);
    if (iteration != nullptr && iteration->end > iteration->start &&
        track.kind != TrackKind::Iterations) {
        const double share = 100.0 * static_cast<double>(slice.duration()) /
                             static_cast<double>(iteration->end - iteration->start);
        const QString of = iteration->number < 0 ? Text::tr("warm-up %1").arg(-iteration->number)
                                                 : Text::tr("iteration %1").arg(iteration->number);
        duration += Text::tr(", %1 % of %2").arg(share, 0, 'f', share < 10 ? 2 : 1).arg(of);
    }
    lines << duration;
    if (iteration != nullptr && track.kind == TrackKind::Iterations && iteration->compile_ns > 0)
        lines << Text::tr("of it compiling: %1").arg(durationString(iteration->compile_ns));
    if (slice.node != 0)
        addNode(lines, slice, nodes);
    lines << Text::tr("at %1").arg(durationString(slice.start - timeline.range.start));
    return QStringLiteral("<p style='white-space:pre'>%1</p>")
        .arg(lines.join(QStringLiteral("<br>")));
}

} // namespace jitscope::views
