// The range of a tensor's elements at each index of its first dimension. Private to views/weights.
#pragma once

#include "core/document/rows.h"
#include "views/weights/plot_p.h"

namespace jitscope::views {

class ChannelPlot : public Plot
{
    Q_OBJECT

public:
    // Object name "weightsChannels".
    explicit ChannelPlot(QWidget* parent = nullptr);

    // `channels` is the size of the first dimension, `step` how many indices one range covers.
    void set(std::vector<document::TensorChannelRow> ranges, qlonglong channels, qlonglong step);
    void clear(const QString& reason);

protected:
    [[nodiscard]] int places() const override { return static_cast<int>(m_ranges.size()); }
    [[nodiscard]] QString textOf(int place) const override;
    [[nodiscard]] QString emptyText() const override { return m_reason; }
    [[nodiscard]] Axis horizontal() const override;
    [[nodiscard]] Axis vertical() const override;
    void drawPlaces(QPainter& painter, const QRectF& area) override;

private:
    std::vector<document::TensorChannelRow> m_ranges;
    qlonglong m_channels = 0;
    qlonglong m_step = 1;
    double m_minimum = 0;
    double m_maximum = 1;
    QString m_reason;
};

} // namespace jitscope::views
