#include "views/weights/weights_view.h"

#include "views/icons/icon.h"
#include "views/look/row_table.h"
#include "views/look/share_delegate.h"
#include "views/weights/attribute_nodes_p.h"
#include "views/weights/tensor_details_p.h"
#include "views/weights/tensor_filter_p.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

namespace {

QAction* makeAction(QObject* parent, const char* name, const QString& text, const char* iconName,
                    const char* shortcut)
{
    auto* action = new QAction(text, parent);
    action->setObjectName(QLatin1String(name));
    if (*iconName != 0)
        action->setIcon(icon(QLatin1String(iconName)));
    action->setShortcut(QKeySequence(QLatin1String(shortcut)));
    return action;
}

} // namespace

WeightsView::WeightsView(DocumentModel& document, Selection& selection, TensorService& service,
                         QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_service(service),
      m_filter(new TensorFilter(this)),
      m_pages(new QStackedWidget),
      m_empty(new QLabel),
      m_splitter(new QSplitter)
{
    setObjectName(QStringLiteral("weightsView"));
    m_filter->setSourceModel(&m_model);
    buildActions();
    m_details = new TensorDetails(document, service);
    m_empty->setObjectName(QStringLiteral("weightsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setEnabled(false);
    m_splitter->setObjectName(QStringLiteral("weightsSplitter"));
    m_splitter->addWidget(buildTable());
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_splitter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);
    connectAll();
    reload();
}

void WeightsView::buildActions()
{
    m_computeAll = makeAction(this, "weightsComputeAll", tr("Compute statistics of &all tensors"),
                              "", "Ctrl+Alt+M");
    m_computeSelected = makeAction(this, "weightsComputeSelected",
                                   tr("Compute statistics of the &selection"), "", "Ctrl+M");
    m_export =
        makeAction(this, "weightsExport", tr("&Export as .npy\u2026"), "export", "Ctrl+Alt+E");
    m_copy = makeAction(this, "weightsCopy", tr("&Copy rows"), "copy", "Ctrl+C");
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_find = makeAction(this, "weightsFind", tr("&Filter tensors"), "filter", "Ctrl+Alt+W");
    connect(m_computeAll, &QAction::triggered, this, [this] { compute(true); });
    connect(m_computeSelected, &QAction::triggered, this, [this] { compute(false); });
    connect(m_export, &QAction::triggered, this, &WeightsView::askWhereToExport);
    connect(m_copy, &QAction::triggered, this, &WeightsView::copyTable);
    connect(m_find, &QAction::triggered, this, [this] {
        m_text->setFocus(Qt::ShortcutFocusReason);
        m_text->selectAll();
    });
    addActions({m_computeSelected, m_computeAll, m_export, m_copy, m_find});
}

QWidget* WeightsView::buildBar()
{
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("weightsFilter"));
    m_text->setPlaceholderText(tr("Filter by name, type or shape"));
    m_text->setAccessibleName(m_text->placeholderText());
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(fontMetrics().averageCharWidth() * 20);
    m_role = new QComboBox;
    m_role->setObjectName(QStringLiteral("weightsRole"));
    m_role->setAccessibleName(tr("Role of the tensors"));
    m_role->setToolTip(m_role->accessibleName());
    m_role->addItem(tr("All roles"), QString());
    m_role->addItem(tr("Parameters"), QStringLiteral("parameter"));
    m_role->addItem(tr("Buffers"), QStringLiteral("buffer"));
    m_role->addItem(tr("Constants"), QStringLiteral("constant"));
    m_role->addItem(tr("Attributes"), QStringLiteral("attribute"));
    m_moduleOnly = new QCheckBox(tr("Selected &module"));
    m_moduleOnly->setObjectName(QStringLiteral("weightsModuleOnly"));
    m_moduleOnly->setToolTip(tr("Only tensors of the module that is selected"));
    m_markedOnly = new QCheckBox(tr("&Suspicious"));
    m_markedOnly->setObjectName(QStringLiteral("weightsMarkedOnly"));
    m_markedOnly->setToolTip(
        tr("Only tensors with NaN or Inf, that are all zero, or that cannot be read"));
    m_compute = new QToolButton;
    m_compute->setObjectName(QStringLiteral("weightsCompute"));
    m_compute->setText(tr("Compute statistics"));
    m_compute->setToolTip(tr("Of the selected tensors, or of all"));
    m_compute->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_compute);
    menu->addActions({m_computeSelected, m_computeAll});
    m_compute->setMenu(menu);
    m_exportButton = new QToolButton;
    m_exportButton->setDefaultAction(m_export);
    m_exportButton->setAccessibleName(tr("Export as .npy"));

    // Where there is no room for all, the last ones move into its menu.
    auto* bar = new QToolBar;
    const std::initializer_list<QWidget*> widgets = {m_text,       m_role,    m_moduleOnly,
                                                     m_markedOnly, m_compute, m_exportButton};
    for (QWidget* widget : widgets)
        bar->addWidget(widget);
    return bar;
}

