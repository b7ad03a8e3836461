// Shared libraries that register operators, such as torchvision/_C.so. Free of LibTorch.
#pragma once

#include "core/support/job.h"

#include <filesystem>

namespace jitscope::torchscript {

// Opens the library for good, and before it what it needs: an extension of Python's torch needs
// libtorch_python and the libpython of its installation, which are looked for beside it and beside
// the LibTorch in use.
[[nodiscard]] Result<void> openOperatorLibrary(const std::filesystem::path& library,
                                               const JobContext& job);

} // namespace jitscope::torchscript
