#include "tests/bench/child.h"

#include <array>
#include <chrono>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace jitscope::bench {

std::optional<ChildResult> runChild(const std::vector<std::string>& command)
{
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(
            const_cast<char*>(argument.c_str())); // posix_spawn does not change them
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    const int failure =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe[1]);
    if (failure != 0) {
        close(pipe[0]);
        return std::nullopt;
    }

    ChildResult result;
    std::array<char, 4096> buffer{};
    for (ssize_t read = 0; (read = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
        result.output.append(buffer.data(), static_cast<std::size_t>(read));
    close(pipe[0]);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    const std::chrono::duration<double, std::milli> elapsed =
        std::chrono::steady_clock::now() - start;
    if (!WIFEXITED(status))
        return std::nullopt;
    result.exitCode = WEXITSTATUS(status);
    result.peakMegabytes =
        static_cast<double>(usage.ru_maxrss) * 1024 / 1e6; // ru_maxrss counts KiB
    result.milliseconds = elapsed.count();
    return result;
}

} // namespace jitscope::bench
