#include "profiler/cupti/cupti_library_p.h"

#include <dlfcn.h>

namespace jitscope::cupti {

namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(::dlsym(library, name)); // NOLINT: dlsym gives void*
    return function != nullptr;
}

} // namespace

bool CuptiLibrary::load(std::string& reason)
{
    // libtorch_cpu needs it, so in the engine it is loaded already, from LibTorch's own folders.
    void* library = ::dlopen("libcupti.so.13", RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr)
        library = ::dlopen("libcupti.so.13", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* message = ::dlerror();
        reason =
            "libcupti.so.13 cannot be loaded: " + std::string(message != nullptr ? message : "") +
            ".";
        return false;
    }
    const bool complete =
        find(library, "cuptiGetVersion", getVersion) &&
        find(library, "cuptiGetResultString", getResultString) &&
        find(library, "cuptiGetCallbackName", getCallbackName) &&
        find(library, "cuptiSetThreadIdType", setThreadIdType) &&
        find(library, "cuptiActivityRegisterCallbacks", registerCallbacks) &&
        find(library, "cuptiActivityRegisterTimestampCallback", registerTimestampCallback) &&
        find(library, "cuptiActivityEnable", enable) &&
        find(library, "cuptiActivityDisable", disable) &&
        find(library, "cuptiActivityEnableRuntimeApi", enableRuntimeApi) &&
        find(library, "cuptiActivityGetNextRecord", getNextRecord) &&
        find(library, "cuptiActivityGetNumDroppedRecords", getNumDroppedRecords) &&
        find(library, "cuptiActivityFlushAll", flushAll) &&
        find(library, "cuptiActivityPushExternalCorrelationId", pushExternalCorrelationId) &&
        find(library, "cuptiActivityPopExternalCorrelationId", popExternalCorrelationId);
    if (!complete) {
        reason = "libcupti.so.13 lacks functions that are needed.";
        return false;
    }
    std::uint32_t version = 0;
    if (getVersion(&version) != CUPTI_SUCCESS || version < 130000 || version >= 140000) {
        reason = "CUPTI has version " + std::to_string(version) + "; version 13 is needed.";
        return false;
    }
    return true;
}

std::string CuptiLibrary::describe(CUptiResult result) const
{
    const char* text = nullptr;
    getResultString(result, &text);
    return text != nullptr ? text : "error " + std::to_string(static_cast<int>(result));
}

} // namespace jitscope::cupti
