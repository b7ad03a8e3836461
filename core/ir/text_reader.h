// Reads printed IR: what print(m.graph), graph.str() and PYTORCH_JIT_LOG_LEVEL write, and what
// core/ir/print.h writes. LibTorch's own parseIR() rejects the graph of every method, because it
// does not know the type of self. Needs no LibTorch, runs nothing, and trusts nothing in the text.
//
// Read are the graphs with their blocks, attributes, types, source lines ("# net.py:12:3"), scopes
// ("scope: __module.layer1") and subgraphs ("with prim::FusionGroup_0 = graph("). A text may hold
// several graphs with other lines between them; the prefix of LibTorch's log lines is skipped.
#pragma once

#include "core/ir/graph.h"
#include "core/support/job.h"
#include "core/support/result.h"

namespace jitscope::ir {

struct ReadGraph
{
    std::string title;      // the line before it, if that ends in a colon, without it; else empty
    std::uint32_t line = 0; // of the text, from 1, at which it begins
    // Nodes have the keys 1, 2, ..., going on from one graph of the text to the next; no function,
    // no ordinal, no schema. Of a tensor constant no more is known than its text and type.
    Graph graph;
};

// An Error (UnusableFile) that says line, column and what was expected there; its `where` is the
// text of that line. So is a text without a graph.
[[nodiscard]] Result<std::vector<ReadGraph>> readPrinted(std::string_view text,
                                                         const CancelToken& cancel = {});

// Whether a text has a line at which a printed graph begins.
[[nodiscard]] bool holdsPrintedGraph(std::string_view text);

} // namespace jitscope::ir
