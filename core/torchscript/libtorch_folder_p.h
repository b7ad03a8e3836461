#pragma once

#include <filesystem>

namespace jitscope::torchscript {

// The folder of the libtorch_cpu that this program runs with.
[[nodiscard]] std::filesystem::path libtorchFolder();

} // namespace jitscope::torchscript
