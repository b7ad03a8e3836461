// Reads bytecode.pkl. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/pickle_value_p.h"

namespace jitscope::archive {

// The Error says what is wrong with it.
[[nodiscard]] Result<Bytecode> readBytecode(const PickleDocument& pickle);

// mobile_debug_handles.pkl: fills in the handles of the functions that it names.
void readDebugHandles(const PickleDocument& pickle, Bytecode& bytecode);

// A value for people, and its type.
[[nodiscard]] BytecodeConstant shownValue(const PickleDocument& pickle, PickleId id);

} // namespace jitscope::archive
