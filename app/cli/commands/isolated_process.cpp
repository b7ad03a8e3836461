#include "app/cli/commands/isolated_process.h"

#include "app/cli/commands/messages_to_user.h"
#include "app/cli/session/engine_rights.h"

#include <fmt/format.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

namespace jitscope::cli {

namespace {

sigset_t cancellingSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

// Waits for the signals, which are blocked in all threads, and never returns.
void watchSignals(const CancelToken& cancel)
{
    const sigset_t set = cancellingSignals();
    int signal = 0;
    sigwait(&set, &signal);
    cancel.cancel();
    sigwait(&set, &signal);
    _exit(exitCode(ErrorCode::Cancelled));
}

[[noreturn]] void runChild(pid_t parent, const std::vector<std::filesystem::path>& writableFolders,
                           const std::function<int(const JobContext& job)>& work)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(exitCode(ErrorCode::EngineLost));
    const Result<confinement::Confinement> confined = confineEngine(writableFolders);
    if (!confined) {
        tellError(confined.error());
        _exit(exitCode(confined.error().code));
    }
    const JobContext job = jobForTerminal();
    for (const std::string& lack : confined->missing)
        job.log(LogLevel::Warning, lack);
    std::thread([cancel = job.cancel] { watchSignals(cancel); }).detach();
    const int code = work(job);
    clearProgress();
    std::fflush(nullptr);
    // Without LibTorch's own clearing up, which takes long and may crash after the work is done.
    _exit(code);
}

// Passes signals on to the child until it has ended.
int waitFor(pid_t child, const sigset_t& signals)
{
    for (;;) {
        siginfo_t info{};
        const int signal = sigwaitinfo(&signals, &info);
        // A terminal has sent it to the child, too.
        if ((signal == SIGINT || signal == SIGTERM) && info.si_code != SI_KERNEL)
            kill(child, signal);
        int status = 0;
        if (signal == SIGCHLD && waitpid(child, &status, WNOHANG) == child)
            return status;
    }
}

} // namespace

Result<int> runIsolated(const std::vector<std::filesystem::path>& writableFolders,
                        const std::function<int(const JobContext& job)>& work)
{
    std::error_code ignored;
    for (const std::filesystem::path& folder : writableFolders) {
        if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
            return fail(ErrorCode::UnusableFile, "The folder to write into does not exist.",
                        folder.string(), "Make it, or choose another.");
        }
    }
    sigset_t signals = cancellingSignals();
    sigaddset(&signals, SIGCHLD);
    sigset_t before;
    sigprocmask(SIG_BLOCK, &signals, &before);
    const pid_t parent = getpid();
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) {
        return fail(ErrorCode::Unavailable, "No process could be started.", std::strerror(errno),
                    "End other programs and try again.");
    }
    if (child == 0)
        runChild(parent, writableFolders, work);
    const int status = waitFor(child, signals);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    removeLeftScratchFolders();
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    const int signal = WTERMSIG(status);
    const bool wasKilled = signal == SIGKILL;
    return fail(ErrorCode::EngineLost,
                wasKilled ? "The process that worked on the model was killed."
                          : fmt::format("LibTorch crashed ({}).", strsignal(signal)),
                {},
                wasKilled
                    ? "Perhaps the machine was out of memory; `dmesg` tells."
                    : "The file may be damaged in a way that the check before did not see, or "
                      "a pass or an operator has a fault. What was written until then is in "
                      "the document.");
}

} // namespace jitscope::cli
