// What the user writes for one argument of a method, as data. Free of LibTorch.
//
// Forms:
//   1x3x224x224                a float32 tensor of that shape, uniform in 0..1
//   float32:1x3x224x224        the same with a dtype; also float32[1,3,224,224]
//   int64:8   int64:8:0..1000  integers, 0 or 1, or in the given range (the upper end not included)
//   zeros:8   ones:int64:2x3   filled; also rand: (uniform) and randn: (normal)
//   scalar, float32:scalar     a tensor without dimensions
//   3   2.5   true   none      a number, a truth value, nothing
//   'text'   "text"            a string
//   [a, b]   (a, b)            a list, a tuple of specifications
//   file.pt   file.npy         a tensor (or, in a .pt, any value) saved by torch.save or numpy.save
// A plain whole number means a tensor of that length where the method expects a tensor.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace jitscope::record {

enum class Fill
{
    Default, // uniform in 0..1 for floating types, 0 or 1 for integers and bool
    Zeros,
    Ones,
    Uniform,
    Normal,
};

struct TensorSpec
{
    std::string dtype = "float32"; // as in torch: float32, int64, bool, ...
    std::vector<std::int64_t> shape;
    Fill fill = Fill::Default;
    std::optional<std::pair<std::int64_t, std::int64_t>> range; // integers from first up to second
};

struct FileSpec
{
    std::string path;
};

struct InputSpec;

struct ListSpec
{
    std::vector<InputSpec> items;
};

struct TupleSpec
{
    std::vector<InputSpec> items;
};

struct InputSpec
{
    std::variant<std::monostate /* none */, bool, std::int64_t, double, std::string, TensorSpec,
                 FileSpec, ListSpec, TupleSpec>
        value;
};

[[nodiscard]] Result<InputSpec> parseInputSpec(std::string_view text);

// The text that parses to the same specification.
[[nodiscard]] std::string print(const InputSpec& spec);

// The forms in one sentence, for error messages.
[[nodiscard]] std::string_view inputSpecSyntax();

} // namespace jitscope::record
