#include "core/confinement/system_calls_p.h"

#include <seccomp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace jitscope::confinement {

namespace {

// What an engine never needs and a hostile model might want. LibTorch, OpenMP and SQLite use none
// of them.
constexpr std::array deniedCalls{
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
};

constexpr std::array socketCalls{SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
                                 SCMP_SYS(accept), SCMP_SYS(accept4)};

tl::unexpected<Error> refused(int code)
{
    return fail(ErrorCode::Unavailable, "The kernel refused to restrict the engine's system calls.",
                std::strerror(-code), "Use a kernel with seccomp filters (CONFIG_SECCOMP_FILTER).");
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

int deny(scmp_filter_ctx filter, int call)
{
    const int code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
    // A call that this architecture does not have needs no rule.
    return code == -EDOM ? 0 : code;
}

int denySockets(scmp_filter_ctx filter, bool allowLocal)
{
    if (allowLocal) // the GPU's driver talks to its daemon through one
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                                SCMP_A0(SCMP_CMP_NE, AF_UNIX));
    if (const int code = deny(filter, SCMP_SYS(socket)); code != 0)
        return code;
    for (const int call : socketCalls) {
        if (const int code = deny(filter, call); code != 0)
            return code;
    }
    return 0;
}

} // namespace

Result<void> restrictSystemCalls(const Rights& rights)
{
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
    if (!filter)
        return refused(-ENOMEM);
    // A thread that was started too early is confined as well.
    if (const int code = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1); code != 0)
        return refused(code);
    for (const int call : deniedCalls) {
        if (const int code = deny(filter.get(), call); code != 0)
            return refused(code);
    }
    if (const int code = denySockets(filter.get(), rights.gpu); code != 0)
        return refused(code);
    if (const int code = seccomp_load(filter.get()); code != 0)
        return refused(code);
    return {};
}

} // namespace jitscope::confinement
