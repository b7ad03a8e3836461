// A number with its noun, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jitscope {

// "1 iteration", "3 iterations"; for nouns that take an s.
[[nodiscard]] std::string counted(std::int64_t number, std::string_view noun);

} // namespace jitscope