QWidget* WeightsView::buildTable()
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("weightsTable"));
    m_table->setAccessibleName(tr("Tensors"));
    m_table->setModel(m_filter);
    m_table->setItemDelegateForColumn(TensorTableModel::Share,
                                      new ShareDelegate(TensorTableModel::ShareRole, m_table));
    showAsRows(*m_table);
    m_table->setTabKeyNavigation(false);
    m_table->addAction(m_copy);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, &WeightsView::chooseColumns);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QTableView::customContextMenuRequested, this, [this](const QPoint& place) {
        QMenu menu;
        menu.addActions({m_computeSelected, m_export, m_copy});
        menu.exec(m_table->viewport()->mapToGlobal(place));
    });
    // The order of the file until a header is clicked.
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setSortIndicatorClearable(true);
    m_table->setSortingEnabled(true);
    const int character = fontMetrics().averageCharWidth();
    for (int column = 0; column < TensorTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, character * 11);
    constexpr int margin = 3; // characters
    m_table->setColumnWidth(TensorTableModel::Role,
                            fontMetrics().horizontalAdvance(QStringLiteral("parameter")) +
                                character * margin);
    m_table->setColumnWidth(TensorTableModel::Name, character * 34);
    m_table->setColumnWidth(TensorTableModel::Shape, character * 18);
    m_table->setColumnWidth(TensorTableModel::SharedWith, character * 24);
    for (const int column :
         {TensorTableModel::Zeros, TensorTableModel::NaN, TensorTableModel::Infinite})
        m_table->setColumnWidth(column, character * 8);
    for (const int column :
         {TensorTableModel::Elements, TensorTableModel::Device, TensorTableModel::Strides})
        m_table->setColumnHidden(column, true);

    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("weightsSummary"));
    m_summary->setAccessibleName(tr("The tensors together"));
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setContentsMargins(6, 2, 6, 2);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_table, 1);
    layout->addWidget(m_summary);
    return page;
}

void WeightsView::connectAll()
{
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setText(text);
        showSummary();
    });
    connect(m_role, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setRole(m_role->currentData().toString());
        showSummary();
    });
    connect(m_markedOnly, &QCheckBox::toggled, this, [this](bool only) {
        m_filter->setMarkedOnly(only);
        showSummary();
    });
    connect(m_moduleOnly, &QCheckBox::toggled, this, &WeightsView::applyModuleFilter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        showDetails();
        chooseCurrent();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showSummary();
        updateActions();
    });
    connect(m_details, &TensorDetails::statusMessage, this, &WeightsView::statusMessage);
    connect(&m_document, &DocumentModel::opened, this, &WeightsView::reload);
    connect(&m_document, &DocumentModel::closed, this, &WeightsView::reload);
    connect(&m_document, &DocumentModel::tensorStatisticsChanged, this,
            &WeightsView::showStatistics);
    connect(&m_selection, &Selection::changed, this, &WeightsView::followSelection);
    connect(&m_service, &TensorService::busyChanged, this, &WeightsView::updateActions);
}

