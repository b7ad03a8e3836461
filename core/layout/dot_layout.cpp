#include "core/layout/dot_layout.h"

#include "core/layout/child_process_p.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <set>

namespace jitscope::layout {

namespace {

constexpr double pointsPerInch = 72; // one pixel of ours is one point of dot's
constexpr std::size_t outputLimit = 64U << 20U;

// Where edges begin or end on one side of a box, in dot's whole points from its left edge.
using Ports = std::set<int>;

int portAt(double x)
{
    return static_cast<int>(std::lround(x));
}

// A row of cells one point high, with a cell in the middle of which each port is.
std::string portRow(const Ports& ports, char side, int width)
{
    constexpr int cell = 2;
    std::string row = "<TR><TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
                      "CELLPADDING=\"0\"><TR>";
    auto out = std::back_inserter(row);
    int at = 0;
    const auto space = [&out, &at](int until) {
        if (until > at)
            fmt::format_to(out, "<TD WIDTH=\"{}\" HEIGHT=\"1\" FIXEDSIZE=\"TRUE\"></TD>",
                           until - at);
        at = std::max(at, until);
    };
    for (const int port : ports) {
        space(port - cell / 2);
        fmt::format_to(out, "<TD PORT=\"{}{}\" WIDTH=\"{}\" HEIGHT=\"1\" FIXEDSIZE=\"TRUE\"></TD>",
                       side, port, cell);
        at += cell;
    }
    space(width);
    return row + "</TR></TABLE></TD></TR>";
}

// A label without text whose cells are the ports: dot knows them in no other way.
std::string portTable(const Ports& inputs, const Ports& outputs, const Size& size)
{
    const int width = portAt(size.width);
    return "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\">" +
           portRow(inputs, 'i', width) +
           fmt::format("<TR><TD WIDTH=\"{}\" HEIGHT=\"{}\" FIXEDSIZE=\"TRUE\"></TD></TR>", width,
                       std::max(1, portAt(size.height) - 2)) +
           portRow(outputs, 'o', width) + "</TABLE>>";
}

std::string dotText(const Graph& graph, const Spacing& spacing)
{
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out,
                   "digraph g {{\ngraph [splines=spline, nodesep={:.4f}, ranksep={:.4f}];\n"
                   "node [shape=box, fixedsize=true, label=\"\", margin=0];\n"
                   "edge [arrowhead=none];\n",
                   spacing.box / pointsPerInch, spacing.rank / pointsPerInch);
    std::vector<Ports> inputs(graph.boxes.size());
    std::vector<Ports> outputs(graph.boxes.size());
    for (const EdgeSpec& edge : graph.edges) {
        outputs[edge.from].insert(portAt(edge.fromX));
        inputs[edge.to].insert(portAt(edge.toX));
    }
    std::string top;
    std::string bottom;
    for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
        const BoxSpec& box = graph.boxes[i];
        fmt::format_to(out, "b{} [width={:.4f}, height={:.4f}, label={}];\n", i,
                       std::max(box.size.width, 1.0) / pointsPerInch,
                       std::max(box.size.height, 1.0) / pointsPerInch,
                       portTable(inputs[i], outputs[i], box.size));
        if (box.pin == Pin::Top)
            top += fmt::format(" b{};", i);
        else if (box.pin == Pin::Bottom)
            bottom += fmt::format(" b{};", i);
    }
    if (!top.empty())
        text += "{ rank=source;" + top + " }\n";
    if (!bottom.empty())
        text += "{ rank=sink;" + bottom + " }\n";
    for (const EdgeSpec& edge : graph.edges)
        fmt::format_to(out, "b{}:o{}:s -> b{}:i{}:n;\n", edge.from, portAt(edge.fromX), edge.to,
                       portAt(edge.toX));
    text += "}\n";
    return text;
}

// "12.5,30" and the like, one after the other; the prefixes of end points ("e,1,2") do not occur
// without arrows.
bool parsePoints(std::string_view text, std::vector<Point>& points)
{
    const auto number = [&text](double& value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || !std::isfinite(value))
            return false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        return true;
    };
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        Point point;
        if (!number(point.x) || text.empty() || text.front() != ',')
            return false;
        text.remove_prefix(1);
        if (!number(point.y))
            return false;
        points.push_back(point);
    }
    return true;
}

// Ranks as the rows of boxes with one centre: dot does not tell them.
std::vector<std::uint32_t> ranksOf(const std::vector<double>& centres)
{
    std::vector<double> rows = centres;
    std::sort(rows.begin(), rows.end());
    constexpr double sameRow = 1;
    rows.erase(
        std::unique(rows.begin(), rows.end(), [](double a, double b) { return b - a < sameRow; }),
        rows.end());
    std::vector<std::uint32_t> ranks;
    for (const double centre : centres) {
        const auto row = std::upper_bound(rows.begin(), rows.end(), centre + 1e-9);
        ranks.push_back(static_cast<std::uint32_t>(row - rows.begin()) - 1);
    }
    return ranks;
}

class Reading
{
public:
    Reading(const Graph& graph, const nlohmann::json& drawing) : m_graph(graph), m_drawing(drawing)
    {}

