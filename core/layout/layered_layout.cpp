#include "core/layout/layered_layout.h"

#include "core/layout/layered_graph_p.h"

#include <algorithm>
#include <cmath>

namespace jitscope::layout {

namespace {

struct Rank
{
    double top = 0;
    double bottom = 0;
};

std::vector<Rank> rankBands(const Graph& graph, const LayeredGraph& layered, const Spacing& spacing)
{
    std::vector<Rank> ranks(layered.layers.size());
    double y = 0;
    for (std::size_t r = 0; r < ranks.size(); ++r) {
        double height = 0;
        for (const Vertex vertex : layered.layers[r]) {
            if (!layered.isPoint(vertex))
                height = std::max(height, graph.boxes[vertex].size.height);
        }
        ranks[r] = {y, y + height};
        y += height + spacing.rank;
    }
    return ranks;
}

// A box much lower than its rank stands at the rank's top, beside the head of the tall one; else in
// the middle.
double topIn(const Rank& rank, double height)
{
    const double room = rank.bottom - rank.top - height;
    return room > 3 * height ? rank.top : rank.top + room / 2;
}

class Router
{
public:
    Router(const Graph& graph, const LayeredGraph& layered, const std::vector<Rank>& ranks,
           const std::vector<double>& left, const Spacing& spacing, Placement& placement)
        : m_graph(graph),
          m_layered(layered),
          m_ranks(ranks),
          m_left(left),
          m_spacing(spacing),
          m_placement(placement)
    {}

    void run()
    {
        m_placement.firstPoint.reserve(m_graph.edges.size() + 1);
        m_placement.firstPoint.push_back(0);
        for (std::size_t e = 0; e < m_graph.edges.size(); ++e) {
            if (m_graph.edges[e].from == m_graph.edges[e].to)
                loop(m_graph.edges[e]);
            else
                route(e);
            m_placement.firstPoint.push_back(static_cast<std::uint32_t>(m_placement.points.size()));
        }
    }

private:
    void add(double x, double y)
    {
        const std::size_t first = m_placement.firstPoint.back();
        std::vector<Point>& points = m_placement.points;
        const std::size_t size = points.size();
        if (size > first && points.back() == Point{x, y})
            return;
        constexpr double tolerance = 1e-6;
        if (size >= first + 2 && std::abs(points[size - 1].x - x) < tolerance &&
            std::abs(points[size - 2].x - x) < tolerance)
            points.back() = {x, y};
        else
            points.push_back({x, y});
    }

    void route(std::size_t e)
    {
        const EdgeSpec& edge = m_graph.edges[e];
        const bool isReversed = m_layered.reversed[e];
        const std::uint32_t upper = isReversed ? edge.to : edge.from;
        const std::uint32_t lower = isReversed ? edge.from : edge.to;
        const double upperX = m_placement.positions[upper].x + (isReversed ? edge.toX : edge.fromX);
        const double lowerX = m_placement.positions[lower].x + (isReversed ? edge.fromX : edge.toX);
        const std::size_t first = m_placement.points.size();
        add(upperX, m_placement.positions[upper].y + m_graph.boxes[upper].size.height);
        add(upperX, m_ranks[m_layered.ranks[upper]].bottom);
        for (const Vertex point : m_layered.passes[e]) {
            const double x = m_left[point] + m_layered.widths[point] / 2;
            add(x, m_ranks[m_layered.ranks[point]].top);
            add(x, m_ranks[m_layered.ranks[point]].bottom);
        }
        add(lowerX, m_ranks[m_layered.ranks[lower]].top);
        add(lowerX, m_placement.positions[lower].y);
        if (isReversed)
            std::reverse(m_placement.points.begin() + static_cast<std::ptrdiff_t>(first),
                         m_placement.points.end());
    }

    // Around the right side of the box.
    void loop(const EdgeSpec& edge)
    {
        const Point corner = m_placement.positions[edge.from];
        const Size size = m_graph.boxes[edge.from].size;
        const double out = m_spacing.box / 3;
        add(corner.x + edge.fromX, corner.y + size.height);
        add(corner.x + size.width + out, corner.y + size.height + out);
        add(corner.x + size.width + out, corner.y - out);
        add(corner.x + edge.toX, corner.y);
    }

    const Graph& m_graph;
    const LayeredGraph& m_layered;
    const std::vector<Rank>& m_ranks;
    const std::vector<double>& m_left;
    const Spacing& m_spacing;
    Placement& m_placement;
};

// Moves everything so that the picture begins at (0, 0), and measures it.
void normalise(const Graph& graph, Placement& placement)
{
    double low = 0;
    double top = 0;
    bool isFirst = true;
    const auto include = [&low, &top, &isFirst](double x, double y) {
        low = isFirst ? x : std::min(low, x);
        top = isFirst ? y : std::min(top, y);
        isFirst = false;
    };
    for (const Point& position : placement.positions)
        include(position.x, position.y);
    for (const Point& point : placement.points)
        include(point.x, point.y);
    for (Point& position : placement.positions)
        position = {position.x - low, position.y - top};
    for (Point& point : placement.points) {
        point = {point.x - low, point.y - top};
        placement.size.width = std::max(placement.size.width, point.x);
        placement.size.height = std::max(placement.size.height, point.y);
    }
    for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
        placement.size.width =
            std::max(placement.size.width, placement.positions[i].x + graph.boxes[i].size.width);
        placement.size.height =
            std::max(placement.size.height, placement.positions[i].y + graph.boxes[i].size.height);
    }
}

} // namespace

Result<Placement> LayeredLayout::place(const Graph& graph, const CancelToken& cancel) const
{
    LayeredGraph layered = makeLayers(graph, m_spacing);
    if (!reduceCrossings(layered, cancel))
        return cancelled();
    return draw(graph, layered, cancel);
}

Result<Placement> LayeredLayout::rearrange(const Graph& graph, const Placement& before,
                                           const CancelToken& cancel) const
{
    const std::optional<LayeredGraph> layered = makeLayersLike(graph, before, m_spacing);
    return layered ? draw(graph, *layered, cancel) : place(graph, cancel);
}

Result<Placement> LayeredLayout::draw(const Graph& graph, const LayeredGraph& layered,
                                      const CancelToken& cancel) const
{
    Placement placement;
    placement.engine = "layered";
    const std::vector<double> left = assignCoordinates(layered, m_spacing, cancel);
    if (cancel.isCancelled())
        return cancelled();
    const std::vector<Rank> ranks = rankBands(graph, layered, m_spacing);
    placement.positions.reserve(graph.boxes.size());
    for (Vertex box = 0; box < graph.boxes.size(); ++box)
        placement.positions.push_back(
            {left[box], topIn(ranks[layered.ranks[box]], graph.boxes[box].size.height)});
    placement.ranks.assign(layered.ranks.begin(),
                           layered.ranks.begin() + static_cast<std::ptrdiff_t>(graph.boxes.size()));
    Router(graph, layered, ranks, left, m_spacing, placement).run();
    normalise(graph, placement);
    return placement;
}

} // namespace jitscope::layout
