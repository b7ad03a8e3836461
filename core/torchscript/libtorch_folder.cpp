#include "core/torchscript/libtorch_folder_p.h"

#include <torch/csrc/jit/api/module.h>

#include <dlfcn.h>

namespace jitscope::torchscript {

std::filesystem::path libtorchFolder()
{
    Dl_info info = {};
    // Any function of the library will do.
    const auto* address = reinterpret_cast<const void*>(&torch::jit::freeze);
    if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr)
        return {};
    return std::filesystem::path(info.dli_fname).parent_path();
}

} // namespace jitscope::torchscript
