// Walks over a Python pickle without running it. Private to core/archive.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace jitscope::archive {

struct PickleScan
{
    bool isWhole = false;          // well-formed up to its STOP
    std::set<std::string> globals; // "module name" of every class or function it refers to
};

[[nodiscard]] PickleScan scanPickle(std::string_view pickle);

// Whether the pickle holds tensors by name and nothing that needs code to rebuild.
[[nodiscard]] bool isStateDict(const PickleScan& scan);

} // namespace jitscope::archive
