#include "views/timeline/statistics_panel_p.h"

#include "views/look/row_table.h"
#include "views/look/share_delegate.h"
#include "views/timeline/slice_text_p.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QTableView>

#include <algorithm>

namespace jitscope::views {

using timeline::GroupBy;

StatisticsPanel::StatisticsPanel(QWidget* parent)
    : QWidget(parent),
      m_model(new StatisticsModel(this)),
      m_groupBy(new QComboBox(this)),
      m_filter(new QLineEdit(this)),
      m_summary(new QLabel(this)),
      m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("statisticsPanel"));
    m_groupBy->setObjectName(QStringLiteral("statisticsGroupBy"));
    m_groupBy->addItem(tr("Nodes"), static_cast<int>(GroupBy::Node));
    m_groupBy->addItem(tr("Kinds"), static_cast<int>(GroupBy::Kind));
    m_groupBy->addItem(tr("Modules"), static_cast<int>(GroupBy::Module));
    m_groupBy->setToolTip(tr("What a row of the table stands for"));
    m_groupBy->setAccessibleName(m_groupBy->toolTip());
    m_filter->setObjectName(QStringLiteral("statisticsFilter"));
    m_filter->setPlaceholderText(tr("Filter by kind, module or file"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_summary->setObjectName(QStringLiteral("statisticsSummary"));
    m_summary->setAccessibleName(tr("The rows together"));
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_table->setObjectName(QStringLiteral("statisticsTable"));
    m_table->setAccessibleName(tr("Statistics of the run"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(StatisticsModel::Share,
                                      new ShareDelegate(StatisticsModel::ShareRole, m_table));
    showAsRows(*m_table);
    m_table->horizontalHeader()->setSortIndicator(StatisticsModel::Self, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    const int character = fontMetrics().averageCharWidth();
    for (int column = 0; column < StatisticsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, character * 12);
    m_table->setColumnWidth(StatisticsModel::Kind, character * 26);
    m_table->setColumnWidth(StatisticsModel::Module, character * 30);
    m_table->setColumnWidth(StatisticsModel::Source, character * 26);
    m_table->setColumnWidth(StatisticsModel::Count, character * 9);
    m_table->horizontalHeader()->setStretchLastSection(true);

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_groupBy);
    bar->addWidget(m_filter, 1);
    m_filter->setMinimumWidth(character * 28);
    bar->addWidget(m_summary);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_table, 1);

    connect(m_groupBy, &QComboBox::currentIndexChanged, this, [this] {
        showColumns();
        Q_EMIT groupByChanged();
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model->setFilter(text);
        select(m_selectedNodes, m_selectedModule);
        showSummary();
    });
    connect(m_table, &QTableView::clicked, this, &StatisticsPanel::choose);
    connect(m_table, &QTableView::activated, this, &StatisticsPanel::choose);
    showColumns();
}

GroupBy StatisticsPanel::groupBy() const
{
    return static_cast<GroupBy>(m_groupBy->currentData().toInt());
}

void StatisticsPanel::set(std::shared_ptr<const timeline::Statistics> statistics,
                          std::shared_ptr<const timeline::RunTimeline> timeline,
                          std::shared_ptr<const document::NodeIndex> nodes)
{
    m_hasGpu = std::any_of(timeline->tracks.begin(), timeline->tracks.end(), [](const auto& track) {
        return track.kind == timeline::TrackKind::Gpu;
    });
    m_model->set(std::move(statistics), std::move(timeline), std::move(nodes));
    showColumns();
    showSummary();
    select(m_selectedNodes, m_selectedModule);
}

void StatisticsPanel::clear()
{
    m_model->clear();
    m_summary->clear();
}

void StatisticsPanel::showColumns()
{
    const GroupBy by = groupBy();
    m_table->setColumnHidden(StatisticsModel::Kind, by == GroupBy::Module);
    m_table->setColumnHidden(StatisticsModel::Module, by == GroupBy::Kind);
    m_table->setColumnHidden(StatisticsModel::Source, by != GroupBy::Node);
    m_table->setColumnHidden(StatisticsModel::Gpu, !m_hasGpu);
}

void StatisticsPanel::showSummary()
{
    const timeline::Statistics* statistics = m_model->statistics();
    if (statistics == nullptr)
        return m_summary->clear();
    const QString part =
        statistics->range
            ? tr("selected range, %1").arg(durationString(statistics->range->duration()))
            : tr("whole run without warm-ups");
    m_summary->setText(tr("%1 of %2 rows, %3 executions, %4 self time, %5")
                           .arg(QLocale().toString(m_model->rowCount()),
                                QLocale().toString(static_cast<qlonglong>(statistics->rows.size())),
                                QLocale().toString(static_cast<qlonglong>(statistics->count)),
                                durationString(statistics->self), part));
}

void StatisticsPanel::choose(const QModelIndex& index)
{
    const timeline::StatisticsRow* row = m_model->row(index.row());
    if (row == nullptr)
        return;
    if (row->node != 0)
        Q_EMIT nodeChosen(row->node);
    else if (m_model->statistics()->by == GroupBy::Module)
        Q_EMIT moduleChosen(QString::fromStdString(m_model->modulePath(*row)));
}

void StatisticsPanel::select(const std::set<ir::NodeKey>& nodes,
                             const std::optional<std::string>& module)
{
    m_selectedNodes = nodes;
    m_selectedModule = module;
    QItemSelection rows;
    int first = -1;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const timeline::StatisticsRow& row = *m_model->row(i);
        const bool isSelected = row.node != 0
                                    ? nodes.contains(row.node)
                                    : module && m_model->statistics()->by == GroupBy::Module &&
                                          m_model->modulePath(row) == *module;
        if (!isSelected)
            continue;
        first = first < 0 ? i : first;
        rows.select(m_model->index(i, 0), m_model->index(i, StatisticsModel::ColumnCount - 1));
    }
    m_table->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (first >= 0 && !m_table->hasFocus())
        m_table->scrollTo(m_model->index(first, m_table->isColumnHidden(0) ? 1 : 0));
}

} // namespace jitscope::views
