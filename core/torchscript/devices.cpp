#include "core/torchscript/devices_p.h"

#include "core/torchscript/libtorch_folder_p.h"

#include <torch/cuda.h>

#include <dlfcn.h>

namespace jitscope::torchscript {

bool hasCuda()
{
    // Without the driver there is nothing to load a gigabyte of kernels for.
    if (::dlopen("libcuda.so.1", RTLD_LAZY) == nullptr)
        return false;
    const auto library = libtorchFolder() / "libtorch_cuda.so";
    if (::dlopen(library.c_str(), RTLD_LAZY | RTLD_GLOBAL) == nullptr)
        return false;
    return torch::cuda::is_available();
}

std::vector<std::string> availableDevices()
{
    std::vector<std::string> devices{"cpu"};
    if (!hasCuda())
        return devices;
    for (int i = 0; i < torch::cuda::device_count(); ++i)
        devices.push_back("cuda:" + std::to_string(i));
    return devices;
}

} // namespace jitscope::torchscript
