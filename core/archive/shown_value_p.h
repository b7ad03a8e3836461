// How much of a value is shown, of whatever form the file is. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/text_budget_p.h"

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

// The items of a list that lies `depth` deep in others; `item` gives each as text, by its number.
template <typename Item>
[[nodiscard]] std::string shownItems(std::size_t count, int depth, const Item& item)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += i == 0 ? "" : ", ";
        if (i == mostShown || depth == deepestShown)
            return text + "...";
        text += item(i);
    }
    return text;
}

// A value of a pickle or a flatbuffer, as long as there is room for its text.
template <typename Source, typename Id>
[[nodiscard]] BytecodeConstant shownWithin(TextBudget& texts, const Source& source, Id id)
{
    if (!texts.hasRoom())
        return {};
    BytecodeConstant constant = shownValue(source, id);
    constant.text = texts.take(constant.text);
    return constant;
}

} // namespace jitscope::archive
