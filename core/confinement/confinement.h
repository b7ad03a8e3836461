// Takes rights away from this process before it touches a foreign model: loading a TorchScript file
// runs code from it. Linux only (Landlock, seccomp, resource limits). There is no way back.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jitscope::confinement {

struct Rights
{
    // Folders below which files may be made, changed and removed. Reading is allowed everywhere:
    // what a model reads cannot leave the machine.
    std::vector<std::filesystem::path> writable;
    // What the driver needs stays usable: the NVIDIA devices, local sockets, and writing what the
    // kernel keeps of this process's threads (it names them).
    bool gpu = false;
    std::uint64_t memoryLimit =
        0; // bytes of private writable memory; 0 for no limit. Not with a GPU.
};

// How the process is confined now, a sentence each, and what this kernel lacks for it.
struct Confinement
{
    std::vector<std::string> inForce;
    std::vector<std::string> missing;
};

// Holds for the calling thread and all that it starts later, so call it before starting any. An
// Error means that a right that should have gone is still there although the kernel can take it: do
// not go on.
[[nodiscard]] Result<Confinement> confine(const Rights& rights);

} // namespace jitscope::confinement
