// What LibTorch can run on here.
#pragma once

#include <string>
#include <vector>

namespace jitscope::cli {

// Asks in a process of its own: asking starts threads of the CUDA driver, and threads that run
// before the process is confined stay unconfined.
[[nodiscard]] std::vector<std::string> findDevices();

} // namespace jitscope::cli
