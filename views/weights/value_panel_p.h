// The elements of one tensor in a grid, with what chooses and colours them. Private to
// views/weights.
#pragma once

#include "core/document/rows.h"
#include "views/weights/value_grid_model_p.h"

#include <QWidget>

#include <optional>

class QAction;
class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace jitscope::views {

class HeatLegend;

class ValuePanel : public QWidget
{
    Q_OBJECT

public:
    // Object name "weightsValues".
    explicit ValuePanel(TensorService& service, QWidget* parent = nullptr);

    // Nothing is fetched before the user asks for values or has done so for another tensor.
    void setTensor(const document::TensorRow* tensor);
    // The range that the whole tensor has, for the colours.
    void setStatistics(const document::TensorStatisticsRow* statistics);

    // Copies what is selected, as soon as all of it is there.
    void copySelection();

Q_SIGNALS:
    void statusMessage(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildBar();
    void buildGrid();
    void showTensor();
    void chooseDimension(QComboBox* changed);
    void applySlice();
    void goTo();
    void updateHeat();
    void updateColumns();
    void finishCopy();
    [[nodiscard]] QString placeText() const;

    ValueGridModel m_model;
    std::optional<document::TensorRow> m_tensor;
    std::optional<document::TensorStatisticsRow> m_statistics;
    std::vector<std::int64_t> m_sizes;
    bool m_isAllowed = false; // values may be fetched
    bool m_isCopying = false;

    QStackedWidget* m_pages = nullptr;
    QLabel* m_reason = nullptr;
    QPushButton* m_load = nullptr;
    QComboBox* m_rows = nullptr;
    QComboBox* m_columns = nullptr;
    QHBoxLayout* m_slicers = nullptr;
    std::vector<QSpinBox*> m_indices; // one for each dimension; hidden for rows and columns
    std::vector<QWidget*> m_indexLabels;
    QLineEdit* m_goTo = nullptr;
    QComboBox* m_format = nullptr;
    QCheckBox* m_heat = nullptr;
    HeatLegend* m_legend = nullptr;
    QLabel* m_place = nullptr;
    QTableView* m_grid = nullptr;
    QAction* m_copy = nullptr;
};

} // namespace jitscope::views