void WeightsView::reload()
{
    ++m_choice;
    {
        const QSignalBlocker quiet(m_table->selectionModel());
        m_model.setContent(m_document.content());
        m_model.setStatistics(m_document.tensorStatistics());
    }
    m_empty->setText(m_document.isOpen() ? tr("The model has no parameters, buffers or constants.")
                                         : tr("Open a model to see its weights."));
    m_pages->setCurrentIndex(m_model.rowCount() == 0 ? 0 : 1);
    fitColumns();
    showDetails();
    showSummary();
    updateActions();
}

void WeightsView::showStatistics()
{
    m_model.setStatistics(m_document.tensorStatistics());
    showDetails();
}

// Texts in full, as far as no column takes the place of the others.
void WeightsView::fitColumns()
{
    for (const int column : {TensorTableModel::Role, TensorTableModel::Type,
                             TensorTableModel::Shape, TensorTableModel::Bytes}) {
        const int least = m_table->columnWidth(column);
        const int most = std::max(least, fontMetrics().averageCharWidth() * 30);
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::clamp(m_table->columnWidth(column), least, most));
    }
}

void WeightsView::showDetails()
{
    m_details->show(m_model, currentRow());
}

int WeightsView::currentRow() const
{
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    return current.isValid() ? m_filter->mapToSource(current).row() : -1;
}

