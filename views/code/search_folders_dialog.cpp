#include "views/code/search_folders_dialog_p.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace jitscope::views {

SearchFoldersDialog::SearchFoldersDialog(const QStringList& folders, QWidget* parent)
    : QDialog(parent), m_list(new QListWidget), m_remove(new QPushButton(tr("&Remove")))
{
    setObjectName(QStringLiteral("searchFoldersDialog"));
    setWindowTitle(tr("Folders with Python sources"));
    auto* explanation = new QLabel(
        tr("Python files that are not where they were when the model was made are looked for in "
           "these folders and below. The file that agrees with the longest end of the path is "
           "taken."));
    explanation->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("searchFoldersList"));
    m_list->setAccessibleName(windowTitle());
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto* add = new QPushButton(tr("&Add ..."));
    add->setObjectName(QStringLiteral("searchFoldersAdd"));
    m_remove->setObjectName(QStringLiteral("searchFoldersRemove"));
    m_remove->setEnabled(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto* side = new QVBoxLayout;
    side->addWidget(add);
    side->addWidget(m_remove);
    side->addStretch(1);
    auto* middle = new QHBoxLayout;
    middle->addWidget(m_list, 1);
    middle->addLayout(side);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(explanation);
    layout->addLayout(middle, 1);
    layout->addWidget(buttons);
    resize(560, 320);
    for (const QString& folder : folders)
        addFolder(folder);

    connect(add, &QPushButton::clicked, this, &SearchFoldersDialog::askForFolder);
    connect(m_remove, &QPushButton::clicked, this, &SearchFoldersDialog::removeSelected);
    connect(m_list, &QListWidget::itemSelectionChanged, this,
            [this] { m_remove->setEnabled(!m_list->selectedItems().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QStringList SearchFoldersDialog::folders() const
{
    QStringList folders;
    for (int row = 0; row < m_list->count(); ++row)
        folders << m_list->item(row)->data(Qt::UserRole).toString();
    return folders;
}

void SearchFoldersDialog::addFolder(const QString& folder)
{
    if (folder.isEmpty() || folders().contains(folder))
        return;
    auto* item = new QListWidgetItem(QDir::toNativeSeparators(folder), m_list);
    item->setData(Qt::UserRole, folder);
    if (!QDir(folder).exists())
        item->setText(tr("%1 (not there)").arg(item->text()));
}

void SearchFoldersDialog::askForFolder()
{
    addFolder(QFileDialog::getExistingDirectory(this, windowTitle(), folders().value(0)));
}

void SearchFoldersDialog::removeSelected()
{
    qDeleteAll(m_list->selectedItems());
}

} // namespace jitscope::views
