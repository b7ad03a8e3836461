#include "views/weights/tensor_filter_p.h"

#include "views/weights/tensor_table_model.h"

#include <algorithm>

namespace jitscope::views {

TensorFilter::TensorFilter(QObject* parent) : QSortFilterProxyModel(parent)
{
    setSortRole(TensorTableModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

void TensorFilter::setText(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void TensorFilter::setRole(const QString& role)
{
    m_role = role;
    invalidateFilter();
}

void TensorFilter::setMarkedOnly(bool only)
{
    m_markedOnly = only;
    invalidateFilter();
}

void TensorFilter::setModule(const QString& path)
{
    m_hasModule = true;
    m_module = path;
    invalidateFilter();
}

void TensorFilter::clearModule()
{
    if (std::exchange(m_hasModule, false))
        invalidateFilter();
}

bool TensorFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto cell = [&](int column) { return sourceModel()->index(row, column, parent); };
    if (!m_role.isEmpty() && cell(TensorTableModel::Role).data().toString() != m_role)
        return false;
    const QModelIndex name = cell(TensorTableModel::Name);
    if (m_markedOnly && name.data(TensorTableModel::MarkRole).toInt() == 0)
        return false;
    if (m_hasModule && !m_module.isEmpty()) {
        const QString module = name.data(TensorTableModel::ModuleRole).toString();
        if (module != m_module && !module.startsWith(m_module + QLatin1Char('.')))
            return false;
    }
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        const auto contains = [&](int column) {
            return cell(column).data().toString().contains(word, Qt::CaseInsensitive);
        };
        return contains(TensorTableModel::Name) || contains(TensorTableModel::Role) ||
               contains(TensorTableModel::Type) || contains(TensorTableModel::Shape);
    });
}

} // namespace jitscope::views
