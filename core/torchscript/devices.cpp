#include "core/torchscript/devices_p.h"

#include "core/torchscript/libtorch_folder_p.h"

#include <torch/cuda.h>

#include <dlfcn.h>

#include <array>
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

template <typename Function>
Function find(void* library, const char* name)
{
    return reinterpret_cast<Function>(::dlsym(library, name)); // NOLINT: dlsym gives void*
}

// cuInit() of the CUDA driver API, and what it says; 0 is success.
std::pair<int, std::string> initialize(void* driver)
{
    const auto init = find<int (*)(unsigned int)>(driver, "cuInit");
    const auto describe = find<int (*)(int, const char**)>(driver, "cuGetErrorString");
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

std::string gpuName(int index)
{
    void* driver = loadDriver();
    if (driver == nullptr || initialize(driver).first != 0)
        return {};
    const auto get = find<int (*)(int*, int)>(driver, "cuDeviceGet");
    const auto getName = find<int (*)(char*, int, int)>(driver, "cuDeviceGetName");
    int device = 0;
    std::array<char, 256> name{};
    if (get == nullptr || getName == nullptr || get(&device, index) != 0 ||
        getName(name.data(), static_cast<int>(name.size()) - 1, device) != 0)
        return {};
    return name.data();
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
