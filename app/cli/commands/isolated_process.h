// Runs work that may crash in a process of its own.
#pragma once

#include "core/support/job.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace jitscope::cli {

// Forks; the child drops its rights (writing stays possible below the folders, of which empty paths
// are none), does the work and ends with the exit code that it gives. SIGINT and SIGTERM cancel the
// job; a second one ends it at once. Gives the exit code, or an EngineLost error when the child was
// ended by a signal. Must be called before the process has other threads.
[[nodiscard]] Result<int> runIsolated(const std::vector<std::filesystem::path>& writableFolders,
                                      const std::function<int(const JobContext& job)>& work);

} // namespace jitscope::cli
