// Where the models lie that ./bench makes.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace jitscope::bench {

inline std::filesystem::path modelPath(const std::string& name)
{
    const char* const given = std::getenv("JITSCOPE_MODELS");
    const char* const cache = std::getenv("XDG_CACHE_HOME");
    const char* const home = std::getenv("HOME");
    const std::filesystem::path folder =
        given != nullptr ? std::filesystem::path(given)
        : cache != nullptr
            ? std::filesystem::path(cache) / "jitscope/models"
            : std::filesystem::path(home != nullptr ? home : ".") / ".cache/jitscope/models";
    return folder / (name + ".pt");
}

} // namespace jitscope::bench
