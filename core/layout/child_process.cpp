#include "core/layout/child_process_p.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // POSIX declares it nowhere else

namespace jitscope::layout {

namespace {

using Clock = std::chrono::steady_clock;

class Socket
{
public:
    explicit Socket(int fd) : m_fd(fd) {}
    ~Socket() { close(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const { return m_fd; }
    void close()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }

private:
    int m_fd;
};

// Ends the child, whatever happens, and takes its status.
class Child
{
public:
    explicit Child(pid_t pid) : m_pid(pid) {}
    ~Child()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            wait();
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    int wait()
    {
        int status = 0;
        while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
        }
        m_pid = 0;
        return status;
    }

private:
    pid_t m_pid;
};

tl::unexpected<Error> unavailable(const std::string& program, std::string what)
{
    return fail(ErrorCode::Unavailable, std::move(what), program,
                "The built-in layout does not need this program.");
}

Result<pid_t> spawn(const std::vector<std::string>& command, int fd)
{
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command)
        arguments.push_back(
            const_cast<char*>(argument.c_str())); // posix_spawn does not write to them
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    const int error =
        ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return unavailable(command[0], std::string("The program cannot be started: ") +
                                           std::strerror(error) + ".");
    return pid;
}

} // namespace

Result<std::string> runFilter(const std::vector<std::string>& command, const std::string& input,
                              std::chrono::milliseconds limit, std::size_t outputLimit,
                              const CancelToken& cancel)
{
    // A socket pair, not pipes: writing to a program that has ended must not raise SIGPIPE here.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return unavailable(command[0], std::string("No socket: ") + std::strerror(errno) + ".");
    Socket ours(ends[0]);
    Socket theirs(ends[1]);
    const Result<pid_t> pid = spawn(command, theirs.fd());
    if (!pid)
        return tl::unexpected(pid.error());
    Child child(*pid);
    theirs.close();

    const Clock::time_point deadline = Clock::now() + limit;
    constexpr int pollMilliseconds = 20; // how soon a cancel is seen
    std::string output;
    std::size_t written = 0;
    bool isWriting = true;
    std::array<char, 65536> buffer{};
    while (true) {
        if (cancel.isCancelled())
            return cancelled();
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0)
            return unavailable(command[0], "The program took longer than " +
                                               std::to_string(limit.count()) + " ms.");
        if (isWriting && written == input.size()) {
            ::shutdown(ours.fd(), SHUT_WR);
            isWriting = false;
        }
        pollfd waiting{ours.fd(), static_cast<short>(isWriting ? POLLIN | POLLOUT : POLLIN), 0};
        const int ready =
            ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left, pollMilliseconds)));
        if (ready < 0 && errno != EINTR)
            return unavailable(command[0],
                               std::string("Waiting failed: ") + std::strerror(errno) + ".");
        if (ready <= 0)
            continue;
        if ((waiting.revents & POLLOUT) != 0 && isWriting) {
            const ssize_t n = ::send(ours.fd(), input.data() + written, input.size() - written,
                                     MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n > 0)
                written += static_cast<std::size_t>(n);
            else if (errno != EAGAIN && errno != EINTR)
                isWriting = false; // it reads no more; what it says decides
        }
        if ((waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            const ssize_t n = ::recv(ours.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (n > 0)
                output.append(buffer.data(), static_cast<std::size_t>(n));
            else if (n == 0 || (errno != EAGAIN && errno != EINTR))
                break;
            if (output.size() > outputLimit)
                return unavailable(command[0], "The program wrote too much.");
        }
    }
    const int status = child.wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return unavailable(command[0], "The program ended with an error.");
    return output;
}

} // namespace jitscope::layout
