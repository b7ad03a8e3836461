// The whole picture small in a corner of the canvas, with a frame for the part that is in view; a
// click or drag moves it. Hides itself while everything is in view. Private to views/graph.
#pragma once

#include "views/graph/graph_canvas_p.h"

#include <QImage>

namespace jitscope::views {

class Minimap : public QWidget
{
    Q_OBJECT

public:
    explicit Minimap(GraphCanvas& canvas);
    void setWanted(bool wanted);
    [[nodiscard]] bool isWanted() const { return m_isWanted; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void follow();
    void render();
    void goTo(const QPointF& position);
    [[nodiscard]] ViewTransform transform() const;

    GraphCanvas& m_canvas;
    PicturePtr m_picture; // what the image shows
    std::shared_ptr<const Colouring> m_colouring;
    std::shared_ptr<const scene::FlowTrace> m_trace;
    QImage m_image;
    bool m_isWanted = true;
};

// Names the colours that the picture uses, in a corner of the canvas. Private to views/graph.
class Legend : public QWidget
{
    Q_OBJECT

public:
    explicit Legend(GraphCanvas& canvas);
    void setWanted(bool wanted);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow();

    GraphCanvas& m_canvas;
    std::shared_ptr<const Colouring> m_colouring;
    bool m_isWanted = true;
    bool m_isPointedAt = false;
};

} // namespace jitscope::views
