// What LibTorch can run on here, and whether GPU activity can be recorded.
#pragma once

#include <string>
#include <vector>

namespace jitscope::cli {

struct Hardware
{
    std::vector<std::string> devices; // "cpu", "cuda:0", ...
    std::string cudaRecording;        // empty when it can be recorded, else why not, in a sentence
};

// Asks in a process of its own: asking starts threads of the CUDA driver, and threads that run
// before the process is confined stay unconfined.
[[nodiscard]] Hardware findHardware();

} // namespace jitscope::cli
