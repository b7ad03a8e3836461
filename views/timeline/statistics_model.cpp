#include "views/timeline/statistics_model_p.h"

#include "views/timeline/slice_text_p.h"

#include <QLocale>

#include <algorithm>
#include <numeric>

namespace jitscope::views {

using timeline::StatisticsRow;

namespace {

QString milliseconds(std::int64_t nanoseconds)
{
    return QLocale().toString(static_cast<double>(nanoseconds) / 1e6, 'f', 3);
}

bool isNumber(int column)
{
    return column != StatisticsModel::Kind && column != StatisticsModel::Module &&
           column != StatisticsModel::Source;
}

std::int64_t numberOf(const StatisticsRow& row, int column)
{
    switch (column) {
    case StatisticsModel::Self:
    case StatisticsModel::Share: // the share is of the self time
        return row.self;
    case StatisticsModel::Total:
        return row.total;
    case StatisticsModel::Count:
        return row.count;
    case StatisticsModel::Median:
        return row.median;
    case StatisticsModel::Minimum:
        return row.minimum;
    case StatisticsModel::Maximum:
        return row.maximum;
    case StatisticsModel::Gpu:
        return row.gpu;
    default:
        return 0;
    }
}

} // namespace

void StatisticsModel::set(std::shared_ptr<const timeline::Statistics> statistics,
                          std::shared_ptr<const timeline::RunTimeline> timeline,
                          std::shared_ptr<const document::NodeIndex> nodes)
{
    beginResetModel();
    m_statistics = std::move(statistics);
    m_timeline = std::move(timeline);
    m_nodes = std::move(nodes);
    m_order = sortedOrder();
    endResetModel();
}

void StatisticsModel::clear()
{
    set(nullptr, nullptr, nullptr);
}

void StatisticsModel::setFilter(const QString& text)
{
    beginResetModel();
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_order = sortedOrder();
    endResetModel();
}

bool StatisticsModel::matches(const StatisticsRow& row) const
{
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        return text(row, Kind).contains(word, Qt::CaseInsensitive) ||
               text(row, Module).contains(word, Qt::CaseInsensitive) ||
               text(row, Source).contains(word, Qt::CaseInsensitive);
    });
}

std::vector<std::size_t> StatisticsModel::sortedOrder() const
{
    std::vector<std::size_t> order;
    if (!m_statistics)
        return order;
    for (std::size_t i = 0; i < m_statistics->rows.size(); ++i) {
        if (m_words.isEmpty() || matches(m_statistics->rows[i]))
            order.push_back(i);
    }
    const std::vector<StatisticsRow>& rows = m_statistics->rows;
    const bool isDescending = m_sortOrder == Qt::DescendingOrder;
    if (isNumber(m_sortColumn)) {
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const std::int64_t left = numberOf(rows[a], m_sortColumn);
            const std::int64_t right = numberOf(rows[b], m_sortColumn);
            return isDescending ? left > right : left < right;
        });
        return order;
    }
    std::vector<QString> texts(rows.size());
    for (const std::size_t i : order)
        texts[i] = text(rows[i], m_sortColumn);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return isDescending ? texts[a] > texts[b] : texts[a] < texts[b];
    });
    return order;
}

const StatisticsRow* StatisticsModel::row(int row) const
{
    if (row < 0 || static_cast<std::size_t>(row) >= m_order.size())
        return nullptr;
    return &m_statistics->rows[m_order[static_cast<std::size_t>(row)]];
}

int StatisticsModel::rowOfNode(ir::NodeKey key) const
{
    const auto found = std::find_if(m_order.begin(), m_order.end(), [&](std::size_t i) {
        return key != 0 && m_statistics->rows[i].node == key;
    });
    return found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin());
}

int StatisticsModel::rowOfModule(const std::string& path) const
{
    const auto found = std::find_if(m_order.begin(), m_order.end(), [&](std::size_t i) {
        return modulePath(m_statistics->rows[i]) == path;
    });
    return found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin());
}

std::string StatisticsModel::modulePath(const StatisticsRow& row) const
{
    return m_timeline->labels[row.modulePath];
}

int StatisticsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int StatisticsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString StatisticsModel::text(const StatisticsRow& row, int column) const
{
    switch (column) {
    case Kind: {
        const std::string& kind = m_timeline->labels[row.kind];
        if (kind.empty() && row.node != 0)
            return tr("node %1").arg(row.node);
        return QString::fromStdString(kind);
    }
    case Module:
        return QString::fromStdString(modulePath(row));
    case Share:
        return QLocale().toString(row.share * 100, 'f', 1) + QStringLiteral(" %");
    case Count:
        return QLocale().toString(static_cast<qlonglong>(row.count));
    case Source: {
        const document::NamedNode* node = row.node == 0 ? nullptr : m_nodes->node(row.node);
        return node == nullptr ? QString() : shortLocation(*node);
    }
    default:
        return milliseconds(numberOf(row, column));
    }
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const
{
    const StatisticsRow* statistics = index.isValid() ? row(index.row()) : nullptr;
    if (statistics == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*statistics, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(
            (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        if (index.column() == Source && statistics->node != 0) {
            if (const document::NamedNode* node = m_nodes->node(statistics->node);
                node != nullptr && !node->file.empty())
                return QStringLiteral("%1:%2")
                    .arg(QString::fromStdString(node->file))
                    .arg(node->line);
        }
        return text(*statistics, index.column());
    case ShareRole:
        // The statistics have the longest first.
        return m_statistics->rows.front().self == 0
                   ? 0.0
                   : static_cast<double>(statistics->self) /
                         static_cast<double>(m_statistics->rows.front().self);
    default:
        return {};
    }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    const bool isTip = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !isTip)
        return {};
    switch (section) {
    case Kind:
        return isTip ? tr("What the node does") : tr("Kind");
    case Module:
        return isTip ? tr("The module instance that the node belongs to") : tr("Module");
    case Self:
        return isTip ? tr("Time without that of inner nodes or modules") : tr("Self ms");
    case Share:
        return isTip ? tr("Part of the self time of all rows") : tr("Share");
    case Total:
        return isTip ? tr("Time with that of inner nodes or modules") : tr("Total ms");
    case Count:
        return isTip ? tr("Number of executions") : tr("Count");
    case Median:
        return isTip ? tr("Half of the executions took longer") : tr("Median ms");
    case Minimum:
        return isTip ? tr("Shortest execution") : tr("Min ms");
    case Maximum:
        return isTip ? tr("Longest execution") : tr("Max ms");
    case Gpu:
        return isTip ? tr("Time of the kernels, copies and sets that it started") : tr("GPU ms");
    case Source:
        return isTip ? tr("Python file and line") : tr("Source");
    default:
        return {};
    }
}

void StatisticsModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    const std::vector<std::size_t> oldOrder = m_order;
    m_sortColumn = column;
    m_sortOrder = order;
    m_order = sortedOrder();
    std::vector<int> places(m_statistics ? m_statistics->rows.size() : 0, -1);
    for (std::size_t i = 0; i < m_order.size(); ++i)
        places[m_order[i]] = static_cast<int>(i);
    QModelIndexList after;
    for (const QModelIndex& old : before)
        after << index(places[oldOrder[static_cast<std::size_t>(old.row())]], old.column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace jitscope::views
