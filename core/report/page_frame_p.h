// What is around the content of the page: head, style, script, navigation. Private to core/report.
#pragma once

#include "core/report/page_p.h"

#include <string>
#include <string_view>

namespace jitscope::report {

// `title` is plain text; `header` and `foot` are markup.
[[nodiscard]] std::string framed(const Page& page, std::string_view title,
                                 const std::string& header, const std::string& foot);

// The page's only script, and the hash by which its Content-Security-Policy allows no other.
[[nodiscard]] std::string_view pageScript();
[[nodiscard]] std::string_view pageScriptHash(); // SHA-256 in Base64

[[nodiscard]] std::string pageStyle();

} // namespace jitscope::report
