// The statistics of a run as a table: sorted and filtered here, since a proxy would compare
// variants, too slow for the hundred thousand nodes of a large model. Private to views/timeline.
#pragma once

#include "core/document/node_index.h"
#include "core/timeline/statistics.h"

#include <QAbstractTableModel>

#include <memory>

namespace jitscope::views {

class StatisticsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Kind,
        Module,
        Self,
        Share,
        Total,
        Count,
        Median,
        Minimum,
        Maximum,
        Gpu,
        Source,
        ColumnCount
    };
    enum Role
    {
        ShareRole = Qt::UserRole, // double, 0 to 1: self time against that of the longest row
    };

    using QAbstractTableModel::QAbstractTableModel;

    // What was computed, and the recording and nodes that name it.
    void set(std::shared_ptr<const timeline::Statistics> statistics,
             std::shared_ptr<const timeline::RunTimeline> timeline,
             std::shared_ptr<const document::NodeIndex> nodes);
    void clear();
    // Rows that have all words of the text in kind, module or source; upper and lower case alike.
    void setFilter(const QString& text);

    [[nodiscard]] const timeline::StatisticsRow* row(int row) const;
    [[nodiscard]] int rowOfNode(ir::NodeKey key) const; // -1 if it is not shown
    [[nodiscard]] int rowOfModule(const std::string& path) const;
    [[nodiscard]] std::string modulePath(const timeline::StatisticsRow& row) const;
    [[nodiscard]] const timeline::Statistics* statistics() const { return m_statistics.get(); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] QString text(const timeline::StatisticsRow& row, int column) const;
    [[nodiscard]] bool matches(const timeline::StatisticsRow& row) const;
    [[nodiscard]] std::vector<std::size_t> sortedOrder() const;

    std::shared_ptr<const timeline::Statistics> m_statistics;
    std::shared_ptr<const timeline::RunTimeline> m_timeline;
    std::shared_ptr<const document::NodeIndex> m_nodes;
    std::vector<std::size_t> m_order; // the shown rows of the statistics
    QStringList m_words;
    int m_sortColumn = Self;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace jitscope::views
