// The catalogue of passes: one row a pass. A pass is added by adding its row to the list in
// pass_list.cpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::torchscript {

using PassArguments = std::map<std::string, std::string>;

struct PassArgument
{
    std::string name;
    std::string meaning;
    std::string defaultValue;         // one that is a number takes whole numbers only
    std::vector<std::string> choices; // the values it may have; empty when it may have any
};

// What must hold for a pass to be applied.
enum class PassNeed
{
    Nothing,
    Inlined,  // the graph contains no calls of modules
    Frozen,   // parameters are constants
    EvalMode, // the model is not in training mode
};

struct PassInfo
{
    std::string name;     // for the command line: "fold-batch-norm"
    std::string label;    // for menus: "Fold batch norm into convolution"
    std::string category; // such as "Clean up", "Fusion", "Frozen models"
    std::string effect;   // one sentence: what it does
    std::vector<PassNeed> needs;
    std::vector<PassArgument> arguments;
    bool available = true;
    std::string reason; // why it is not available here
};

// The argument of a pass that takes the shapes of the method's arguments. Whoever applies such a
// pass may fill it in; an empty one leaves them unknown.
inline constexpr std::string_view shapesArgument = "inputs";

[[nodiscard]] std::vector<PassInfo> passCatalogue();
[[nodiscard]] std::string_view toString(PassNeed need);

} // namespace jitscope::torchscript
