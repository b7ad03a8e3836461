// The bytecode of a lite-interpreter file as a program, with the schemas that LibTorch knows.
#pragma once

#include "core/archive/preflight.h"
#include "core/ir/program.h"
#include "core/support/result.h"

#include <filesystem>
#include <string_view>

namespace jitscope::cli {

[[nodiscard]] Result<ir::Program> readBytecodeProgram(const std::filesystem::path& file,
                                                      const archive::Report& report,
                                                      ir::NodeKey firstKey = 1);

// At the end of the name of a method of the bytecode that lies beside the code.
inline constexpr std::string_view bytecodeMark = " [bytecode]";

// Adds the methods of the bytecode to the program that LibTorch made of the same file, beside the
// methods of the code: "forward [bytecode]".
void addBytecode(ir::Program& program, ir::Program bytecode);

// One more than the largest key of a node.
[[nodiscard]] ir::NodeKey nextKey(const ir::Program& program);

} // namespace jitscope::cli
