// The text of resources/operators/operators.txt.
#pragma once

#include <string_view>

namespace jitscope::operators {

extern const std::string_view notesText;

} // namespace jitscope::operators
