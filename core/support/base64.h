// Base64 (RFC 4648, with padding): bytes inside of JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope {

[[nodiscard]] std::string toBase64(std::span<const std::byte> bytes);
// Nothing for text that is none: other characters, a wrong length, bits left over.
[[nodiscard]] std::optional<std::vector<std::byte>> fromBase64(std::string_view text);

} // namespace jitscope
