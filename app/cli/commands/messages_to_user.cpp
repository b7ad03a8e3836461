#include "app/cli/commands/messages_to_user.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace jitscope::cli {

namespace {

constexpr const char* clearLine = "\r\033[K";

void tellProgress(const Progress& progress)
{
    if (progress.fraction < 0)
        fmt::print(stderr, "{}{} ...", clearLine, progress.phase);
    else
        fmt::print(stderr, "{}{} {:.0f} %", clearLine, progress.phase, progress.fraction * 100);
    std::fflush(stderr);
}

} // namespace

void tellError(const Error& error)
{
    clearProgress();
    fmt::print(stderr, "jitscope-cli: {}\n", error.message());
}

JobContext jobForTerminal()
{
    JobContext job;
    if (isatty(STDERR_FILENO) != 0)
        job.onProgress = tellProgress;
    job.onLog = [](LogLevel level, std::string_view text) {
        if (level == LogLevel::Debug || level == LogLevel::Info)
            return;
        clearProgress();
        fmt::print(stderr, "jitscope-cli: {}{}\n", level == LogLevel::Warning ? "warning: " : "",
                   text);
    };
    return job;
}

void clearProgress()
{
    if (isatty(STDERR_FILENO) != 0)
        std::fputs(clearLine, stderr);
}

} // namespace jitscope::cli
