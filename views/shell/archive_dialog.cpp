#include "views/shell/archive_dialog.h"

#include "views/look/row_table.h"
#include "views/shell/archive_model.h"

#include <QAction>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace jitscope::views {

ArchiveDialog::ArchiveDialog(const std::shared_ptr<const DocumentContent>& content, QWidget* parent)
    : QDialog(parent),
      m_model(new ArchiveModel(content, this)),
      m_filter(new QSortFilterProxyModel(this)),
      m_table(new QTableView),
      m_summary(new QLabel)
{
    setObjectName(QStringLiteral("archiveDialog"));
    const QString file =
        QFileInfo(QString::fromStdString(content->infoValue("model_path"))).fileName();
    setWindowTitle(file.isEmpty() ? tr("Archive") : tr("Archive %1").arg(file));
    const bool isEmpty = m_model->rowCount() == 0;

    auto* line = new QLineEdit;
    line->setObjectName(QStringLiteral("archiveFilter"));
    line->setPlaceholderText(tr("Look for a record"));
    line->setAccessibleName(line->placeholderText());
    line->setClearButtonEnabled(true);
    m_filter->setSourceModel(m_model);
    m_filter->setSortRole(ArchiveModel::SortRole);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setFilterKeyColumn(-1);
    connect(line, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setFilterFixedString(text.trimmed());
        showSummary();
    });

    m_table->setObjectName(QStringLiteral("archiveTable"));
    m_table->setAccessibleName(tr("Records of the archive"));
    m_table->setModel(m_filter);
    showAsRows(*m_table);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::StyledPanel);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSortIndicator(-1, Qt::AscendingOrder); // the archive's own order
    header->setSortIndicatorClearable(true);
    m_table->setSortingEnabled(true);
    m_table->resizeColumnsToContents();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(ArchiveModel::Name, QHeaderView::Stretch);
    auto* copyRows = new QAction(tr("&Copy rows"), this);
    copyRows->setShortcut(QKeySequence::Copy);
    copyRows->setShortcutContext(Qt::WidgetShortcut);
    connect(copyRows, &QAction::triggered, this, &ArchiveDialog::copy);
    m_table->addAction(copyRows);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);

    m_summary->setObjectName(QStringLiteral("archiveSummary"));
    auto* empty = new QLabel(tr("The document tells of no records: the model is no zip archive, or "
                                "an older Jitscope made the document."));
    empty->setObjectName(QStringLiteral("archiveEmpty"));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setVisible(isEmpty);
    for (QWidget* widget : {static_cast<QWidget*>(line), static_cast<QWidget*>(m_table),
                            static_cast<QWidget*>(m_summary)})
        widget->setVisible(!isEmpty);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(line);
    layout->addWidget(m_table, 1);
    layout->addWidget(empty, 1);
    layout->addWidget(m_summary);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 32);
    showSummary();
    line->setFocus();
}

void ArchiveDialog::showSummary()
{
    qlonglong bytes = 0;
    qlonglong stored = 0;
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const auto number = [&](int column) {
            return m_filter->index(row, column).data(ArchiveModel::SortRole).toLongLong();
        };
        bytes += number(ArchiveModel::Size);
        stored += number(ArchiveModel::Stored);
    }
    const QLocale locale;
    const QString which =
        m_filter->rowCount() == m_model->rowCount()
            ? tr("%1 records").arg(locale.toString(m_model->rowCount()))
            : tr("%1 of %2 records")
                  .arg(locale.toString(m_filter->rowCount()), locale.toString(m_model->rowCount()));
    m_summary->setText(
        tr("%1, %2, stored in %3")
            .arg(which, locale.formattedDataSize(bytes), locale.formattedDataSize(stored)));
}

void ArchiveDialog::copy() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int column = 0; column < ArchiveModel::ColumnCount; ++column)
            cells << row.siblingAtColumn(column).data().toString();
        text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    QGuiApplication::clipboard()->setText(text);
}

} // namespace jitscope::views
