// A 128-bit hash of bytes (XXH3), as 32 hex digits. For recognising content, not for security.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace jitscope {

[[nodiscard]] std::string contentHash(std::span<const std::byte> bytes);

} // namespace jitscope
