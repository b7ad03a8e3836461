// What the GPU did, as CUPTI tells it. Free of CUDA's headers; the part that needs them is a module
// of its own (libjitscope_cupti.so), loaded at run time where it was built.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace jitscope::cupti {

// All times are nanoseconds of the steady clock. `correlation` joins an API call with what it
// caused.

struct ApiCall
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t process = 0;
    std::uint32_t thread = 0; // as gettid() gives it
    std::uint32_t correlation = 0;
    std::uint32_t result = 0;
    const char* name = ""; // lives as long as the module
    bool launchesKernel = false;
};

struct Kernel
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t device = 0;
    std::uint32_t context = 0;
    std::uint32_t stream = 0;
    std::uint32_t correlation = 0;
    std::string name; // demangled
    std::int32_t gridX = 0, gridY = 0, gridZ = 0;
    std::int32_t blockX = 0, blockY = 0, blockZ = 0;
    std::uint32_t registersPerThread = 0;
    std::int64_t staticSharedMemory = 0;
    std::int64_t dynamicSharedMemory = 0;
};

struct Copy
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t device = 0;
    std::uint32_t context = 0;
    std::uint32_t stream = 0;
    std::uint32_t correlation = 0;
    std::uint64_t bytes = 0;
    std::uint32_t copyKind = 0;
    std::uint32_t sourceKind = 0;
    std::uint32_t targetKind = 0;
};

struct Set
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t device = 0;
    std::uint32_t context = 0;
    std::uint32_t stream = 0;
    std::uint32_t correlation = 0;
    std::uint32_t value = 0;
    std::uint64_t bytes = 0;
};

struct Synchronization
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t context = 0;
    std::uint32_t stream = 0;
    std::uint32_t correlation = 0;
    std::uint32_t type = 0;
};

// The API call was made between enter(tag) and leave() on its thread.
struct Link
{
    std::uint32_t correlation = 0;
    std::uint64_t tag = 0;
};

struct Activities
{
    std::vector<ApiCall> calls;
    std::vector<Kernel> kernels;
    std::vector<Copy> copies;
    std::vector<Set> sets;
    std::vector<Synchronization> synchronizations;
    std::vector<Link> links;
    std::uint64_t dropped = 0; // records that CUPTI lost for want of buffers
};

class GpuActivity
{
public:
    virtual ~GpuActivity() = default;

    // Unavailable, with the reason in one sentence, when nothing can be recorded here.
    [[nodiscard]] virtual Result<void> start() = 0;
    virtual void stop() = 0;

    // On the thread that makes the API calls; nested calls link to the innermost tag.
    virtual void enter(std::uint64_t tag) = 0;
    virtual void leave() = 0;

    // Appends what was completed since the last call; with `all` after waiting for what is still in
    // CUPTI's buffers.
    virtual void drain(Activities& activities, bool all) = 0;
};

// Loads the module and CUPTI. Unavailable, with the reason in one sentence, when that is
// impossible. One at a time in a process.
[[nodiscard]] Result<std::unique_ptr<GpuActivity>> openGpuActivity();

// Where the module is looked for: ../lib/jitscope, ../lib and . from the program's folder.
[[nodiscard]] std::vector<std::filesystem::path> moduleCandidates();

} // namespace jitscope::cupti
