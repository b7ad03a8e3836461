// The table below the timeline: statistics by node, kind or module, with a filter. Private to
// views/timeline.
#pragma once

#include "views/timeline/statistics_model_p.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace jitscope::views {

class StatisticsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit StatisticsPanel(QWidget* parent = nullptr);

    [[nodiscard]] timeline::GroupBy groupBy() const;
    void set(std::shared_ptr<const timeline::Statistics> statistics,
             std::shared_ptr<const timeline::RunTimeline> timeline,
             std::shared_ptr<const document::NodeIndex> nodes);
    void clear();

    // Marks the rows of what is selected elsewhere and shows the first of them.
    void select(const std::set<ir::NodeKey>& nodes, const std::optional<std::string>& module);

Q_SIGNALS:
    void groupByChanged();
    void nodeChosen(jitscope::ir::NodeKey node);
    void moduleChosen(const QString& path);

private:
    void choose(const QModelIndex& index);
    void showColumns();
    void showSummary();

    StatisticsModel* m_model;
    QComboBox* m_groupBy;
    QLineEdit* m_filter;
    QLabel* m_summary;
    QTableView* m_table;
    std::set<ir::NodeKey> m_selectedNodes;
    std::optional<std::string> m_selectedModule;
    bool m_hasGpu = false;
};

} // namespace jitscope::views
