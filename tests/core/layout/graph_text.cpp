#include "tests/core/layout/graph_text.h"

#include <fmt/format.h>

#include <sstream>

namespace jitscope::tests {

std::string toText(const NamedGraph& named)
{
    std::string text = fmt::format("graph {} {}\n", named.dotCrossings, named.name);
    for (const layout::BoxSpec& box : named.graph.boxes)
        text += fmt::format("box {} {} {}\n", box.size.width, box.size.height,
                            static_cast<int>(box.pin));
    for (const layout::EdgeSpec& edge : named.graph.edges)
        text += fmt::format("edge {} {} {} {}\n", edge.from, edge.to, edge.fromX, edge.toX);
    return text;
}

std::vector<NamedGraph> graphsOf(const std::string& text)
{
    std::vector<NamedGraph> graphs;
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream in(line);
        std::string word;
        in >> word;
        if (word == "graph") {
            NamedGraph& named = graphs.emplace_back();
            in >> named.dotCrossings;
            std::getline(in >> std::ws, named.name);
        } else if (word == "box" && !graphs.empty()) {
            layout::BoxSpec box;
            int pin = 0;
            in >> box.size.width >> box.size.height >> pin;
            box.pin = static_cast<layout::Pin>(pin);
            graphs.back().graph.boxes.push_back(box);
        } else if (word == "edge" && !graphs.empty()) {
            layout::EdgeSpec edge;
            in >> edge.from >> edge.to >> edge.fromX >> edge.toX;
            if (edge.from >= graphs.back().graph.boxes.size() ||
                edge.to >= graphs.back().graph.boxes.size())
                return {};
            graphs.back().graph.edges.push_back(edge);
        }
        if (in.fail())
            return {};
    }
    return graphs;
}

} // namespace jitscope::tests
