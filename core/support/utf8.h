// UTF-8 in texts that may be any bytes: names of models, paths, messages of libraries.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jitscope {

struct CodePoint
{
    char32_t value = 0;
    std::size_t length = 0; // bytes it takes; 0 for an empty text
    bool isValid = true;
};

// The first code point of a text. A byte that begins no valid sequence is an invalid one of its
// own, with the value U+FFFD.
[[nodiscard]] CodePoint firstCodePoint(std::string_view bytes);

// The document, the protocol and JSON take nothing else.
[[nodiscard]] bool isUtf8(std::string_view bytes);

// The text with each byte that is not part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string toUtf8(std::string_view bytes);

// As much of the text as fits into so many bytes, not ending in the middle of a character.
[[nodiscard]] std::string_view fitting(std::string_view text, std::size_t bytes);
// The same with an ellipsis where something is left out.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes);

} // namespace jitscope
