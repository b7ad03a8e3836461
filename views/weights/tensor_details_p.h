// What is known of one tensor: facts and statistics in words, histogram, ranges of its channels,
// and its values. Private to views/weights.
#pragma once

#include "views/weights/tensor_service.h"
#include "views/weights/tensor_table_model.h"

#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QLabel;
class QTabWidget;

namespace jitscope::views {

class ChannelPlot;
class HistogramPlot;
class ValuePanel;

class TensorDetails : public QWidget
{
    Q_OBJECT

public:
    // Object name "tensorDetails"; the tabs are "weightsTabs".
    TensorDetails(DocumentModel& document, TensorService& service, QWidget* parent = nullptr);

    // `row` of the model; -1 for none.
    void show(const TensorTableModel& model, int row);

Q_SIGNALS:
    void statusMessage(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QWidget* buildStatistics();
    void showPlots(const document::TensorRow& tensor,
                   const document::TensorStatisticsRow* statistics);

    DocumentModel& m_document;
    std::int64_t m_tensor = 0; // the one that is shown; 0 for none
    bool m_hasStatistics = false;
    QTabWidget* m_tabs;
    QLabel* m_facts = nullptr;
    HistogramPlot* m_histogram = nullptr;
    ChannelPlot* m_channels = nullptr;
    QCheckBox* m_logarithmic = nullptr;
    QBoxLayout* m_statisticsLayout = nullptr;
    QBoxLayout* m_plotsLayout = nullptr;
    ValuePanel* m_values;
};

} // namespace jitscope::views
