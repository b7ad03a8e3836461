// What can be told from the text of serialized code without compiling it. Private to core/archive.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

struct CodeScan
{
    std::size_t deepestNesting = 0;         // brackets and indentation together
    bool hasControlFlow = false;            // if, while or for
    std::vector<std::string> fileOperators; // calls that write or open files, such as "torch.save"
    std::vector<std::string> customClasses; // such as "quantized.Conv2dPackedParamsBase"
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
