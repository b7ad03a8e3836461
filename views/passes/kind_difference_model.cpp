#include "views/passes/kind_difference_model.h"

#include <QBrush>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include <algorithm>
#include <cstdlib>

namespace jitscope::views {

namespace {

QColor differenceColour(qlonglong difference)
{
    const bool dark = QGuiApplication::palette().color(QPalette::Base).lightness() < 128;
    if (difference < 0)
        return dark ? QColor(0x7f, 0xc9, 0x7f) : QColor(0x1b, 0x7a, 0x34);
    return dark ? QColor(0xf0, 0x9a, 0x6b) : QColor(0xb4, 0x50, 0x10);
}

} // namespace

void KindDifferenceModel::setCounts(const Kinds* before, const Kinds& after)
{
    beginResetModel();
    m_compares = before != nullptr;
    std::map<std::string, Row> rows;
    if (before != nullptr) {
        for (const auto& [kind, count] : *before)
            rows[kind].before = static_cast<qlonglong>(count);
    }
    for (const auto& [kind, count] : after)
        rows[kind].after = static_cast<qlonglong>(count);
    m_rows.clear();
    for (auto& [kind, row] : rows) {
        row.kind = QString::fromStdString(kind);
        m_rows.push_back(row);
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [this](const Row& a, const Row& b) {
        if (m_compares && std::llabs(a.difference()) != std::llabs(b.difference()))
            return std::llabs(a.difference()) > std::llabs(b.difference());
        return a.after > b.after;
    });
    endResetModel();
}

void KindDifferenceModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_compares = false;
    endResetModel();
}

int KindDifferenceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KindDifferenceModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCountOf;
}

QVariant KindDifferenceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() == Kind ? QVariant()
                                      : QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ForegroundRole && index.column() == Difference && row.difference() != 0)
        return QBrush(differenceColour(row.difference()));
    if (role != Qt::DisplayRole)
        return {};
    const QLocale locale;
    switch (index.column()) {
    case Kind:
        return row.kind;
    case Before:
        return m_compares ? QVariant(locale.toString(row.before)) : QVariant();
    case After:
        return locale.toString(row.after);
    case Difference:
        if (!m_compares || row.difference() == 0)
            return {};
        return (row.difference() > 0 ? QStringLiteral("+") : QStringLiteral("\u2212")) +
               locale.toString(std::llabs(row.difference()));
    default:
        return {};
    }
}

QVariant KindDifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section != Kind)
        return int(Qt::AlignRight | Qt::AlignVCenter); // as their numbers
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Kind:
        return tr("Kind");
    case Before:
        return tr("Before");
    case After:
        return tr("Nodes");
    case Difference:
        return tr("Change");
    default:
        return {};
    }
}

} // namespace jitscope::views
