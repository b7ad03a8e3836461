// A lite-interpreter file as a program: its methods as graphs, rebuilt from the bytecode, its
// module tree and its tensors. Needs no LibTorch.
//
// What the format lost and no reader can bring back: calls (everything was inlined), the names of
// values, and the types of values but for arguments, constants and containers.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/preflight.h"
#include "core/ir/program.h"

#include <functional>
#include <optional>

namespace jitscope::lite {

// What the schema of an operator says.
struct OperatorShape
{
    std::string schema;
    std::size_t inputs = 0;
    std::vector<std::string> outputs; // their types
};
// Answers for "aten::max" and "dim"; none for operators that are not known here. May be empty:
// then as many outputs are assumed as the bytecode stores.
using OperatorShapes = std::function<std::optional<OperatorShape>(const std::string& name,
                                                                  const std::string& overload)>;

// Nodes get keys from `firstKey` on. A method whose bytecode is not what LibTorch's compiler writes
// becomes a list of its instructions, which is said among the program's problems.
[[nodiscard]] ir::Program programOf(const archive::LiteModel& model,
                                    const std::vector<archive::DescribedTensor>& tensors,
                                    const OperatorShapes& shapes, ir::NodeKey firstKey);

// The instructions of a method, one a line, with what their numbers mean.
[[nodiscard]] std::string listing(const archive::BytecodeFunction& function);

} // namespace jitscope::lite
