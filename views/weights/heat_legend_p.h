// The scale of the heat map. Private to views/weights.
#pragma once

#include "views/weights/heat_colours_p.h"

#include <QWidget>

namespace jitscope::views {

class HeatLegend : public QWidget
{
    Q_OBJECT

public:
    // Object name "weightsLegend".
    explicit HeatLegend(QWidget* parent = nullptr);

    void set(const HeatColours& colours);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    HeatColours m_colours;
};

} // namespace jitscope::views
