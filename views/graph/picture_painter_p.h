// Paints a picture at any zoom in one of three levels of detail. Private to views/graph.
#pragma once

#include "core/scene/flow.h"
#include "views/graph/box_painter_p.h"
#include "views/graph/colouring_p.h"
#include "views/graph/graph_style_p.h"
#include "views/graph/picture_p.h"
#include "views/graph/tracing_p.h"

#include <QPainter>

#include <unordered_set>
#include <vector>

namespace jitscope::views {

// From the plane of the picture to the widget: widget = scene * scale + offset.
struct ViewTransform
{
    double scale = 1;
    QPointF offset;

    [[nodiscard]] QPointF toWidget(const QPointF& scene) const { return scene * scale + offset; }
    [[nodiscard]] QPointF toScene(const QPointF& widget) const { return (widget - offset) / scale; }
    [[nodiscard]] QRectF toWidget(const QRectF& scene) const
    {
        return {toWidget(scene.topLeft()), scene.size() * scale};
    }
    [[nodiscard]] QRectF toScene(const QRectF& widget) const
    {
        return {toScene(widget.topLeft()), widget.size() / scale};
    }
};

enum class DetailLevel
{
    Density, // coloured specks and straight lines
    Boxes,   // coloured boxes and routes, no text
    Full,
};
[[nodiscard]] DetailLevel detailLevel(double scale);

struct PaintState
{
    std::unordered_set<std::uint32_t> selected; // ringed
    std::uint32_t current = noBox;              // its edges are highlighted
    std::uint32_t hovered = noBox;
    std::uint32_t hoveredEdge = noBox;
    std::shared_ptr<const Colouring> colouring;    // of the picture; not null when it is painted
    std::shared_ptr<const scene::FlowTrace> trace; // what it did not reach is dim; null for none
    Tracing::Kind traceKind = Tracing::Kind::None;
    bool isMoving = false; // draw quickly; the picture is refined when the movement ends

    [[nodiscard]] QColor traceColour(const GraphStyle& style) const;
};

class PicturePainter
{
public:
    // `style` must outlive it; make another painter when its fonts have changed.
    explicit PicturePainter(const GraphStyle& style);

    // Paints what of the picture is in `area` of the widget, without the background.
    void paint(QPainter& painter, const Picture& picture, const ViewTransform& view,
               const QRectF& area, const PaintState& state);
    void paintBackground(QPainter& painter, const ViewTransform& view, const QRectF& area,
                         double devicePixelRatio) const;
    // The picture in a small image, for the minimap.
    void paintDensity(QPainter& painter, const Picture& picture, const ViewTransform& view,
                      const PaintState& state);

private:
    struct Visible
    {
        std::vector<std::uint32_t> boxes;
        std::vector<std::uint32_t> edges;
    };

    void collect(const Picture& picture, const QRectF& sceneArea);
    void paintBoxesLevel(QPainter& painter, const Picture& picture, const ViewTransform& view,
                         const PaintState& state);
    [[nodiscard]] double freeWidth(const Picture& picture, std::uint32_t open,
                                   const ViewTransform& view, const QRectF& strip);
    void paintFull(QPainter& painter, const Picture& picture, const ViewTransform& view,
                   const PaintState& state);
    void paintEdges(QPainter& painter, const Picture& picture, const ViewTransform& view,
                    const PaintState& state);
    void paintEdgeLabels(QPainter& painter, const Picture& picture, const PaintState& state) const;
    [[nodiscard]] QRgb fillOf(const Picture& picture, const PaintState& state,
                              std::uint32_t box) const;
    void paintHighlight(QPainter& painter, const Picture& picture, const ViewTransform& view,
                        const PaintState& state);
    void paintRings(QPainter& painter, const Picture& picture, const ViewTransform& view,
                    const PaintState& state) const;

    const GraphStyle& m_style;
    BoxPainter m_boxPainter;
    Visible m_visible;
    std::vector<std::uint32_t> m_marks;
};

// The curve of a route, in the plane of the picture.
[[nodiscard]] QPainterPath pathOf(const Picture& picture, const PictureEdge& edge);

} // namespace jitscope::views
