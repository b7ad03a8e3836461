#include "core/protocol/frame_parser.h"

#include "core/support/trimmed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace jitscope::protocol {

namespace {

constexpr std::string_view endOfHeader = "\r\n\r\n";

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

Error outOfStep(std::string what)
{
    return {ErrorCode::InvalidArgument,
            std::move(what),
            {},
            "Messages are framed by Content-Length headers; see docs/protocol.md."};
}

// Nothing when the line is of another field.
Result<std::optional<std::size_t>> contentLength(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return tl::unexpected(outOfStep("A header line has no colon."));
    if (lowerCase(trimmed(line.substr(0, colon), " \t")) != "content-length")
        return std::optional<std::size_t>();
    const std::string_view digits = trimmed(line.substr(colon + 1), " \t");
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        return tl::unexpected(outOfStep("Content-Length is not a number."));
    if (size > FrameParser::maximumBody) {
        return tl::unexpected(outOfStep(fmt::format("A message of {} bytes is too long; {} are "
                                                    "allowed.",
                                                    size, FrameParser::maximumBody)));
    }
    return std::optional(size);
}

// A line that ends without a carriage return: not the start of a message, however much follows.
bool hasBareLineFeed(std::string_view header)
{
    for (std::size_t at = header.find('\n'); at != std::string_view::npos;
         at = header.find('\n', at + 1)) {
        if (at == 0 || header[at - 1] != '\r')
            return true;
    }
    return false;
}

} // namespace

void FrameParser::feed(std::string_view bytes)
{
    if (m_error)
        return;
    // Consumed bytes are dropped when they are the larger part, so that a long stream costs its
    // length once.
    if (m_start > 0 && m_start >= m_buffer.size() - m_start) {
        m_buffer.erase(0, m_start);
        m_start = 0;
    }
    m_buffer.append(bytes);
}

Result<std::optional<std::string>> FrameParser::next()
{
    if (m_error)
        return tl::unexpected(*m_error);
    if (!m_bodySize) {
        Result<std::optional<std::size_t>> size = parseHeader();
        if (!size) {
            m_error = size.error();
            m_buffer.clear();
            m_start = 0;
            return tl::unexpected(*m_error);
        }
        m_bodySize = *size;
    }
    if (!m_bodySize || m_buffer.size() - m_start < *m_bodySize)
        return std::optional<std::string>();
    std::string body = m_buffer.substr(m_start, *m_bodySize);
    m_start += *m_bodySize;
    m_bodySize.reset();
    return std::optional(std::move(body));
}

Result<std::optional<std::size_t>> FrameParser::parseHeader()
{
    const std::string_view rest = std::string_view(m_buffer).substr(m_start);
    const std::string_view header = rest.substr(0, maximumHeader);
    const std::size_t end = header.find(endOfHeader);
    if (hasBareLineFeed(header.substr(0, end)))
        return tl::unexpected(outOfStep("What arrived is not a message."));
    if (end == std::string_view::npos) {
        if (rest.size() >= maximumHeader)
            return tl::unexpected(outOfStep("The header of a message is too long."));
        return std::optional<std::size_t>();
    }
    std::optional<std::size_t> size;
    for (std::string_view lines = header.substr(0, end + 2); !lines.empty();) {
        const std::size_t lineEnd = lines.find("\r\n");
        Result<std::optional<std::size_t>> found = contentLength(lines.substr(0, lineEnd));
        if (!found)
            return found;
        if (*found && size)
            return tl::unexpected(outOfStep("A message has two Content-Length headers."));
        if (*found)
            size = *found;
        lines.remove_prefix(lineEnd + 2);
    }
    if (!size)
        return tl::unexpected(outOfStep("A message has no Content-Length header."));
    m_start += end + endOfHeader.size();
    return size;
}

std::string frame(std::string_view body)
{
    return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

} // namespace jitscope::protocol
