#include "views/palette/palette_model.h"

#include "views/palette/fuzzy_match.h"

#include <QCoreApplication>

#include <algorithm>
#include <tuple>

namespace jitscope::views {

namespace {

constexpr qsizetype mostRows = 500; // nobody reads further; one types on

} // namespace

void PaletteModel::setItems(QList<PaletteItem> items, const QString& text,
                            const QStringList& recent, bool isMatched)
{
    beginResetModel();
    m_rows.clear();
    for (PaletteItem& item : items) {
        Row row;
        const auto match = fuzzyMatch(text, item.title);
        if (match) {
            row.letters = match->letters;
            row.score = match->score;
        } else if (!isMatched) {
            // What is only in the detail ("Theme" of "Dark") comes after everything else.
            const auto whole = fuzzyMatch(text, item.title + QLatin1Char(' ') + item.detail);
            if (!whole)
                continue;
            row.score = whole->score - 10'000;
        }
        const qsizetype used = item.id.isEmpty() ? -1 : recent.indexOf(item.id);
        row.recency = used < 0 ? recent.size() : used;
        row.item = std::move(item);
        m_rows.append(std::move(row));
    }
    if (!isMatched) {
        const bool isEmpty = text.trimmed().isEmpty();
        std::stable_sort(m_rows.begin(), m_rows.end(), [isEmpty](const Row& a, const Row& b) {
            if (isEmpty)
                return a.recency < b.recency;
            return std::tuple(-a.score, !a.item.isEnabled, a.recency) <
                   std::tuple(-b.score, !b.item.isEnabled, b.recency);
        });
    }
    if (m_rows.size() > mostRows)
        m_rows.resize(mostRows);
    endResetModel();
}

const PaletteItem* PaletteModel::item(const QModelIndex& index) const
{
    return index.isValid() && index.row() < m_rows.size() ? &m_rows[index.row()].item : nullptr;
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    const PaletteItem* shown = item(index);
    if (shown == nullptr)
        return {};
    const QString detail =
        !shown->isEnabled && !shown->reason.isEmpty() ? shown->reason : shown->detail;
    switch (role) {
    case Qt::DisplayRole:
        return shown->title;
    case Qt::ToolTipRole:
        return detail.isEmpty() ? shown->title : shown->title + QLatin1Char('\n') + detail;
    case Qt::AccessibleTextRole: {
        QStringList parts{shown->title};
        for (const QString& part : {detail, shown->shortcut}) {
            if (!part.isEmpty())
                parts << part;
        }
        if (!shown->isEnabled)
            parts << tr("not available");
        return parts.join(QStringLiteral(", "));
    }
    case lettersRole:
        return QVariant::fromValue(m_rows[index.row()].letters);
    case detailRole:
        return detail;
    case shortcutRole:
        return shown->shortcut;
    default:
        return {};
    }
}

// One that is disabled can still be gone to and read; it is drawn pale and does nothing.
Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren
                           : Qt::NoItemFlags;
}

} // namespace jitscope::views
