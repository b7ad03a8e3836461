#include "app/cli/commands/output.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdio>

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
    while (!text.empty()) {
        const ssize_t written = ::write(m_file, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return; // the reader is gone
        text.remove_prefix(static_cast<std::size_t>(written));
    }
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
