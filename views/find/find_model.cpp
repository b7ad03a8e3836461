#include "views/find/find_model.h"

#include <QFont>
#include <QLocale>

#include <optional>

namespace jitscope::views {

namespace {

QString groupTitle(std::size_t group)
{
    switch (static_cast<search::HitGroup>(group)) {
    case search::HitGroup::Modules:
        return FindModel::tr("Modules");
    case search::HitGroup::Operators:
        return FindModel::tr("Nodes");
    case search::HitGroup::Values:
        return FindModel::tr("Values by name");
    case search::HitGroup::Types:
        return FindModel::tr("Values by type");
    case search::HitGroup::Constants:
        return FindModel::tr("Constants");
    case search::HitGroup::Tensors:
        return FindModel::tr("Weights");
    case search::HitGroup::Places:
        return FindModel::tr("Nodes by file and line");
    case search::HitGroup::Lines:
        return FindModel::tr("Lines of source");
    }
    return {};
}

} // namespace

void FindModel::setHits(std::shared_ptr<const search::Index> index, search::Query query,
                        std::shared_ptr<const search::Hits> hits)
{
    beginResetModel();
    m_index = std::move(index);
    m_query = std::move(query);
    m_hits = std::move(hits);
    m_groups.clear();
    for (std::size_t i = 0; m_hits && i < m_hits->groups.size(); ++i) {
        if (!m_hits->groups[i].empty())
            m_groups.push_back(i);
    }
    endResetModel();
}

void FindModel::clear()
{
    setHits(nullptr, {}, nullptr);
}

std::size_t FindModel::count() const
{
    return m_hits ? m_hits->count() : 0;
}

const std::vector<search::Hit>& FindModel::group(int row) const
{
    return m_hits->groups[m_groups[static_cast<std::size_t>(row)]];
}

QModelIndex FindModel::hitAt(std::size_t number) const
{
    for (int row = 0; row < static_cast<int>(m_groups.size()); ++row) {
        if (number < group(row).size())
            return index(static_cast<int>(number), 0, index(row, 0));
        number -= group(row).size();
    }
    return {};
}

std::optional<std::size_t> FindModel::numberOf(const QModelIndex& index) const
{
    if (hit(index) == nullptr)
        return std::nullopt;
    auto number = static_cast<std::size_t>(index.row());
    for (int row = 0; row + 1 < static_cast<int>(index.internalId()); ++row)
        number += group(row).size();
    return number;
}

const search::Hit* FindModel::hit(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    return &group(static_cast<int>(index.internalId()) - 1)[static_cast<std::size_t>(index.row())];
}

std::optional<search::Target> FindModel::target(const QModelIndex& index) const
{
    const search::Hit* found = hit(index);
    return found == nullptr ? std::nullopt : std::optional(m_index->target(*found));
}

QModelIndex FindModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || row >= rowCount(parent) || column != 0)
        return {};
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr{0});
}

QModelIndex FindModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int FindModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    return static_cast<int>(group(parent.row()).size());
}

int FindModel::columnCount(const QModelIndex& /*parent*/) const
{
    return 1;
}

QVariant FindModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const search::Hit* found = hit(index);
    if (found == nullptr) {
        if (role == Qt::DisplayRole || role == titleRole)
            return QStringLiteral("%1 (%2)").arg(
                groupTitle(m_groups[static_cast<std::size_t>(index.row())]),
                QLocale().toString(static_cast<qulonglong>(group(index.row()).size())));
        return {};
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != titleRole &&
        role != placeRole)
        return {};
    const search::HitText text = m_index->text(*found, m_query);
    const QString title = QString::fromStdString(text.title);
    const QString place = QString::fromStdString(text.place);
    switch (role) {
    case titleRole:
        return title;
    case placeRole:
        return place;
    case Qt::ToolTipRole:
        return place.isEmpty() ? title : title + QLatin1Char('\n') + place;
    default:
        return place.isEmpty() ? title : title + QStringLiteral(", ") + place;
    }
}

} // namespace jitscope::views
