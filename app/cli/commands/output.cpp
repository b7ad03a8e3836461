#include "app/cli/commands/output.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace jitscope::cli {

Output::Output() : m_file(dup(STDOUT_FILENO))
{
    std::fflush(stdout);
    dup2(STDERR_FILENO, STDOUT_FILENO);
}

Output::~Output()
{
    if (m_file >= 0)
        close(m_file);
}

void Output::write(std::string_view text)
{
    while (!text.empty() && m_failure == 0) {
        const ssize_t written = ::write(m_file, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            m_failure = errno;
        else
            text.remove_prefix(static_cast<std::size_t>(written));
    }
}

Result<void> Output::written() const
{
    if (m_failure == 0 || m_failure == EPIPE)
        return {};
    return fail(ErrorCode::UnusableFile, "The results cannot be written to standard output.",
                std::strerror(m_failure), "Make room, or send them elsewhere.");
}

void Output::writeJson(const nlohmann::json& json)
{
    write(jsonText(json));
}

std::string jsonText(const nlohmann::json& json)
{
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace jitscope::cli
