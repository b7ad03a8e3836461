// A laid-out graph, ready to be painted: boxes and edges at their places, found by place, id or
// node. Immutable. Private to views/graph.
#pragma once

#include "core/layout/layout.h"
#include "core/picture/drawing.h"
#include "core/picture/grid_index.h"
#include "core/scene/scene_text.h"
#include "core/scene/scope_builder.h"

#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::views {

using picture::noBox;
inline constexpr std::uint32_t noLabel = std::numeric_limits<std::uint32_t>::max();

struct PictureBox
{
    QRectF rect;
    const scene::Box* box = nullptr; // kept alive by the picture's scopes
    std::uint32_t parent = noBox;    // the open box it is in
    std::uint32_t scope = 0;
    bool isOpen = false;
    std::uint32_t depth = 0;
};

struct PictureEdge
{
    const scene::Edge* edge = nullptr;
    std::uint32_t from = 0; // boxes of the picture
    std::uint32_t to = 0;
    std::uint32_t firstPoint = 0;
    std::uint32_t pointCount = 0;
    layout::RouteStyle style = layout::RouteStyle::Vertical;
    bool isLink =
        false;     // joins a port of an open box with the input or output inside that it stands for
    QRectF bounds; // of the route and the label
    std::uint32_t label = noLabel; // in Picture::labels
};

struct PictureLabel
{
    QRectF rect; // as picture::placeEdgeLabels places it
    std::string text;
};

struct PictureScope
{
    scene::ScopePtr scope;
    std::uint32_t owner = noBox; // the open box it is shown in; noBox for the root
    std::uint32_t firstBox = 0;  // its boxes follow one another
    std::uint32_t firstEdge = 0; // its edges too; links come after them
};

class Picture
{
public:
    std::vector<PictureBox> boxes; // a box before those in it
    std::vector<PictureEdge> edges;
    std::vector<QPointF> points;
    std::vector<PictureScope> scopes; // the root first
    std::vector<PictureLabel> labels; // of edges
    QRectF bounds;
    std::string title;

    // Call once when all is filled in.
    void index();

    [[nodiscard]] std::span<const QPointF> route(const PictureEdge& edge) const
    {
        return std::span(points).subspan(edge.firstPoint, edge.pointCount);
    }
    // Append what may touch the rectangle, in order; an edge touches where its label does. `marks`
    // is scratch of the caller.
    void findBoxes(const QRectF& rect, std::vector<std::uint32_t>& found,
                   std::vector<std::uint32_t>& marks) const;
    void findEdges(const QRectF& rect, std::vector<std::uint32_t>& found,
                   std::vector<std::uint32_t>& marks) const;

    [[nodiscard]] std::uint32_t boxWithId(std::string_view id) const; // noBox if it is not there
    // The box with this id, or the closed one that it is hidden in; noBox if it is not in this
    // graph.
    [[nodiscard]] std::uint32_t boxHiding(std::string_view id) const;
    [[nodiscard]] std::uint32_t boxAt(const QPointF& point) const; // the innermost
    [[nodiscard]] std::uint32_t edgeNear(const QPointF& point,
                                         double distance) const; // noBox for none
    // The edges that begin or end at a box.
    [[nodiscard]] std::span<const std::uint32_t> edgesOf(std::uint32_t box) const;
    // The stubs that stand for what a box gives to consumers far away.
    [[nodiscard]] std::vector<std::uint32_t> referencesTo(std::uint32_t box) const;
    // The boxes that stand for a node, or else the innermost closed box that hides it.
    [[nodiscard]] std::vector<std::uint32_t> boxesOf(const document::NodeRef& ref,
                                                     const document::NodeIndex& nodes) const;
    // The boxes of a module instance, or else the innermost that hides it.
    [[nodiscard]] std::vector<std::uint32_t> boxesOfModule(std::string_view path) const;
    [[nodiscard]] bool isInside(std::uint32_t box, std::uint32_t ancestor) const;

private:
    picture::GridIndex m_boxGrid;
    picture::GridIndex m_edgeGrid;
    std::unordered_map<std::string_view, std::uint32_t> m_byId;
    std::unordered_map<std::string_view, std::uint32_t> m_hidden;   // members of closed Repeats
    std::unordered_multimap<ir::NodeKey, std::uint32_t> m_byKey;    // key in the shown stage
    std::unordered_multimap<ir::NodeKey, std::uint32_t> m_byLoaded; // key in `loaded`
    std::unordered_multimap<ir::NodeKey, std::uint32_t>
        m_contents; // hidden in closed boxes that are no module
    std::unordered_multimap<std::string_view, std::uint32_t> m_byModule;
    std::unordered_multimap<std::string_view, std::uint32_t> m_references; // by id of the producer
    std::vector<std::uint32_t> m_firstEdge;
    std::vector<std::uint32_t> m_edgesOfBoxes;
};

using PicturePtr = std::shared_ptr<const Picture>;

} // namespace jitscope::views
