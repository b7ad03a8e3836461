// What sort of operator a node is, for colours and the legend.
#pragma once

#include <cstdint>
#include <string_view>

namespace jitscope::scene {

enum class OperatorClass : std::uint8_t
{
    Linear,        // convolutions, matrix products, attention
    Normalisation, // batch norm, layer norm, dropout
    Activation,    // relu, gelu, softmax
    Pointwise,     // arithmetic, comparison
    Reduction,     // pooling, sums, mean
    Shape,         // view, permute, cat, slicing
    Memory,        // creation, copies, casts, constants
    Control,       // If, Loop, fork, exceptions, checks
    Call,          // modules, functions
    Fusion,        // groups that a fuser made
    Data,          // lists, tuples, dicts, scalars
    Terminal,      // inputs and outputs
    Other,         // operators of libraries and whatever else
};
inline constexpr int operatorClassCount = 13;

// `kind` with its namespace, such as "aten::conv2d". In-place variants (a trailing _) are in the
// class of their operator.
[[nodiscard]] OperatorClass classify(std::string_view kind);

// A module that is known to be one operator, by its Python class: "Conv2d" is as aten::conv2d,
// "Bottleneck" is Call.
[[nodiscard]] OperatorClass classifyModule(std::string_view className);

// For the legend: "Convolution and matrix product".
[[nodiscard]] std::string_view describe(OperatorClass operatorClass);

} // namespace jitscope::scene
