// Reads the texts of LibTorch that a scene shows: schemas and types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jitscope::scene {

struct SchemaArgument
{
    std::string name;         // empty where the schema has none
    std::string defaultValue; // empty for none
};

// The arguments of "aten::relu(Tensor self) -> Tensor", in order; the marker * is left out. Empty
// for a text that is no schema.
[[nodiscard]] std::vector<SchemaArgument> argumentsOf(std::string_view schema);

// The alias sets of arguments and of the first result, as the schema marks them: "a!" for the list
// of "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)", whose node changes it; empty for
// none.
struct AliasText
{
    std::vector<std::string> arguments;
    std::string result;
};
[[nodiscard]] AliasText aliasesOf(std::string_view schema);

// True when a constant's text says the same as a default: "[1, 1]" and "1" for int[2], "None" and
// "None".
[[nodiscard]] bool isDefault(std::string_view value, std::string_view defaultValue);

// "Float(1, 64, 112, 112, strides=[...], device=cpu)" as "float 1×64×112×112"; empty for a type
// without a shape.
[[nodiscard]] std::string shortType(std::string_view type);

// The sort of a type, for colours and the legend: "float32" for a Float tensor, "Tensor" for one
// whose element type is not known, "int" and other names as they are, "List", "Tuple", "Dict",
// "Optional" and classes without what is in them. Empty for no text.
[[nodiscard]] std::string typeName(std::string_view type);
// "cpu" or "cuda:0" for a tensor whose type says so, else empty.
[[nodiscard]] std::string deviceOf(std::string_view type);

} // namespace jitscope::scene
