// The instructions of the lite interpreter and what their numbers may be, whatever file they come
// from. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"

namespace jitscope::archive {

inline constexpr std::int64_t largestNumber = 1 << 24; // of X, N and registers

[[nodiscard]] std::optional<OpCode> codeNamed(std::string_view name);  // "LOADC"
[[nodiscard]] std::optional<OpCode> codeNumbered(std::int64_t number); // as OpCode has them
[[nodiscard]] bool hasBoundedNumbers(const Instruction& instruction);  // X and N

// What is wrong with the instructions of a function that is complete but for its arguments; empty
// when each names operators, constants, types, registers and instructions that are there.
[[nodiscard]] std::string instructionFault(const BytecodeFunction& function);

} // namespace jitscope::archive
