// How many nodes of each kind a stage has, against its parent.
#pragma once

#include "core/ir/counts.h"

#include <QAbstractTableModel>
#include <QString>

#include <map>
#include <vector>

namespace jitscope::views {

class KindDifferenceModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Kind,
        Before,
        After,
        Difference,
        columnCountOf
    };
    using Kinds = std::map<std::string, std::uint64_t>;

    using QAbstractTableModel::QAbstractTableModel;

    // Rows that differ come first, the largest difference on top. `before` null: there is nothing
    // to compare with.
    void setCounts(const Kinds* before, const Kinds& after);
    void clear();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Row
    {
        QString kind;
        qlonglong before = 0;
        qlonglong after = 0;
        [[nodiscard]] qlonglong difference() const { return after - before; }
    };
    std::vector<Row> m_rows;
    bool m_compares = false;
};

} // namespace jitscope::views
