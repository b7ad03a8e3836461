// What `info --json` prints, for people.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace jitscope::cli {

[[nodiscard]] std::string infoText(const nlohmann::json& facts);

} // namespace jitscope::cli