    // False when the drawing is not one of this graph. Throws what nlohmann::json throws.
    bool read(Placement& placement)
    {
        std::vector<Point> box;
        for (const std::string& corner : corners(m_drawing.at("bb").get<std::string>()))
            if (!parsePoints(corner, box))
                return false;
        if (box.size() != 2)
            return false;
        m_height = box[1].y;
        placement.size = {box[1].x, box[1].y};
        return readBoxes(placement) && readEdges(placement);
    }

private:
    static std::vector<std::string> corners(const std::string& bounds)
    {
        const std::size_t first = bounds.find(',');
        const std::size_t second = first == std::string::npos ? first : bounds.find(',', first + 1);
        if (second == std::string::npos)
            return {};
        return {bounds.substr(0, second), bounds.substr(second + 1)};
    }

    bool readBoxes(Placement& placement)
    {
        const std::size_t count = m_graph.boxes.size();
        placement.positions.resize(count);
        std::vector<double> centres(count, 0);
        std::vector<bool> seen(count, false);
        if (!m_drawing.contains("objects"))
            return count == 0;
        for (const nlohmann::json& object : m_drawing.at("objects")) {
            const auto name = object.at("name").get<std::string>();
            std::uint32_t index = 0;
            const bool isBox =
                name.size() > 1 && name[0] == 'b' &&
                std::from_chars(name.data() + 1, name.data() + name.size(), index).ec ==
                    std::errc{};
            if (!isBox || index >= count)
                continue; // a subgraph of a rank
            std::vector<Point> centre;
            if (!parsePoints(object.at("pos").get<std::string>(), centre) || centre.size() != 1)
                return false;
            m_boxOf[object.at("_gvid").get<std::int64_t>()] = index;
            const Size size = m_graph.boxes[index].size;
            centres[index] = m_height - centre[0].y;
            placement.positions[index] = {centre[0].x - size.width / 2,
                                          centres[index] - size.height / 2};
            seen[index] = true;
        }
        placement.ranks = ranksOf(centres);
        return std::all_of(seen.begin(), seen.end(), [](bool is) { return is; });
    }

    bool readEdges(Placement& placement)
    {
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::deque<std::vector<Point>>> routes;
        if (m_drawing.contains("edges")) {
            for (const nlohmann::json& edge : m_drawing.at("edges")) {
                std::vector<Point> points;
                if (!parsePoints(edge.at("pos").get<std::string>(), points) ||
                    points.size() % 3 != 1)
                    return false;
                for (Point& point : points)
                    point.y = m_height - point.y;
                const auto from = m_boxOf.find(edge.at("tail").get<std::int64_t>());
                const auto to = m_boxOf.find(edge.at("head").get<std::int64_t>());
                if (from == m_boxOf.end() || to == m_boxOf.end())
                    return false;
                routes[{from->second, to->second}].push_back(std::move(points));
            }
        }
        placement.firstPoint.push_back(0);
        for (const EdgeSpec& edge : m_graph.edges) {
            std::deque<std::vector<Point>>& all = routes[{edge.from, edge.to}];
            if (all.empty())
                return false;
            toPorts(edge, placement, all.front());
            placement.points.insert(placement.points.end(), all.front().begin(), all.front().end());
            placement.firstPoint.push_back(static_cast<std::uint32_t>(placement.points.size()));
            all.pop_front();
        }
        return true;
    }

    // dot rounds the ports, and without its HTML labels (they need expat) it joins the middles of
    // the boxes: bends its curve so that it ends at the ports.
    void toPorts(const EdgeSpec& edge, const Placement& placement, std::vector<Point>& points) const
    {
        const Point from = {placement.positions[edge.from].x + edge.fromX,
                            placement.positions[edge.from].y +
                                m_graph.boxes[edge.from].size.height};
        const Point to = {placement.positions[edge.to].x + edge.toX,
                          placement.positions[edge.to].y};
        if (std::hypot(points.front().x - to.x, points.front().y - to.y) <
            std::hypot(points.front().x - from.x, points.front().y - from.y))
            std::reverse(points.begin(), points.end()); // an edge that dot turned to break a cycle
        const double startX = from.x - points.front().x;
        const double endX = to.x - points.back().x;
        const auto last = static_cast<double>(points.size() - 1);
        for (std::size_t i = 0; i < points.size(); ++i) {
            // The control point beside an end moves with it, so that the curve still leaves it
            // vertically.
            const double share = i <= 1                   ? 0
                                 : i + 2 >= points.size() ? 1
                                                          : static_cast<double>(i) / last;
            points[i].x += startX * (1 - share) + endX * share;
        }
        points.front() = from;
        points.back() = to;
    }

    const Graph& m_graph;
    const nlohmann::json& m_drawing;
    double m_height = 0;
    std::map<std::int64_t, std::uint32_t> m_boxOf;
};

} // namespace

Result<Placement> DotLayout::place(const Graph& graph, const CancelToken& cancel) const
{
    const Result<std::string> output =
        runFilter({m_program, "-Tjson0"}, dotText(graph, m_spacing), m_limit, outputLimit, cancel);
    if (!output)
        return tl::unexpected(output.error());
    Placement placement;
    placement.engine = "dot";
    placement.style = RouteStyle::Bezier;
    try {
        const nlohmann::json drawing = nlohmann::json::parse(*output);
        if (Reading(graph, drawing).read(placement))
            return placement;
    } catch (const nlohmann::json::exception&) {
        // The same answer as for a drawing of something else.
    }
    return fail(ErrorCode::Unavailable, "The output of dot is not understood.", m_program,
                "The built-in layout does not need this program.");
}

} // namespace jitscope::layout
