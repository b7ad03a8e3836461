#include "core/confinement/landlock_p.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace jitscope::confinement {

namespace {

// Debian 12's header ends at version 2; these are the kernel's later constants
// (include/uapi/linux/landlock.h).
constexpr std::uint64_t accessRefer = 1ULL << 13;    // version 2
constexpr std::uint64_t accessTruncate = 1ULL << 14; // version 3
constexpr std::uint64_t accessIoctlDev = 1ULL << 15; // version 5
constexpr std::uint64_t accessTcp = 3;               // version 4: bind and connect
constexpr std::uint64_t scopes = 3;                  // version 6: abstract sockets and signals

struct Ruleset
{
    std::uint64_t fileAccess = 0;
    std::uint64_t networkAccess = 0;
    std::uint64_t scoped = 0;
};

class Descriptor
{
public:
    explicit Descriptor(int value) : m_value(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_value >= 0)
            close(m_value);
    }
    [[nodiscard]] int get() const { return m_value; }
    [[nodiscard]] bool valid() const { return m_value >= 0; }

private:
    int m_value;
};

std::uint64_t allFileAccess(int version)
{
    std::uint64_t access = accessRefer - 1; // everything of version 1
    if (version >= 2)
        access |= accessRefer;
    if (version >= 3)
        access |= accessTruncate;
    if (version >= 5)
        access |= accessIoctlDev;
    return access;
}

std::size_t rulesetSize(int version)
{
    if (version >= 6)
        return sizeof(Ruleset);
    return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

tl::unexpected<Error> refused(const std::string& where)
{
    return fail(ErrorCode::Unavailable, "The kernel refused to confine the engine to its folder.",
                where + ": " + std::strerror(errno),
                "Check that the folder exists; start the engine again.");
}

Result<void> allow(int ruleset, const std::filesystem::path& path, std::uint64_t access)
{
    const Descriptor folder(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!folder.valid())
        return refused(path.string());
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = folder.get();
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return refused(path.string());
    return {};
}

// To what is there already.
std::uint64_t writing(int version)
{
    const std::uint64_t access = LANDLOCK_ACCESS_FS_WRITE_FILE;
    return version >= 3 ? access | accessTruncate : access;
}

// A device file may be read and written, never removed. One that is not there needs no rule.
Result<void> allowDevice(int ruleset, const std::filesystem::path& path, int version)
{
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return {};
    std::uint64_t access = LANDLOCK_ACCESS_FS_READ_FILE | writing(version);
    if (version >= 5)
        access |= accessIoctlDev;
    return allow(ruleset, path, access);
}

// The driver writes the names of its threads to /proc/self/task/*/comm and gives up where it cannot
// (cuInit: 304). A rule holds for the inode that it was made with, and procfs makes a new one when
// it has forgotten the folder; hence the descriptor that is never closed.
Result<void> allowThreadNames(int ruleset, int version)
{
    constexpr const char* folder = "/proc/self/task";
    if (open(folder, O_PATH | O_CLOEXEC) < 0) { // NOLINT: kept
        return fail(ErrorCode::Unavailable, "The threads of this process cannot be looked at.",
                    std::string(folder) + ": " + std::strerror(errno),
                    "Mount procfs at /proc; the GPU's driver needs it.");
    }
    return allow(ruleset, folder, writing(version));
}

std::vector<std::filesystem::path> gpuDevices()
{
    std::vector<std::filesystem::path> devices;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        if (entry.path().filename().string().starts_with("nvidia") && !entry.is_directory(ignored))
            devices.push_back(entry.path());
    }
    return devices;
}

} // namespace

int landlockVersion()
{
    const long version =
        syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : static_cast<int>(version);
}

Result<void> restrictFiles(const Rights& rights, int version)
{
    Ruleset attributes;
    attributes.fileAccess = allFileAccess(version);
    attributes.networkAccess = version >= 4 ? accessTcp : 0;
    attributes.scoped = version >= 6 ? scopes : 0;
    const Descriptor ruleset(static_cast<int>(
        syscall(SYS_landlock_create_ruleset, &attributes, rulesetSize(version), 0)));
    if (!ruleset.valid())
        return refused("Landlock");

    constexpr std::uint64_t reading =
        LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
    if (const Result<void> allowed = allow(ruleset.get(), "/", reading); !allowed)
        return allowed;
    for (const std::filesystem::path& folder : rights.writable) {
        const std::uint64_t access =
            attributes.fileAccess & ~LANDLOCK_ACCESS_FS_EXECUTE & ~accessIoctlDev;
        if (const Result<void> allowed = allow(ruleset.get(), folder, access); !allowed)
            return allowed;
    }
    std::vector<std::filesystem::path> devices{"/dev/null", "/dev/zero"};
    if (rights.gpu) {
        const std::vector<std::filesystem::path> gpus = gpuDevices();
        devices.insert(devices.end(), gpus.begin(), gpus.end());
        if (const Result<void> allowed = allowThreadNames(ruleset.get(), version); !allowed)
            return allowed;
    }
    for (const std::filesystem::path& device : devices) {
        if (const Result<void> allowed = allowDevice(ruleset.get(), device, version); !allowed)
            return allowed;
    }
    if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return refused("Landlock");
    return {};
}

} // namespace jitscope::confinement
