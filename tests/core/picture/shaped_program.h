// A model whose values have known shapes, as after a run.
#pragma once

#include "core/ir/program.h"

#include <cstddef>
#include <iterator>

namespace jitscope::tests {

// Every value a tensor of some known size, of ever other length.
inline ir::Graph withShapes(ir::Graph graph)
{
    static constexpr const char* types[] = {"Float(8)", "Float(1, 64, 56, 56)",
                                            "Long(128, 1024, 1024, 1024, 1024)", "Half(2, 2)"};
    for (std::size_t i = 0; i < graph.values.size(); ++i)
        graph.values[i].type = graph.strings.intern(types[i % std::size(types)]);
    for (ir::Graph& inner : graph.subgraphs)
        inner = withShapes(inner);
    return graph;
}

inline ir::Program withShapes(ir::Program program)
{
    for (ir::Function& function : program.functions)
        function.graph = withShapes(function.graph);
    return program;
}

} // namespace jitscope::tests
