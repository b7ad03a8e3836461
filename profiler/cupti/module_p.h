// Between the program and libjitscope_cupti.so. Both are built from one tree; the version guards
// against a module left over from another build.
#pragma once

#include "profiler/cupti/gpu_activity.h"

namespace jitscope::cupti {

inline constexpr std::uint32_t moduleVersion = 1; // raise with every change of gpu_activity.h
inline constexpr const char* moduleVersionSymbol = "jitscope_cupti_version";
inline constexpr const char* moduleOpenSymbol = "jitscope_cupti_open";
inline constexpr const char* moduleName = "libjitscope_cupti.so";

// Makes a GpuActivity in `activity`, or puts the reason why not into `reason`.
using OpenModule = void (*)(std::unique_ptr<GpuActivity>& activity, std::string& reason);
using ModuleVersion = std::uint32_t (*)();

} // namespace jitscope::cupti
