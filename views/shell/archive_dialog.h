// The archive that a model was saved as, record by record. Stays open beside the window.
#pragma once

#include "views/model/document_model.h"

#include <QDialog>

#include <memory>

class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace jitscope::views {

class ArchiveModel;

class ArchiveDialog : public QDialog
{
    Q_OBJECT

public:
    // Object name "archiveDialog"; within it "archiveFilter", "archiveTable", "archiveSummary" and
    // "archiveEmpty", which is there instead of the table when the document tells of no records.
    ArchiveDialog(const std::shared_ptr<const DocumentContent>& content, QWidget* parent);

private:
    void copy() const;
    void showSummary();

    ArchiveModel* m_model;
    QSortFilterProxyModel* m_filter;
    QTableView* m_table;
    QLabel* m_summary;
};

} // namespace jitscope::views
