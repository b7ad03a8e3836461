// Schemas of operators that come with other libraries than LibTorch, as data.
#pragma once

#include <span>
#include <string_view>

namespace jitscope::torchscript {

struct KnownOperators
{
    std::string_view library;                  // the Python package that provides them
    std::string_view nameSpace;                // "torchvision"
    std::span<const std::string_view> schemas; // without the namespace
};

[[nodiscard]] std::span<const KnownOperators> knownOperators();

// The Python package that provides the operators of a namespace; empty if it is not known.
[[nodiscard]] std::string_view libraryOf(std::string_view nameSpace);

} // namespace jitscope::torchscript
