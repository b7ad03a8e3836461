// Shows a picture: paints it, moves and zooms it, finds what is under the cursor, walks it by keys.
// Knows nothing of documents. Private to views/graph.
#pragma once

#include "views/graph/keyboard_walk_p.h"
#include "views/graph/picture_painter_p.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>

namespace jitscope::views {

class GraphCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit GraphCanvas(QWidget* parent = nullptr);

    [[nodiscard]] const PicturePtr& picture() const { return m_picture; }
    // Shows another picture; `anchor` (an id that both pictures have, or empty) stays where it is
    // on the screen.
    void setPicture(PicturePtr picture, const std::string& anchor);
    // The id of the box nearest to the middle of the view, of those that `other` has too; empty for
    // none.
    [[nodiscard]] std::string anchorFor(const Picture& other) const;

    [[nodiscard]] const ViewTransform& view() const { return m_view; }
    void setView(const ViewTransform& view);
    [[nodiscard]] const PaintState& state() const { return m_state; }
    [[nodiscard]] const GraphStyle& style() const { return m_style; }

    [[nodiscard]] GraphView::ColourBy colourBy() const { return m_colourBy; }
    void setColourBy(GraphView::ColourBy colourBy);
    [[nodiscard]] const std::shared_ptr<const BoxTimes>& times() const { return m_times; }
    void setTimes(std::shared_ptr<const BoxTimes> times); // for ColourBy::Time; null for no run
    // Dims what the trace did not reach; null for none.
    void setTrace(std::shared_ptr<const scene::FlowTrace> trace, Tracing::Kind kind);
    void setMessage(const QString& title,
                    const QString& hint); // what is written when there is no picture
    void setBusy(bool busy, const QString& text = {});

    void select(std::vector<std::uint32_t> boxes, std::uint32_t current);
    void reveal(const std::vector<std::uint32_t>& boxes); // scrolls them into view unless they are
    // The same, and near enough to be read.
    void approach(const std::vector<std::uint32_t>& boxes);
    // Beside what covers a corner, where something would lie below it.
    void fit(const QRectF& scene, double largestScale = 1.5);
    // The part of the widget in a lower corner that a panel covers; empty for none.
    void setCovered(const QRect& corner) { m_covered = corner; }
    // How much of the widget's foot something else lies on, in pixels: panels keep above it.
    void setFoot(int height)
    {
        m_foot = height;
        Q_EMIT viewChanged();
    }
    [[nodiscard]] QRect aboveFoot() const { return rect().adjusted(0, 0, 0, -m_foot); }
    [[nodiscard]] bool seesAll() const;
    void fitFirst(); // all of it if that can be read, else its head
    void zoomBy(double factor, const QPointF& at);
    void scrollBy(const QPointF& distance);
    [[nodiscard]] QRectF visibleScene() const;

    [[nodiscard]] QSize sizeHint() const override { return {900, 700}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 150}; }

Q_SIGNALS:
    // By click or keys; noBox for the empty plane. `extend`: beside what is selected already.
    void picked(std::uint32_t box, bool extend = false);
    void activated(
        std::uint32_t box); // double click, Enter, or a click on its mark: to be opened or closed
    void menuWanted(std::uint32_t box, const QPoint& globalPosition);
    void escaped();
    void viewChanged();
    void painted();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void paintMessage(QPainter& painter);
    void paintBusy(QPainter& painter);
    void bringIntoView(const std::vector<std::uint32_t>& boxes, double leastScale);
    void fitInto(const QRectF& area, const QRectF& scene, double scaleLimit);
    [[nodiscard]] bool hidesBoxes(const QRect& area) const;
    void keepInReach();
    void hover(const QPointF& position);
    [[nodiscard]] bool isOnMark(std::uint32_t box, const QPointF& position) const;
    [[nodiscard]] QString toolTipAt(const QPointF& position) const;
    void moving();
    void recolour();

    GraphStyle m_style;
    GraphView::ColourBy m_colourBy = GraphView::ColourBy::OperatorClass;
    std::shared_ptr<const BoxTimes> m_times;
    std::unique_ptr<PicturePainter> m_painter; // of m_style
    PicturePtr m_picture;
    ViewTransform m_view;
    PaintState m_state;
    KeyboardWalk m_walk;
    QString m_messageTitle;
    QString m_messageHint;
    QString m_busyText;
    QRect m_covered;
    int m_foot = 0;
    bool m_isBusy = false;
    bool m_isFitted = false; // until the user moves the view, a resize fits it again
    bool m_isSpaceDown = false;
    std::optional<QPointF> m_dragFrom;
    bool m_isDragging = false;
    Qt::MouseButton m_dragButton = Qt::NoButton;
    QTimer m_refine;   // after a movement
    QTimer m_busyTick; // moves the strip
    QElapsedTimer m_busySince;
};

} // namespace jitscope::views