std::vector<int> WeightsView::selectedRows() const
{
    std::vector<int> rows;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& index : selected)
        rows.push_back(m_filter->mapToSource(index).row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

TensorService::Ids WeightsView::idsOf(const std::vector<int>& rows) const
{
    TensorService::Ids ids;
    for (const int row : rows)
        ids.push_back(m_model.tensor(row)->id);
    return ids;
}

void WeightsView::showSummary()
{
    std::vector<int> rows = selectedRows();
    const bool isSelection = rows.size() > 1;
    if (!isSelection) {
        rows.clear();
        for (int row = 0; row < m_filter->rowCount(); ++row)
            rows.push_back(m_filter->mapToSource(m_filter->index(row, 0)).row());
    }
    const QLocale locale;
    qlonglong elements = 0;
    for (const int row : rows)
        elements += m_model.index(row, TensorTableModel::Elements)
                        .data(TensorTableModel::SortRole)
                        .toLongLong();
    const QString which =
        isSelection ? tr("%1 selected").arg(rows.size())
        : m_filter->rowCount() == m_model.rowCount()
            ? (m_model.rowCount() == 1 ? tr("1 tensor")
                                       : tr("%1 tensors").arg(locale.toString(m_model.rowCount())))
            : tr("%1 of %2 tensors")
                  .arg(locale.toString(m_filter->rowCount()), locale.toString(m_model.rowCount()));
    m_summary->setText(tr("%1, %2 elements, %3 in storages (shared ones once)")
                           .arg(which, locale.toString(elements),
                                locale.formattedDataSize(m_model.storageBytes(rows))));
}

void WeightsView::updateActions()
{
    const bool canStart = m_model.rowCount() > 0 && !m_service.isBusy();
    const bool hasSelection = m_table->selectionModel()->hasSelection();
    m_computeAll->setEnabled(canStart);
    m_computeSelected->setEnabled(canStart && hasSelection);
    m_compute->setEnabled(canStart);
    m_export->setEnabled(canStart);
    m_copy->setEnabled(hasSelection);
    m_find->setEnabled(m_model.rowCount() > 0);
}

void WeightsView::applyModuleFilter()
{
    if (m_moduleOnly->isChecked() && !m_selection.isEmpty())
        m_filter->setModule(m_selection.module());
    else
        m_filter->clearModule();
    showSummary();
}

void WeightsView::followSelection(const QObject* source)
{
    if (source == this)
        return;
    ++m_choice;
    if (m_moduleOnly->isChecked())
        applyModuleFilter();
    // The tensors of the module itself; of one without, those below it.
    const QString module = m_selection.module();
    QItemSelection own;
    QItemSelection below;
    for (int row = 0; !m_selection.isEmpty() && row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        const QString of = index.data(TensorTableModel::ModuleRole).toString();
        const bool isConstant =
            m_filter->index(row, TensorTableModel::Role).data() == QStringLiteral("constant");
        if (isConstant)
            continue;
        if (of == module)
            own.select(index, index);
        else if (module.isEmpty() || of.startsWith(module + QLatin1Char('.')))
            below.select(index, index);
    }
    // Everything is no choice.
    const QItemSelection& chosen = own.isEmpty() && !module.isEmpty() ? below : own;
    const QSignalBlocker quiet(m_table->selectionModel());
    m_table->selectionModel()->clear();
    if (!chosen.isEmpty()) {
        const QModelIndex first = chosen.front().topLeft();
        m_table->selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
        m_table->selectionModel()->select(chosen,
                                          QItemSelectionModel::Select | QItemSelectionModel::Rows);
        m_table->scrollTo(first);
    }
    m_table->viewport()->update();
    showDetails();
    showSummary();
    updateActions();
}

void WeightsView::chooseCurrent()
{
    const quint64 choice = ++m_choice;
    const int row = currentRow();
    const document::TensorRow* tensor = m_model.tensor(row);
    if (tensor == nullptr || tensor->role == "constant")
        return;
    const std::string module = m_model.module(row).toStdString();
    const std::string name = module.empty() ? tensor->name : tensor->name.substr(module.size() + 1);
    findAttributeReads(m_document, module, name, this,
                       [this, choice, module](std::vector<document::NodeRef> nodes) {
                           if (choice != m_choice)
                               return; // the user has gone on
                           if (nodes.empty())
                               m_selection.selectModule(QString::fromStdString(module), this);
                           else
                               m_selection.selectNodes(std::move(nodes), this);
                       });
}

void WeightsView::compute(bool all)
{
    if (all)
        m_service.computeStatistics({});
    else if (const auto rows = selectedRows(); !rows.empty())
        m_service.computeStatistics(idsOf(rows));
}

void WeightsView::askWhereToExport()
{
    const std::vector<int> rows = selectedRows();
    if (rows.size() == 1) {
        QString name = m_model.index(rows.front(), TensorTableModel::Name).data().toString();
        name.replace(QLatin1Char('/'), QLatin1Char('_'));
        const QString file = QFileDialog::getSaveFileName(
            this, tr("Export tensor"), name + QStringLiteral(".npy"), tr("NumPy arrays (*.npy)"));
        if (!file.isEmpty())
            m_service.exportFile(m_model.tensor(rows.front())->id, file);
        return;
    }
    const QString folder = QFileDialog::getExistingDirectory(
        this, rows.empty() ? tr("Export all tensors into")
                           : tr("Export %1 tensors into").arg(rows.size()));
    if (!folder.isEmpty())
        m_service.exportFolder(idsOf(rows), folder);
}

void WeightsView::copyTable()
{
    const QHeaderView* header = m_table->horizontalHeader();
    QStringList titles;
    std::vector<int> columns;
    for (int place = 0; place < header->count(); ++place) {
        const int column = header->logicalIndex(place);
        if (header->isSectionHidden(column))
            continue;
        columns.push_back(column);
        titles << m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    }
    QString text = titles.join(QLatin1Char('\t')) + QLatin1Char('\n');
    QModelIndexList selected = m_table->selectionModel()->selectedRows();
    std::sort(selected.begin(), selected.end());
    for (const QModelIndex& row : selected) {
        QStringList cells;
        for (const int column : columns)
            cells << row.siblingAtColumn(column).data().toString();
        text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    QGuiApplication::clipboard()->setText(text);
}

void WeightsView::chooseColumns(const QPoint& place)
{
    QMenu menu;
    for (int column = TensorTableModel::Role; column < TensorTableModel::ColumnCount; ++column) {
        QAction* action =
            menu.addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_table->isColumnHidden(column));
        connect(action, &QAction::toggled, this,
                [this, column](bool shown) { m_table->setColumnHidden(column, !shown); });
    }
    menu.exec(m_table->horizontalHeader()->mapToGlobal(place));
}

void WeightsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isWide = width() > height();
    const Qt::Orientation orientation = isWide ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != orientation)
        m_splitter->setOrientation(orientation);
}

} // namespace jitscope::views
