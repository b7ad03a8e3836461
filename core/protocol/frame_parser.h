// Cuts a stream of bytes into messages framed by "Content-Length: n\r\n\r\n", as in the Language
// Server Protocol. Fed with pieces of any size. Marshalling only: where the bytes come from is the
// caller's business.
#pragma once

#include "core/support/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jitscope::protocol {

class FrameParser
{
public:
    static constexpr std::size_t maximumHeader = 4096;    // bytes
    static constexpr std::size_t maximumBody = 64u << 20; // bytes

    void feed(std::string_view bytes);

    // The next complete message, nothing when more bytes are needed, or an Error when the stream is
    // no longer in step; the Error stays, and the connection should be ended.
    [[nodiscard]] Result<std::optional<std::string>> next();

private:
    Result<std::optional<std::size_t>> parseHeader();

    std::string m_buffer;
    std::size_t m_start = 0; // of what is not consumed yet
    std::optional<std::size_t> m_bodySize;
    std::optional<Error> m_error;
};

// A message with its header.
[[nodiscard]] std::string frame(std::string_view body);

} // namespace jitscope::protocol
