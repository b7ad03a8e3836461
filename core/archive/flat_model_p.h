// Reads the flatbuffer form of a lite-interpreter file. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/flat_module_p.h"

namespace jitscope::archive {

// The Error says what is wrong with it.
[[nodiscard]] Result<Bytecode> readBytecode(const FlatModule& module);

// Without debug information: this form of the file has handles to it, but not what they stand for.
[[nodiscard]] Result<LiteModel> readLiteModel(const FlatModule& module);

} // namespace jitscope::archive
