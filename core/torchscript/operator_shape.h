// What LibTorch's registry says of an operator.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jitscope::torchscript {

struct RegisteredOperator
{
    std::string schema; // "aten::relu(Tensor self) -> Tensor"
    std::size_t inputs = 0;
    std::vector<std::string> outputs; // their types
};

// None when no library loaded here has it, and for operators that take or give any number of
// values. Any thread may call it.
[[nodiscard]] std::optional<RegisteredOperator> registeredOperator(const std::string& name,
                                                                   const std::string& overload);

} // namespace jitscope::torchscript
