#include "core/torchscript/devices_p.h"

#include "core/torchscript/libtorch_folder_p.h"

#include <torch/cuda.h>

#include <dlfcn.h>

#include <utility>

namespace jitscope::torchscript {

namespace {

void* loadDriver()
{
    return ::dlopen("libcuda.so.1", RTLD_LAZY);
}

void* loadCudaPart()
{
    const auto library = libtorchFolder() / "libtorch_cuda.so";
    return ::dlopen(library.c_str(), RTLD_LAZY | RTLD_GLOBAL);
}

std::string loadingError()
{
    const char* message = ::dlerror();
    return message != nullptr ? message : "unknown reason";
}

// cuInit() of the CUDA driver API, and what it says; 0 is success.
std::pair<int, std::string> initialize(void* driver)
{
    using Init = int (*)(unsigned int);
    using GetErrorString = int (*)(int, const char**);
    const auto init = reinterpret_cast<Init>(::dlsym(driver, "cuInit")); // NOLINT: dlsym's void*
    const auto describe =
        reinterpret_cast<GetErrorString>(::dlsym(driver, "cuGetErrorString")); // NOLINT
    if (init == nullptr || describe == nullptr)
        return {-1, "the driver lacks cuInit"};
    const int code = init(0);
    const char* text = nullptr;
    describe(code, &text);
    return {code, text != nullptr ? text : "unknown error"};
}

} // namespace

bool hasCuda()
{
    // Without the driver there is nothing to load a gigabyte of kernels for.
    return loadDriver() != nullptr && loadCudaPart() != nullptr && torch::cuda::is_available();
}

std::string whyNoCuda()
{
    void* driver = loadDriver();
    if (driver == nullptr)
        return "there is no NVIDIA driver.";
    if (loadCudaPart() == nullptr)
        return "its CUDA part cannot be loaded (" + loadingError() + ").";
    const auto [code, text] = initialize(driver);
    if (code != 0)
        return "the NVIDIA driver says \"" + text + "\" (" + std::to_string(code) + ").";
    return "the NVIDIA driver and LibTorch's CUDA do not fit together.";
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
