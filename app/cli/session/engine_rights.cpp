#include "app/cli/session/engine_rights.h"

#include <fmt/format.h>

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace jitscope::cli {

namespace {

// A model that needs more than the machine has would take the machine down with it; one that needs
// less than this share of it is left alone.
constexpr double memoryShare = 0.9;

bool hasNvidiaDevice()
{
    std::error_code ignored;
    return std::filesystem::exists("/dev/nvidiactl", ignored);
}

std::uint64_t physicalMemory()
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long pageSize = sysconf(_SC_PAGESIZE);
    return pages > 0 && pageSize > 0
               ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(pageSize)
               : 0;
}

constexpr std::string_view scratchPrefix = "jitscope-scratch-";

std::filesystem::path temporaryFolder()
{
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
    return error ? std::filesystem::path("/tmp") : folder;
}

Result<std::filesystem::path> makeScratchFolder()
{
    removeLeftScratchFolders();
    std::string name = temporaryFolder() / fmt::format("{}{}-XXXXXX", scratchPrefix, getpid());
    if (mkdtemp(name.data()) == nullptr) {
        return fail(ErrorCode::Unavailable, "No scratch folder could be made.",
                    fmt::format("{}: {}", name, std::strerror(errno)),
                    "Let TMPDIR name a folder that may be written.");
    }
    setenv("TMPDIR", name.c_str(), 1);
    // The CUDA driver keeps compiled kernels here; its own choice lies outside.
    setenv("CUDA_CACHE_PATH", name.c_str(), 0);
    return std::filesystem::path(name);
}

} // namespace

void removeLeftScratchFolders()
{
    std::error_code error;
    std::filesystem::directory_iterator entry(temporaryFolder(), error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(scratchPrefix))
            continue;
        const long owner = std::strtol(name.c_str() + scratchPrefix.size(), nullptr, 10);
        const bool isLeft = owner > 0 && kill(static_cast<pid_t>(owner), 0) != 0 && errno == ESRCH;
        std::error_code ignored; // of another user
        if (isLeft)
            std::filesystem::remove_all(entry->path(), ignored);
    }
}

Result<confinement::Confinement>
confineEngine(const std::vector<std::filesystem::path>& writableFolders)
{
    Result<std::filesystem::path> scratch = makeScratchFolder();
    if (!scratch)
        return tl::unexpected(scratch.error());
    confinement::Rights rights;
    for (const std::filesystem::path& folder : writableFolders) {
        if (!folder.empty())
            rights.writable.push_back(folder);
    }
    rights.writable.push_back(*scratch);
    rights.gpu = hasNvidiaDevice();
    rights.memoryLimit =
        static_cast<std::uint64_t>(static_cast<double>(physicalMemory()) * memoryShare);
    return confinement::confine(rights);
}

} // namespace jitscope::cli
