#include "app/cli/commands/messages_to_user.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace jitscope::cli {

namespace {

constexpr const char* clearLine = "\r\033[K";

// Whoever reads standard error may have gone; that is no reason to fail.
void print(const std::string& text)
{
    std::fputs(text.c_str(), stderr);
}

void tellProgress(const Progress& progress)
{
    print(progress.fraction < 0
              ? fmt::format("{}{} ...", clearLine, progress.phase)
              : fmt::format("{}{} {:.0f} %", clearLine, progress.phase, progress.fraction * 100));
    std::fflush(stderr);
}

} // namespace

void tellError(const Error& error)
{
    clearProgress();
    print(fmt::format("jitscope-cli: {}\n", error.message()));
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
        print(fmt::format("jitscope-cli: {}{}\n", level == LogLevel::Warning ? "warning: " : "",
                          text));
    };
    return job;
}

void clearProgress()
{
    if (isatty(STDERR_FILENO) != 0)
        std::fputs(clearLine, stderr);
}

} // namespace jitscope::cli
