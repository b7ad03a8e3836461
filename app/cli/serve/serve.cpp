#include "app/cli/serve/serve.h"

#include "app/cli/serve/engine.h"
#include "app/cli/serve/frame_output.h"
#include "app/cli/serve/hardware.h"

#include "core/protocol/frame_parser.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace jitscope::cli {

namespace {

constexpr std::size_t pieceSize = 64 * 1024; // bytes read at a time

// Keeps standard output for frames: whatever LibTorch or a model prints goes to standard error.
Result<int> claimOutput()
{
    const int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (output < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        return fail(ErrorCode::Unavailable, "The standard output cannot be used.",
                    std::strerror(errno), "Start it with all three standard streams open.");
    }
    return output;
}

// True at the end of the stream, false when it is out of step.
bool readMessages(Engine& engine)
{
    protocol::FrameParser parser;
    std::array<char, pieceSize> piece{};
    while (true) {
        const ssize_t count = read(STDIN_FILENO, piece.data(), piece.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return true;
        parser.feed({piece.data(), static_cast<std::size_t>(count)});
        while (true) {
            Result<std::optional<std::string>> message = parser.next();
            if (!message) {
                fmt::print(stderr, "The input cannot be understood. {}\n",
                           message.error().message());
                return false;
            }
            if (!*message)
                break;
            engine.receive(**message);
        }
    }
}

} // namespace

int runServe()
{
    // The engine never outlives who started it.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    const Result<int> output = claimOutput();
    if (!output) {
        fmt::print(stderr, "{}\n", output.error().message());
        return exitCode(output.error().code);
    }
    FrameOutput frames(*output);
    Engine engine(frames, findHardware());
    const bool isEnd = readMessages(engine);
    // Without clearing up: a job may be at work, and the document is whole at any moment.
    _exit(isEnd ? 0 : exitCode(ErrorCode::InvalidArgument));
}

} // namespace jitscope::cli
