#include "views/passes/stage_tree_model.h"

#include <QFont>
#include <QLocale>

namespace jitscope::views {

namespace {

QString durationText(std::int64_t nanoseconds)
{
    if (nanoseconds <= 0)
        return {};
    return QLocale().toString(static_cast<double>(nanoseconds) / 1e6, 'f',
                              nanoseconds < 10'000'000 ? 2 : 0) +
           QStringLiteral(" ms");
}

} // namespace

void StageTreeModel::setStages(std::vector<document::StageRow> stages,
                               std::map<std::int64_t, std::int64_t> nodeCounts)
{
    beginResetModel();
    m_stages = std::move(stages);
    // 0 stands for "no parent" here; only a damaged document has such ids.
    std::erase_if(m_stages, [](const document::StageRow& stage) { return stage.id <= 0; });
    m_nodeCounts = std::move(nodeCounts);
    m_children.clear();
    m_places.clear();
    for (std::size_t place = 0; place < m_stages.size(); ++place)
        m_places.emplace(m_stages[place].id, place);
    for (std::size_t place = 0; place < m_stages.size(); ++place) {
        // A parent comes before its children; in a damaged document a stage without one stands at
        // the top.
        const std::int64_t parent = m_stages[place].parent;
        const bool known = m_places.contains(parent) && parent < m_stages[place].id;
        m_children[known ? parent : 0].push_back(place);
    }
    endResetModel();
}

void StageTreeModel::setCurrent(std::int64_t stage)
{
    const std::int64_t before = std::exchange(m_current, stage);
    for (const std::int64_t id : {before, stage}) {
        if (const QModelIndex changed = indexOf(id); changed.isValid())
            Q_EMIT dataChanged(changed, changed.siblingAtColumn(columnCountOf - 1), {Qt::FontRole});
    }
}

QModelIndex StageTreeModel::indexOf(std::int64_t stage) const
{
    const auto place = m_places.find(stage);
    if (place == m_places.end())
        return {};
    const std::int64_t parent = m_stages[place->second].parent;
    const bool known = m_places.contains(parent) && parent < stage;
    const auto& siblings = childrenOf(known ? parent : 0);
    const auto row = std::find(siblings.begin(), siblings.end(), place->second) - siblings.begin();
    return createIndex(static_cast<int>(row), 0, place->second);
}

QModelIndex StageTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const std::int64_t stage = parent.isValid() ? m_stages[parent.internalId()].id : 0;
    return createIndex(row, column, childrenOf(stage)[static_cast<std::size_t>(row)]);
}

QModelIndex StageTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const document::StageRow& stage = m_stages[child.internalId()];
    return stage.parent < stage.id ? indexOf(stage.parent) : QModelIndex();
}

int StageTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    return static_cast<int>(
        childrenOf(parent.isValid() ? m_stages[parent.internalId()].id : 0).size());
}

int StageTreeModel::columnCount(const QModelIndex& /*parent*/) const
{
    return columnCountOf;
}

QVariant StageTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const document::StageRow& stage = m_stages[index.internalId()];
    switch (role) {
    case Qt::DisplayRole:
        return text(stage, index.column());
    case Qt::ToolTipRole:
        return stage.message.empty() ? QVariant() : QVariant(QString::fromStdString(stage.message));
    case Qt::TextAlignmentRole:
        return index.column() == Label ? QVariant()
                                       : QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::FontRole: {
        QFont font;
        font.setBold(stage.id == m_current);
        return font;
    }
    case stageRole:
        return QVariant::fromValue(static_cast<qlonglong>(stage.id));
    default:
        return {};
    }
}

QVariant StageTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Label:
        return tr("Stage");
    case Nodes:
        return tr("Nodes");
    case Duration:
        return tr("Time");
    default:
        return {};
    }
}

const std::vector<std::size_t>& StageTreeModel::childrenOf(std::int64_t stage) const
{
    static const std::vector<std::size_t> nobody;
    const auto found = m_children.find(stage);
    return found == m_children.end() ? nobody : found->second;
}

QVariant StageTreeModel::text(const document::StageRow& stage, int column) const
{
    switch (column) {
    case Label: {
        QString label = QString::fromStdString(stage.label);
        if (stage.kind == "pass" && stage.changed == 0)
            label += tr(" (no change)");
        return label;
    }
    case Nodes: {
        const auto count = m_nodeCounts.find(stage.id);
        return count == m_nodeCounts.end() ? QVariant()
                                           : QVariant(QLocale().toString(qlonglong(count->second)));
    }
    case Duration:
        return durationText(stage.duration_ns);
    default:
        return {};
    }
}

} // namespace jitscope::views
