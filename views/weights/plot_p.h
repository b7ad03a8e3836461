// What the plots of the weights view have in common: margins, axes with round numbers, the place
// under the mouse or chosen with the keys. Private to views/weights.
#pragma once

#include <QWidget>

#include <vector>

namespace jitscope::views {

// Round numbers from `from` to `to`, at most `most` of them.
[[nodiscard]] std::vector<double> roundTicks(double from, double to, int most);

class Plot : public QWidget
{
    Q_OBJECT

public:
    explicit Plot(QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    // The place that is pointed at, -1 for none.
    [[nodiscard]] int place() const { return m_place; }

protected:
    struct Axis
    {
        double from = 0;
        double to = 1;
        QString title;
    };
    // How many places there are along the horizontal axis; 0 when there is nothing to draw.
    [[nodiscard]] virtual int places() const = 0;
    [[nodiscard]] virtual QString textOf(int place) const = 0; // for people
    [[nodiscard]] virtual QString emptyText() const = 0;
    // The horizontal axis belongs to the middle of places when it counts them.
    [[nodiscard]] virtual Axis horizontal() const = 0;
    [[nodiscard]] virtual Axis vertical() const = 0;
    virtual void drawPlaces(QPainter& painter, const QRectF& area) = 0;

    // To be called when what is shown has changed.
    void contentChanged();

    [[nodiscard]] QColor accent() const;
    [[nodiscard]] QColor dimmed(double share) const; // between background and text

    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] int placeAt(double x) const;
    [[nodiscard]] std::vector<double> ticksOf(const Axis& axis, bool isHorizontal) const;
    void point(int place);
    void drawAxes(QPainter& painter, const QRectF& area);
    void drawPointed(QPainter& painter, const QRectF& area);

    int m_place = -1;
};

} // namespace jitscope::views
