// A program made of the graphs of a text with printed IR: each graph a function, that is a method
// of the one module if it has a self. Modules are told by attribute reads and scopes; there are no
// weights and no code.
#pragma once

#include "core/ir/program.h"
#include "core/support/job.h"
#include "core/support/result.h"

namespace jitscope::ir {

// A method is named after the line before the graph ("After Inline"), else graph, or graph_1,
// graph_2, ... The Errors are those of readPrinted().
[[nodiscard]] Result<Program> readPrintedProgram(std::string_view text,
                                                 const CancelToken& cancel = {});

// The module paths of nodes are in scopes: it is the graph of a method with its calls expanded.
[[nodiscard]] bool hasScopes(const Graph& graph);

} // namespace jitscope::ir
