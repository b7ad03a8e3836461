#include "views/passes/pass_list_model.h"

#include <QFont>

#include <algorithm>

namespace jitscope::views {

void PassListModel::setPasses(const std::vector<protocol::PassDescription>& passes)
{
    beginResetModel();
    m_categories.clear();
    for (const protocol::PassDescription& pass : passes) {
        const QString name = QString::fromStdString(pass.category);
        auto category = std::find_if(m_categories.begin(), m_categories.end(),
                                     [&name](const Category& c) { return c.name == name; });
        if (category == m_categories.end())
            category = m_categories.insert(m_categories.end(), {name, {}});
        category->passes.push_back(pass);
    }
    endResetModel();
}

QModelIndex PassListModel::indexOf(const QString& name) const
{
    for (std::size_t category = 0; category < m_categories.size(); ++category) {
        const auto& passes = m_categories[category].passes;
        for (std::size_t row = 0; row < passes.size(); ++row) {
            if (QString::fromStdString(passes[row].name) == name)
                return createIndex(static_cast<int>(row), 0, category + 1);
        }
    }
    return {};
}

const protocol::PassDescription* PassListModel::pass(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    return &m_categories[index.internalId() - 1].passes[static_cast<std::size_t>(index.row())];
}

QModelIndex PassListModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex PassListModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr(0));
}

int PassListModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_categories.size());
    return parent.internalId() == 0
               ? static_cast<int>(
                     m_categories[static_cast<std::size_t>(parent.row())].passes.size())
               : 0;
}

int PassListModel::columnCount(const QModelIndex& /*parent*/) const
{
    return 1;
}

QVariant PassListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const protocol::PassDescription* described = pass(index);
    if (described == nullptr) {
        const Category& category = m_categories[static_cast<std::size_t>(index.row())];
        if (role == Qt::DisplayRole)
            return category.name;
        if (role == Qt::FontRole) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return role == nameRole ? QVariant(QString()) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(described->label);
    case Qt::ToolTipRole: {
        QString text = QString::fromStdString(described->effect);
        if (!described->available)
            text += QStringLiteral("\n") + QString::fromStdString(described->reason);
        return text;
    }
    case nameRole:
        return QString::fromStdString(described->name);
    default:
        return {};
    }
}

Qt::ItemFlags PassListModel::flags(const QModelIndex& index) const
{
    const protocol::PassDescription* described = pass(index);
    if (described == nullptr)
        return index.isValid() ? Qt::ItemIsEnabled : Qt::NoItemFlags;
    return described->available ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsSelectable;
}

} // namespace jitscope::views
