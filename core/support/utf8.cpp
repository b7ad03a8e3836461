#include "core/support/utf8.h"

namespace jitscope {

namespace {

// The length of the valid sequence at the start of `bytes`, or 0.
std::size_t sequenceLength(std::string_view bytes)
{
    const auto at = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const unsigned first = at(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        // Overlong forms and surrogates are no characters.
        const bool second = first == 0xE0 ? at(1) >= 0xA0 : first == 0xED ? at(1) <= 0x9F : true;
        return second && continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool second = first == 0xF0 ? at(1) >= 0x90 : first == 0xF4 ? at(1) <= 0x8F : true;
        return second && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

} // namespace

CodePoint firstCodePoint(std::string_view bytes)
{
    if (bytes.empty())
        return {};
    const std::size_t length = sequenceLength(bytes);
    if (length == 0)
        return {U'\uFFFD', 1, false};
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (length == 1)
        return {first, 1, true};
    auto value = static_cast<char32_t>(first & (0x7FU >> length));
    for (std::size_t i = 1; i < length; ++i)
        value = value << 6U | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
    return {value, length, true};
}

bool isUtf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const CodePoint first = firstCodePoint(bytes);
        if (!first.isValid)
            return false;
        bytes.remove_prefix(first.length);
    }
    return true;
}

std::string toUtf8(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const CodePoint first = firstCodePoint(bytes);
        if (first.isValid)
            text += bytes.substr(0, first.length);
        else
            text += "\xEF\xBF\xBD";
        bytes.remove_prefix(first.length);
    }
    return text;
}

std::string_view fitting(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    const auto isInside = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    while (bytes > 0 && isInside(text[bytes]))
        --bytes;
    return text.substr(0, bytes);
}

std::string shortened(std::string_view text, std::size_t bytes)
{
    return text.size() <= bytes ? std::string(text) : std::string(fitting(text, bytes)) + "\u2026";
}

} // namespace jitscope
