#include "profiler/cupti/gpu_activity.h"

#include "profiler/cupti/module_p.h"

#include <dlfcn.h>

namespace jitscope::cupti {

namespace {

tl::unexpected<Error> unavailable(std::string why, std::string remedy = {})
{
    return fail(ErrorCode::Unavailable, std::move(why), {}, std::move(remedy));
}

} // namespace

std::vector<std::filesystem::path> moduleCandidates()
{
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error)
        return {};
    const auto folder = program.parent_path();
    return {folder.parent_path() / "lib" / "jitscope" / moduleName,
            folder.parent_path() / "lib" / moduleName, folder / moduleName};
}

Result<std::unique_ptr<GpuActivity>> openGpuActivity()
{
    // Without the driver CUPTI answers every call with "unknown error".
    if (::dlopen("libcuda.so.1", RTLD_LAZY) == nullptr)
        return unavailable("GPU activity cannot be recorded: there is no NVIDIA driver here.");
    void* module = nullptr;
    std::string said = "it is not installed";
    for (const auto& candidate : moduleCandidates()) {
        std::error_code error;
        if (!std::filesystem::exists(candidate, error))
            continue;
        module = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module != nullptr)
            break;
        const char* message = ::dlerror();
        said = message != nullptr ? message : "unknown reason";
    }
    if (module == nullptr) {
        return unavailable("GPU activity cannot be recorded: " + std::string(moduleName) +
                               " cannot be loaded: " + said + ".",
                           "Build Jitscope where the CUPTI headers are.");
    }
    // NOLINTNEXTLINE: dlsym gives functions as void*
    const auto version = reinterpret_cast<ModuleVersion>(::dlsym(module, moduleVersionSymbol));
    const auto open = reinterpret_cast<OpenModule>(::dlsym(module, moduleOpenSymbol)); // NOLINT
    if (version == nullptr || open == nullptr || version() != moduleVersion) {
        return unavailable("GPU activity cannot be recorded: " + std::string(moduleName) +
                           " is of another version of Jitscope.");
    }
    std::unique_ptr<GpuActivity> activity;
    std::string reason;
    open(activity, reason);
    if (!activity)
        return unavailable("GPU activity cannot be recorded: " + reason);
    return activity;
}

} // namespace jitscope::cupti
