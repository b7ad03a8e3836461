#include "views/shell/time_description.h"

#include "core/timeline/time_axis.h"

#include <QLocale>
#include <QObject>
#include <QStringList>

#include <set>

namespace jitscope::views {

namespace {

QString tr(const char* text)
{
    return QObject::tr(text);
}

QString timeText(std::int64_t nanoseconds, std::int64_t all)
{
    QString text = QString::fromStdString(timeline::durationText(nanoseconds));
    if (all > 0) {
        const double share = 100.0 * static_cast<double>(nanoseconds) / static_cast<double>(all);
        text += QStringLiteral(" (%1 %)").arg(share, 0, 'f', share < 10 ? 2 : 1);
    }
    return text;
}

QString titleOf(const document::RunRow& run, const DocumentModel& document)
{
    QString title = tr("Time in run %1").arg(run.id);
    if (const document::StageRow* stage = document.stage(run.stage))
        title += tr(", stage %1").arg(QString::fromStdString(stage->label));
    return title;
}

void addTimes(DescriptionSection& section, const timeline::TimeSpent& spent, std::int64_t all)
{
    if (spent.count == 0) {
        section.lines.push_back({{}, tr("Not executed in this run.")});
        return;
    }
    section.lines.push_back({tr("Total"), timeText(spent.total, all)});
    section.lines.push_back({tr("Self"), timeText(spent.self, all)});
    if (spent.gpu > 0)
        section.lines.push_back(
            {tr("GPU"), QString::fromStdString(timeline::durationText(spent.gpu))});
    section.lines.push_back(
        {tr("Executions"), QLocale().toString(static_cast<qlonglong>(spent.count))});
    section.lines.push_back(
        {tr("Average"), QString::fromStdString(timeline::durationText(spent.total / spent.count))});
}

// The kinds of the executed nodes when they are not the node's own.
QString executedAs(const std::set<ir::NodeKey>& executed, const document::NamedNode* asked,
                   const document::NodeIndex& index)
{
    QStringList kinds;
    for (const ir::NodeKey key : executed) {
        const document::NamedNode* node = index.node(key);
        if (node == nullptr)
            continue;
        const QString kind = QString::fromStdString(node->kind);
        if (!kinds.contains(kind))
            kinds.append(kind);
    }
    const bool isItself =
        asked != nullptr && kinds == QStringList(QString::fromStdString(asked->kind));
    return isItself ? QString() : kinds.join(QStringLiteral(", "));
}

} // namespace

DescriptionSection describeNodeTime(const document::NodeRef& ref, const DocumentModel& document,
                                    const timeline::RunTimes* times)
{
    if (times == nullptr)
        return {};
    DescriptionSection section{titleOf(times->run(), document), {}};
    const auto index = document.nodeIndex();
    std::set<ir::NodeKey> keys = index->related(ref);
    if (ref.key != 0)
        keys.insert(ref.key);
    std::erase_if(keys, [times](ir::NodeKey key) { return !times->wasExecuted(key); });
    const QString kinds =
        executedAs(keys, index->node(ref.key != 0 ? ref.key : ref.loaded), *index);
    if (!kinds.isEmpty())
        section.lines.push_back({tr("Executed as"), kinds});
    addTimes(section, times->ofNodes(keys), times->all());
    return section;
}

DescriptionSection describeModuleTime(const QString& path, const DocumentModel& document,
                                      const timeline::RunTimes* times)
{
    if (times == nullptr)
        return {};
    DescriptionSection section{titleOf(times->run(), document), {}};
    addTimes(section, times->ofModule(path.toStdString()), times->ofModule({}).total);
    return section;
}

} // namespace jitscope::views
