// What holds for the labels of every drawing.
#pragma once

#include "core/picture/edge_labels.h"
#include "core/picture/measures.h"
#include "core/scene/scene.h"

#include <string>
#include <vector>

namespace jitscope::tests {

inline bool isWithin(const picture::Drawing& drawing, std::uint32_t box, std::uint32_t ancestor)
{
    while (box != picture::noBox && box != ancestor)
        box = drawing.boxes[box].parent;
    return box == ancestor;
}

// The first label that is where none may be, or empty.
inline std::string misplaced(const picture::Drawing& drawing,
                             const std::vector<picture::EdgeLabel>& labels)
{
    for (std::size_t l = 0; l < labels.size(); ++l) {
        const picture::EdgeLabel& label = labels[l];
        const picture::DrawnEdge& edge = drawing.edges.at(label.edge);
        const std::string name = label.text + " of " + edge.edge->name;
        if (label.text.empty() || edge.isLink)
            return name + " is no label";
        // Beside a point of the route or the middle of a piece.
        const auto route = drawing.route(edge);
        const picture::Rect reach = label.rect.grown(6);
        const auto isBeside = [&reach](double x, double y) { return reach.contains({x, y, 0, 0}); };
        bool isNear = isBeside(route[0].x, route[0].y);
        for (std::size_t i = 1; i < route.size(); ++i) {
            const layout::Point& from = route[i - 1];
            const layout::Point& to = route[i];
            isNear = isNear || isBeside(to.x, to.y) ||
                     isBeside((from.x + to.x) / 2, (from.y + to.y) / 2);
        }
        if (!isNear)
            return name + " is far from its edge";
        for (std::uint32_t b = 0; b < drawing.boxes.size(); ++b) {
            const picture::DrawnBox& box = drawing.boxes[b];
            if (!box.rect.intersects(label.rect))
                continue;
            if (!box.isOpen)
                return name + " lies on " + box.box->id;
            picture::Rect ground = box.rect;
            ground.y += picture::measure::headerHeight;
            ground.height -= picture::measure::headerHeight;
            if (!ground.contains(label.rect))
                return name + " crosses the border or title of " + box.box->id;
            if (!isWithin(drawing, edge.from, b) || edge.from == b)
                return name + " lies in " + box.box->id + ", where its edge is not";
        }
        for (std::size_t other = 0; other < l; ++other) {
            if (label.rect.intersects(labels[other].rect))
                return name + " lies on " + labels[other].text;
            const picture::DrawnEdge& another = drawing.edges[labels[other].edge];
            if (another.from == edge.from && another.edge->fromPort == edge.edge->fromPort)
                return name + " is there twice";
        }
    }
    return {};
}

} // namespace jitscope::tests
