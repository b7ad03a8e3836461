// The model's tensors: a table to sort and filter, and what is known of the one that is chosen.
#pragma once

#include "views/model/document_model.h"
#include "views/model/selection.h"
#include "views/weights/tensor_service.h"
#include "views/weights/tensor_table_model.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace jitscope::views {

class TensorDetails;
class TensorFilter;

class WeightsView : public QWidget
{
    Q_OBJECT

public:
    // Object name "weightsView". All three outlive it. The actions for a menu are
    // QWidget::actions(): compute for the selection and for all, export, copy, filter.
    WeightsView(DocumentModel& document, Selection& selection, TensorService& service,
                QWidget* parent = nullptr);

Q_SIGNALS:
    void statusMessage(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildActions();
    [[nodiscard]] QWidget* buildTable();
    [[nodiscard]] QWidget* buildBar();
    void connectAll();
    void reload();
    void showStatistics();
    void showDetails();
    void fitColumns();
    void showSummary();
    void updateActions();
    // Follows what was chosen elsewhere.
    void followSelection(const QObject* source);
    void applyModuleFilter();
    // Tells the other views what was chosen here.
    void chooseCurrent();
    void compute(bool all);
    void askWhereToExport();
    void copyTable();
    void chooseColumns(const QPoint& place);
    [[nodiscard]] int currentRow() const; // of the model; -1 for none
    [[nodiscard]] std::vector<int> selectedRows() const;
    [[nodiscard]] TensorService::Ids idsOf(const std::vector<int>& rows) const;

    DocumentModel& m_document;
    Selection& m_selection;
    TensorService& m_service;
    TensorTableModel m_model;
    TensorFilter* m_filter;
    quint64 m_choice = 0; // answers for an earlier choice are thrown away

    QAction* m_computeSelected = nullptr;
    QAction* m_computeAll = nullptr;
    QAction* m_export = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_find = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_empty = nullptr;
    QSplitter* m_splitter = nullptr;
    QLineEdit* m_text = nullptr;
    QComboBox* m_role = nullptr;
    QCheckBox* m_moduleOnly = nullptr;
    QCheckBox* m_markedOnly = nullptr;
    QToolButton* m_compute = nullptr;
    QToolButton* m_exportButton = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    TensorDetails* m_details = nullptr;
};

} // namespace jitscope::views
