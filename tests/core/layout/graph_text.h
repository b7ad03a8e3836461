// Graphs to be laid out, as text: scopes of real models, for tests that must not need the models.
#pragma once

#include "core/layout/layout.h"

#include <string>
#include <vector>

namespace jitscope::tests {

struct NamedGraph
{
    std::string name;
    layout::Graph graph;
    std::size_t dotCrossings = 0; // of dot's own drawing, when the text was made
};

[[nodiscard]] std::string toText(const NamedGraph& graph);
// Empty when the text is not one of these.
[[nodiscard]] std::vector<NamedGraph> graphsOf(const std::string& text);

} // namespace jitscope::tests
