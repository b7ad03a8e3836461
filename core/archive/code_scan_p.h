// What can be told from the text of serialized code without compiling it. Private to core/archive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace jitscope::archive {

struct CodeScan
{
    std::size_t deepestNesting = 0;      // brackets and indentation together
    bool hasControlFlow = false;         // if, while or for
    std::set<std::string> fileOperators; // calls that write or open files, such as "torch.save"
    std::set<std::string> customClasses; // such as "quantized.Conv2dPackedParamsBase"
    std::map<std::string, std::uint64_t> operators; // "aten::conv2d" to the number of calls
    std::set<std::string> classes;                  // defined here, without the module's name
    std::set<std::string> runAtLoad;                // of them: LibTorch calls their __setstate__
    // The namespaces torch and ops are used as values, which LibTorch never prints: what is called
    // through another name cannot be told.
    bool hidesCalls = false;
};

[[nodiscard]] CodeScan scanCode(std::string_view code);

// What the debug record beside a file of code says about how it was made.
struct DebugScan
{
    bool isTraced = false;   // it holds Python call stacks
    bool isScripted = false; // it holds source text of functions
};

[[nodiscard]] DebugScan scanDebugRecord(std::string_view record);

} // namespace jitscope::archive
