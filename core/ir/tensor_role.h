// The name of a tensor's role, as documents and JSON have it.
#pragma once

#include "core/ir/program.h"

namespace jitscope::ir {

[[nodiscard]] std::string_view roleName(TensorRole role);

} // namespace jitscope::ir
