#include "app/cli/serve/hardware.h"

#include "core/torchscript/session.h"
#include "profiler/cupti/gpu_activity.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>

namespace jitscope::cli {

namespace {

// A driver that hangs must not keep the engine from starting.
constexpr std::chrono::seconds patience(20);

std::string whyNoRecording()
{
    const auto activity = cupti::openGpuActivity();
    if (!activity)
        return activity.error().message();
    const Result<void> started = (*activity)->start();
    return started ? std::string() : started.error().message();
}

// A line for each device and, last, one that says why GPU activity cannot be recorded.
[[noreturn]] void answer(int pipe)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::string text;
    for (const std::string& device : torchscript::Session::devices())
        text += device + '\n';
    std::string why = whyNoRecording();
    for (char& c : why) {
        if (c == '\n')
            c = ' ';
    }
    text += why + '\n';
    const ssize_t written = write(pipe, text.data(), text.size());
    _exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

// All that comes before the end of the stream or of the patience.
std::string readAll(int pipe)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + patience;
    std::string text;
    std::array<char, 4096> piece{};
    while (Clock::now() < end) {
        pollfd ready{pipe, POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        if (poll(&ready, 1, static_cast<int>(left.count())) <= 0)
            break;
        const ssize_t count = read(pipe, piece.data(), piece.size());
        if (count <= 0)
            break;
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
    return text;
}

// Empty when the other process crashed or hung.
std::string askInProcessOfItsOwn()
{
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
        return {};
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        answer(ends[1]);
    }
    close(ends[1]);
    std::string text;
    if (child > 0) {
        text = readAll(ends[0]);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }
    close(ends[0]);
    return text;
}

} // namespace

Hardware findHardware()
{
    const std::string text = askInProcessOfItsOwn();
    std::vector<std::string> lines;
    for (std::size_t start = 0, stop = 0; (stop = text.find('\n', start)) != std::string::npos;
         start = stop + 1)
        lines.push_back(text.substr(start, stop - start));
    if (lines.size() < 2)
        return {{"cpu"}, "The GPU driver did not answer; only the CPU can be used."};
    Hardware hardware;
    hardware.cudaRecording = std::move(lines.back());
    lines.pop_back();
    hardware.devices = std::move(lines);
    return hardware;
}

} // namespace jitscope::cli
