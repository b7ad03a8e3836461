// What somebody may have meant by a name that is not there.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope {

// The names that are spelt like `name`, nearest first, at most `most`. Upper and lower case and the
// signs - and _ are alike.
[[nodiscard]] std::vector<std::string>
nearNames(std::string_view name, std::span<const std::string> names, std::size_t most = 3);

// "Did you mean a or b? ", to begin a remedy with; empty when none is near.
[[nodiscard]] std::string didYouMean(std::string_view name, std::span<const std::string> names);

} // namespace jitscope
