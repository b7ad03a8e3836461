// Where an arrow key leads: up along the inputs, down along the outputs, left and right among what
// the last step could have led to as well, else among the siblings of a rank; with Shift into an
// open box and out of it.
#include "views/graph/keyboard_walk_p.h"

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

void addEnds(const Picture& picture, std::uint32_t box, bool isUp, bool isLink,
             std::vector<std::uint32_t>& ends)
{
    for (const std::uint32_t e : picture.edgesOf(box)) {
        const PictureEdge& edge = picture.edges[e];
        const std::uint32_t other = isUp ? edge.from : edge.to;
        if (other != box && edge.isLink == isLink &&
            std::find(ends.begin(), ends.end(), other) == ends.end())
            ends.push_back(other);
    }
}

// The boxes at the other ends of the edges that arrive at or leave a box, from left to right. Stubs
// are passed: from a stub up to who gives the value, from there down past its stubs.
std::vector<std::uint32_t> endsOf(const Picture& picture, std::uint32_t box, bool isUp)
{
    std::vector<std::uint32_t> ends;
    const scene::Box& b = *picture.boxes[box].box;
    if (isUp && b.kind == scene::BoxKind::Reference) {
        for (const scene::Far& far : b.far) {
            const std::uint32_t target = picture.boxWithId(far.box);
            if (target != noBox && std::find(ends.begin(), ends.end(), target) == ends.end())
                ends.push_back(target);
        }
    } else {
        addEnds(picture, box, isUp, false, ends);
    }
    if (!isUp) {
        for (const std::uint32_t stub : picture.referencesTo(box))
            addEnds(picture, stub, false, false, ends);
    }
    // From an open box its own links lead inside: those are for going into it, not past it. From an
    // input in it they lead out.
    if (ends.empty())
        addEnds(picture, box, isUp, true, ends);
    std::sort(ends.begin(), ends.end(), [&picture](std::uint32_t x, std::uint32_t y) {
        return picture.boxes[x].rect.center().x() < picture.boxes[y].rect.center().x();
    });
    return ends;
}

std::uint32_t nearest(const Picture& picture, std::uint32_t box,
                      const std::vector<std::uint32_t>& ends)
{
    const double here = picture.boxes[box].rect.center().x();
    const auto away = [&](std::uint32_t end) {
        return std::abs(picture.boxes[end].rect.center().x() - here);
    };
    const auto found =
        std::min_element(ends.begin(), ends.end(),
                         [&](std::uint32_t x, std::uint32_t y) { return away(x) < away(y); });
    return found == ends.end() ? box : *found;
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

// The first box in an open one, from above.
std::uint32_t firstInside(const Picture& picture, std::uint32_t box)
{
    std::uint32_t best = box;
    for (const PictureScope& scope : picture.scopes) {
        if (scope.owner != box)
            continue;
        const auto end = scope.firstBox + static_cast<std::uint32_t>(scope.scope->boxes.size());
        for (std::uint32_t i = scope.firstBox; i < end; ++i) {
            if (best == box || picture.boxes[i].rect.top() < picture.boxes[best].rect.top())
                best = i;
        }
    }
    return best;
}

} // namespace

std::uint32_t KeyboardWalk::step(const Picture& picture, std::uint32_t box, Qt::Key key,
                                 bool intoAndOut)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const bool isUp = key == Qt::Key_Up;
        if (intoAndOut) {
            m_others.clear();
            const std::uint32_t parent = picture.boxes[box].parent;
            return !isUp ? firstInside(picture, box) : parent == noBox ? box : parent;
        }
        std::vector<std::uint32_t> ends = endsOf(picture, box, isUp);
        const std::uint32_t next = nearest(picture, box, ends);
        if (next != box)
            m_others = std::move(ends);
        return next;
    }
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const bool isLeft = key == Qt::Key_Left;
        const auto here = std::find(m_others.begin(), m_others.end(), box);
        if (here == m_others.end() || m_others.size() < 2) {
            m_others.clear();
            return sibling(picture, box, isLeft);
        }
        if (isLeft)
            return here == m_others.begin() ? box : *std::prev(here);
        return std::next(here) == m_others.end() ? box : *std::next(here);
    }
    default:
        return box;
    }
}

} // namespace jitscope::views
