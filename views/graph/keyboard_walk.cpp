// Where an arrow key leads: up along the inputs, down along the outputs, left and right among the
// siblings of a rank.
#include "views/graph/graph_canvas_p.h"

#include <cmath>

namespace jitscope::views {

namespace {

// The nearest in x of the boxes at the other ends of the edges that arrive at or leave `box`.
std::uint32_t alongEdges(const Picture& picture, std::uint32_t box, bool isUp)
{
    std::uint32_t best = box;
    double distance = 0;
    const QRectF here = picture.boxes[box].rect;
    for (const std::uint32_t e : picture.edgesOf(box)) {
        const PictureEdge& edge = picture.edges[e];
        const std::uint32_t other = isUp ? edge.from : edge.to;
        if (other == box)
            continue;
        // From an open box its own links lead inside: those are for going down into it, not past
        // it.
        const double d = std::abs(picture.boxes[other].rect.center().x() - here.center().x()) +
                         (edge.isLink ? 1e6 : 0);
        if (best == box || d < distance) {
            best = other;
            distance = d;
        }
    }
    return best;
}

std::uint32_t sibling(const Picture& picture, std::uint32_t box, bool isLeft)
{
    const QRectF here = picture.boxes[box].rect;
    std::uint32_t best = box;
    double distance = 0;
    for (std::uint32_t i = 0; i < picture.boxes.size(); ++i) {
        const PictureBox& other = picture.boxes[i];
        if (i == box || other.scope != picture.boxes[box].scope)
            continue;
        const double away = isLeft ? here.center().x() - other.rect.center().x()
                                   : other.rect.center().x() - here.center().x();
        const bool sharesRow = other.rect.top() < here.bottom() && other.rect.bottom() > here.top();
        if (away <= 0 || !sharesRow)
            continue;
        if (best == box || away < distance) {
            best = i;
            distance = away;
        }
    }
    return best;
}

} // namespace

std::uint32_t neighbourOf(const Picture& picture, std::uint32_t box, Qt::Key key)
{
    switch (key) {
    case Qt::Key_Up:
        return alongEdges(picture, box, true);
    case Qt::Key_Down:
        return alongEdges(picture, box, false);
    case Qt::Key_Left:
        return sibling(picture, box, true);
    case Qt::Key_Right:
        return sibling(picture, box, false);
    default:
        return box;
    }
}

} // namespace jitscope::views
