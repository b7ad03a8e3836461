// The module tree with a filter, in step with the selection.
#pragma once

#include "views/model/document_model.h"
#include "views/model/selection.h"
#include "views/shell/module_tree_model.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QLineEdit;
class QTreeView;

namespace jitscope::views {

class ModuleTree : public QWidget
{
    Q_OBJECT

public:
    // Object name "moduleTreePanel"; within it "moduleFilter" and "moduleTree".
    ModuleTree(DocumentModel& document, Selection& selection, QWidget* parent = nullptr);

private:
    void reload();
    void showSelection(const QObject* source);

    DocumentModel& m_document;
    Selection& m_selection;
    ModuleTreeModel m_model;
    QSortFilterProxyModel m_filtered;
    QLineEdit* m_filter;
    QTreeView* m_tree;
};

} // namespace jitscope::views
