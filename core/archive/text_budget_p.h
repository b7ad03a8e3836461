// How much text is made of a file. Private to core/archive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace jitscope::archive {

// A file may name the same text any number of times, so what is made of its texts is limited.
class TextBudget
{
public:
    explicit TextBudget(std::size_t most) : m_left(most) {}

    // Of a flatbuffer: no more memory than the file takes, and a megabyte.
    [[nodiscard]] static TextBudget ofFlat(std::size_t bytes) { return TextBudget(bytes + spare); }
    // Of a pickle, where a name that comes again takes a few bytes only.
    [[nodiscard]] static TextBudget ofPickle(std::size_t bytes)
    {
        return TextBudget(std::min(bytes * namesInName, largest) + spare);
    }

    [[nodiscard]] bool hasRoom() const { return m_left > 0; }
    // Empty when it does not fit; then nothing does any more.
    [[nodiscard]] std::string take(std::string_view text)
    {
        if (text.size() > m_left) {
            m_left = 0;
            return {};
        }
        m_left -= text.size();
        return std::string(text);
    }

private:
    static constexpr std::size_t spare = 1u << 20;     // bytes
    static constexpr std::size_t largest = 256u << 20; // bytes
    static constexpr std::size_t namesInName = 64;

    std::size_t m_left;
};

} // namespace jitscope::archive
