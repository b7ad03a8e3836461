// Names of GPU kernels. Free of LibTorch.
#pragma once

#include <string>
#include <string_view>

namespace jitscope::record {

// "vectorized_elementwise_kernel" of "void at::native::vectorized_elementwise_kernel<4, ...>(...)".
[[nodiscard]] std::string shortKernelName(std::string_view demangled);

} // namespace jitscope::record
