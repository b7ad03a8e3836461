// Capitals and small letters of ASCII are the same to a search. Private to core/search.
#pragma once

namespace jitscope::search {

[[nodiscard]] inline char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace jitscope::search
