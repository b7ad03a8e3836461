// CUPTI's functions, found at run time: the module needs CUPTI's headers only.
#pragma once

#include <cupti.h>

#include <string>

static_assert(CUPTI_API_VERSION >= 130000, "The record types used are those of CUDA 13.");

namespace jitscope::cupti {

struct CuptiLibrary
{
    decltype(&::cuptiGetVersion) getVersion = nullptr;
    decltype(&::cuptiGetResultString) getResultString = nullptr;
    decltype(&::cuptiGetCallbackName) getCallbackName = nullptr;
    decltype(&::cuptiSetThreadIdType) setThreadIdType = nullptr;
    decltype(&::cuptiActivityRegisterCallbacks) registerCallbacks = nullptr;
    decltype(&::cuptiActivityRegisterTimestampCallback) registerTimestampCallback = nullptr;
    decltype(&::cuptiActivityEnable) enable = nullptr;
    decltype(&::cuptiActivityDisable) disable = nullptr;
    decltype(&::cuptiActivityEnableRuntimeApi) enableRuntimeApi = nullptr;
    decltype(&::cuptiActivityGetNextRecord) getNextRecord = nullptr;
    decltype(&::cuptiActivityGetNumDroppedRecords) getNumDroppedRecords = nullptr;
    decltype(&::cuptiActivityFlushAll) flushAll = nullptr;
    decltype(&::cuptiActivityPushExternalCorrelationId) pushExternalCorrelationId = nullptr;
    decltype(&::cuptiActivityPopExternalCorrelationId) popExternalCorrelationId = nullptr;

    // False with the reason when CUPTI 13 cannot be loaded.
    bool load(std::string& reason);
    [[nodiscard]] std::string describe(CUptiResult result) const;
};

} // namespace jitscope::cupti
