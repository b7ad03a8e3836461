// From instructions back to nodes with inputs, outputs and nested blocks. Private to core/lite.
#pragma once

#include "core/lite/graph_tree_p.h"
#include "core/lite/program.h"

namespace jitscope::lite {

// Follows the stack and the registers through the method. The Error says at which instruction it is
// not what LibTorch's compiler writes.
[[nodiscard]] Result<GraphTree> decompile(const archive::BytecodeFunction& function,
                                          const std::vector<archive::LiteObject>& objects,
                                          const OperatorShapes& shapes);

// Each instruction as a node, one after the other.
[[nodiscard]] GraphTree listed(const archive::BytecodeFunction& function);

} // namespace jitscope::lite
