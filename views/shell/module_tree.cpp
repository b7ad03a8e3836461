#include "views/shell/module_tree.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTreeView>
#include <QVBoxLayout>

namespace jitscope::views {

namespace {

constexpr int openLevels = 1; // of the tree, after loading

} // namespace

ModuleTree::ModuleTree(DocumentModel& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_selection(selection),
      m_filter(new QLineEdit),
      m_tree(new QTreeView)
{
    setObjectName(QStringLiteral("moduleTreePanel"));
    m_filter->setObjectName(QStringLiteral("moduleFilter"));
    m_filter->setPlaceholderText(tr("Filter modules"));
    m_filter->setAccessibleName(tr("Filter modules"));
    m_filter->setClearButtonEnabled(true);
    m_filtered.setSourceModel(&m_model);
    m_filtered.setRecursiveFilteringEnabled(true);
    m_filtered.setFilterKeyColumn(-1);
    m_filtered.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_tree->setObjectName(QStringLiteral("moduleTree"));
    m_tree->setAccessibleName(tr("Modules"));
    m_tree->setModel(&m_filtered);
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    // The name matters most: it may need room for its depth, and the class gives way.
    m_tree->setIndentation(14);
    m_tree->header()->setMinimumSectionSize(60);
    m_tree->header()->setSectionResizeMode(ModuleTreeModel::Name, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(ModuleTreeModel::Class, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(ModuleTreeModel::Parameters,
                                           QHeaderView::ResizeToContents);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(m_filter);
    layout->addWidget(m_tree);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filtered.setFilterFixedString(text);
        if (text.isEmpty())
            m_tree->collapseAll();
        m_tree->expandToDepth(text.isEmpty() ? openLevels - 1 : 100);
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid())
                    m_selection.selectModule(index.data(ModuleTreeModel::pathRole).toString(),
                                             this);
            });
    connect(&m_document, &DocumentModel::opened, this, &ModuleTree::reload);
    connect(&m_document, &DocumentModel::closed, this, &ModuleTree::reload);
    connect(&m_selection, &Selection::changed, this, &ModuleTree::showSelection);
    reload();
}

void ModuleTree::reload()
{
    const QSignalBlocker quiet(m_tree->selectionModel());
    m_model.setContent(m_document.content());
    m_tree->expandToDepth(openLevels - 1);
}

void ModuleTree::showSelection(const QObject* source)
{
    if (source == this)
        return;
    const QSignalBlocker quiet(m_tree->selectionModel());
    if (m_selection.isEmpty()) {
        m_tree->clearSelection();
    } else {
        const QModelIndex index = m_filtered.mapFromSource(m_model.indexOf(m_selection.module()));
        m_tree->setCurrentIndex(index);
        m_tree->scrollTo(index);
    }
    m_tree->viewport()->update();
}

} // namespace jitscope::views
