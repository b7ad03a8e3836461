#include "core/confinement/confinement.h"

#include "core/confinement/landlock_p.h"
#include "core/confinement/system_calls_p.h"

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace jitscope::confinement {

namespace {

// Landlock's versions: what each one added (Documentation/userspace-api/landlock.rst of the
// kernel).
constexpr int versionWithTruncate = 3;

Result<void> limitMemory(std::uint64_t bytes)
{
    // RLIMIT_DATA and not RLIMIT_AS: LibTorch maps far more than it uses.
    const rlimit limit{bytes, bytes};
    if (setrlimit(RLIMIT_DATA, &limit) != 0) {
        return fail(ErrorCode::Unavailable, "The memory limit could not be set.",
                    std::strerror(errno), "Choose a limit below the one of the system.");
    }
    return {};
}

} // namespace

Result<Confinement> confine(const Rights& rights)
{
    // Needed by the other two, and by itself it keeps set-user-id programs from giving rights back.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail(ErrorCode::Unavailable, "The kernel refused to lock the rights of the process.",
                    std::strerror(errno), "Run on Linux 3.5 or newer.");
    }
    Confinement result;
    if (rights.memoryLimit != 0 && !rights.gpu) {
        if (const Result<void> limited = limitMemory(rights.memoryLimit); !limited)
            return tl::unexpected(limited.error());
        result.inForce.push_back(
            fmt::format("It may use at most {} MB of memory.", rights.memoryLimit / (1024 * 1024)));
    }
    if (rights.gpu) {
        result.missing.emplace_back("There is no memory limit, because the GPU's driver reserves "
                                    "far more than it uses.");
    }
    const int version = landlockVersion();
    if (version == 0) {
        result.missing.emplace_back(
            "This kernel has no Landlock, so a model could write files anywhere you can.");
    } else {
        if (const Result<void> restricted = restrictFiles(rights, version); !restricted)
            return tl::unexpected(restricted.error());
        result.inForce.emplace_back(
            rights.gpu
                ? "It may write only in the document's folder, a scratch folder and what the "
                  "GPU's driver needs."
                : "It may write only in the document's folder and a scratch folder.");
        if (version < versionWithTruncate) {
            result.missing.emplace_back("This kernel's Landlock is older than Linux 6.2: a model "
                                        "could cut files that you may write.");
        }
    }
    if (const Result<void> restricted = restrictSystemCalls(rights); !restricted)
        return tl::unexpected(restricted.error());
    result.inForce.emplace_back(
        "It may not use the network, start programs or look into other processes.");
    return result;
}

} // namespace jitscope::confinement
