// Constants as people write them. Graphs keep the text that LibTorch prints, which tells a number
// to its last bit; this is for what is shown.
#pragma once

#include "core/ir/graph.h"

#include <string>
#include <string_view>

namespace jitscope::scene {

// Whether constants of the type are written True and False.
[[nodiscard]] bool isBool(std::string_view type);

// Floats in the shortest form that is the same number ("1e-05" for "1.0000000000000001e-05",
// "100.0" for "100."), and True and False where the type is bool or a list of it. In lists, tuples
// and dictionaries, too; what is in quotes, and all else, stays as it is.
[[nodiscard]] std::string displayConstant(std::string_view text, std::string_view type = {});

// The same of an attribute, which is of its node's type where the node is a constant.
[[nodiscard]] std::string displayAttribute(const ir::Graph& graph, const ir::Node& node,
                                           const ir::Attribute& attribute);

} // namespace jitscope::scene
