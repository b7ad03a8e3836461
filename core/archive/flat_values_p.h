// Values of a lite-interpreter file in flatbuffer form, for people. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/flat_module_p.h"

namespace jitscope::archive {

// As shownValue() has the values of a pickle.
[[nodiscard]] BytecodeConstant shownValue(const FlatModule& module, FlatId id);

} // namespace jitscope::archive
