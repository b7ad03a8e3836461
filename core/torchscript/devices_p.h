// What LibTorch can run on here.
#pragma once

#include "core/support/error.h"

#include <string>
#include <vector>

namespace jitscope::torchscript {

// Loads LibTorch's CUDA part where there is a GPU. LibTorch decides once, when it is first asked,
// whether there is CUDA, so this must come before whatever asks.
[[nodiscard]] bool hasCuda();

[[nodiscard]] std::vector<std::string> availableDevices();

// As the CUDA driver calls "cuda:index"; empty if there is none.
[[nodiscard]] std::string gpuName(int index);

// Why hasCuda() is false, and what to do.
[[nodiscard]] Error whyNoCuda();

} // namespace jitscope::torchscript
