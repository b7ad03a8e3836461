// What operators do, in a sentence or two each (resources/operators). Any thread may ask.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jitscope::operators {

struct OperatorNote
{
    std::string text;
    std::string url; // of the page in PyTorch's documentation; empty where there is none
};

// What an operator such as "aten::conv2d" does; nothing for one without a note. An in-place
// operator has the note of the one it is named after.
[[nodiscard]] std::optional<OperatorNote> noteOf(std::string_view kind);

} // namespace jitscope::operators
