#include "core/torchscript/devices_p.h"

#include "core/torchscript/libtorch_folder_p.h"

#include <torch/cuda.h>

#include <dlfcn.h>

#include <array>
#include <filesystem>
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

// The driver makes them when a process with more rights than an engine first asks for the GPU.
bool hasDeviceFiles()
{
    std::error_code ignored;
    return std::filesystem::exists("/dev/nvidiactl", ignored) &&
           std::filesystem::exists("/dev/nvidia-uvm", ignored);
}

Error unavailable(const std::string& why, std::string remedy)
{
    return {ErrorCode::Unavailable,
            "There is no GPU here that LibTorch can use: " + why,
            {},
            std::move(remedy)};
}

template <typename Function>
Function find(void* library, const char* name)
{
    return reinterpret_cast<Function>(::dlsym(library, name)); // NOLINT: dlsym gives void*
}

// cuInit() of the CUDA driver API: empty when it succeeded, else what went wrong.
std::string initialize(void* driver)
{
    const auto init = find<int (*)(unsigned int)>(driver, "cuInit");
    const auto describe = find<int (*)(int, const char**)>(driver, "cuGetErrorString");
    if (init == nullptr || describe == nullptr)
        return "the NVIDIA driver's library is not one.";
    const int code = init(0);
    if (code == 0)
        return {};
    const char* text = nullptr;
    describe(code, &text);
    return std::string("the NVIDIA driver says \"") + (text != nullptr ? text : "unknown error") +
           "\" (" + std::to_string(code) + ").";
}

} // namespace

bool hasCuda()
{
    // Without the driver there is nothing to load a gigabyte of kernels for.
    return loadDriver() != nullptr && loadCudaPart() != nullptr && torch::cuda::is_available();
}

Error whyNoCuda()
{
    const std::string useCpu = "Use the device cpu.";
    void* driver = loadDriver();
    if (driver == nullptr) {
        return unavailable("the NVIDIA driver cannot be loaded (" + loadingError() + ").", useCpu);
    }
    if (loadCudaPart() == nullptr) {
        return unavailable("LibTorch's CUDA part cannot be loaded (" + loadingError() + ").",
                           "Install the CUDA build of LibTorch with all it needs, or use the "
                           "device cpu.");
    }
    if (const std::string failure = initialize(driver); !failure.empty()) {
        return unavailable(failure,
                           hasDeviceFiles()
                               ? useCpu
                               : "Its device files are not there yet: run \"nvidia-modprobe -u -c "
                                 "0\" once, or use the device cpu.");
    }
    return unavailable("the NVIDIA driver works, but LibTorch finds no device.",
                       "Perhaps the driver is older than CUDA 13 needs (580), or "
                       "CUDA_VISIBLE_DEVICES hides the GPU.");
}

std::string gpuName(int index)
{
    void* driver = loadDriver();
    if (driver == nullptr || !initialize(driver).empty())
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
