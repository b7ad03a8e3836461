// The items of a palette that match a text: the best first, among equals those used last.
#pragma once

#include "views/palette/palette_item.h"

#include <QAbstractListModel>
#include <QStringList>

namespace jitscope::views {

class PaletteModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int lettersRole = Qt::UserRole; // QList<int>: places of the matching letters
    static constexpr int detailRole =
        Qt::UserRole + 1; // QString: the detail, or why it is disabled
    static constexpr int shortcutRole = Qt::UserRole + 2; // QString

    using QAbstractListModel::QAbstractListModel;

    // `recent` are the ids of items that were used, the last one first.
    void setItems(QList<PaletteItem> items, const QString& text, const QStringList& recent,
                  bool isMatched);
    [[nodiscard]] const PaletteItem* item(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row
    {
        PaletteItem item;
        QList<int> letters;
        int score = 0;
        qsizetype recency = 0; // place among those used last
    };
    QList<Row> m_rows;
};

} // namespace jitscope::views
