// The text of a graph in the form of LibTorch's Graph::toString(): to the letter, but for addresses
// of objects and for what ir::Attribute keeps shortened. core/ir/text_reader.h reads it.
#pragma once

#include "core/ir/graph.h"

#include <vector>

namespace jitscope::ir {

struct PrintOptions
{
    bool locations = false;   // "# file:line:column" after each node that has one
    bool modulePaths = false; // ", scope: layer1.0" after each node that has one
};

[[nodiscard]] std::string print(const Graph& graph, const PrintOptions& options = {});

struct PrintedLines
{
    std::string text;
    std::vector<NodeKey> keys; // by line of the text: the node that begins there; 0 for none
};

[[nodiscard]] PrintedLines printLines(const Graph& graph, const PrintOptions& options = {});

} // namespace jitscope::ir
