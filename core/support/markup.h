// Texts of any bytes inside XML, HTML and the language of Graphviz.
#pragma once

#include <string>
#include <string_view>

namespace jitscope {

// The text for an element or for a value in quotes: <>&"' escaped. What XML 1.0 cannot hold, bytes
// that are no UTF-8 and control characters, becomes U+FFFD.
[[nodiscard]] std::string escapedMarkup(std::string_view text);

// In the quotes of Graphviz's language; a line break as it is written there.
[[nodiscard]] std::string quotedForDot(std::string_view text);

} // namespace jitscope
