#include "app/cli/serve/frame_output.h"

#include "core/protocol/frame_parser.h"

#include <unistd.h>

#include <cerrno>

namespace jitscope::cli {

void FrameOutput::write(std::string_view body)
{
    const std::string bytes = protocol::frame(body);
    const std::lock_guard lock(m_mutex);
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t count = ::write(m_descriptor, rest.data(), rest.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            _exit(0);
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
}

} // namespace jitscope::cli
