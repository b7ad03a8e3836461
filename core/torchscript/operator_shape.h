// What LibTorch's registry says of an operator.
#pragma once

#include "core/lite/program.h"

#include <optional>
#include <string>

namespace jitscope::torchscript {

// None when no library loaded here has it, and for operators that take or give any number of
// values. Any thread may call it.
[[nodiscard]] std::optional<lite::OperatorShape> registeredOperator(const std::string& name,
                                                                    const std::string& overload);

} // namespace jitscope::torchscript
