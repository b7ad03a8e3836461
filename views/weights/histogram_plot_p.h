// The distribution of a tensor's finite elements. Private to views/weights.
#pragma once

#include "views/weights/plot_p.h"

namespace jitscope::views {

class HistogramPlot : public Plot
{
    Q_OBJECT

public:
    // Object name "weightsHistogram".
    explicit HistogramPlot(QWidget* parent = nullptr);

    void set(std::vector<qlonglong> counts, double minimum, double maximum, const QString& measure);
    void clear(const QString& reason);
    // Bars as long as the logarithm of their counts, so that single elements are seen.
    void setLogarithmic(bool logarithmic);

protected:
    [[nodiscard]] int places() const override { return static_cast<int>(m_counts.size()); }
    [[nodiscard]] QString textOf(int place) const override;
    [[nodiscard]] QString emptyText() const override { return m_reason; }
    [[nodiscard]] Axis horizontal() const override;
    [[nodiscard]] Axis vertical() const override;
    void drawPlaces(QPainter& painter, const QRectF& area) override;

private:
    [[nodiscard]] double heightOf(qlonglong count) const;

    std::vector<qlonglong> m_counts;
    double m_minimum = 0;
    double m_maximum = 1;
    qlonglong m_sum = 0;
    qlonglong m_largest = 0;
    bool m_isLogarithmic = false;
    QString m_measure;
    QString m_reason;
};

} // namespace jitscope::views
