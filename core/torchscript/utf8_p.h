// LibTorch's messages and names are bytes; the document, the protocol and JSON take UTF-8 only.
#pragma once

#include <string>
#include <string_view>

namespace jitscope::torchscript {

[[nodiscard]] bool isUtf8(std::string_view bytes);

// The text with each byte that is not part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string toUtf8(std::string_view bytes);

} // namespace jitscope::torchscript
