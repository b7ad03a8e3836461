// How much of a value is shown, of whatever form the file is. Private to core/archive.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jitscope::archive {

inline constexpr std::size_t mostShown = 16; // items of a list
inline constexpr int deepestShown = 3;       // lists in lists with their items
inline constexpr int deepestText = 8;        // values in values at all

[[nodiscard]] inline std::string shortened(std::string_view text)
{
    constexpr std::size_t longest = 200;
    return text.size() <= longest ? std::string(text)
                                  : std::string(text.substr(0, longest)) + "...";
}

} // namespace jitscope::archive
