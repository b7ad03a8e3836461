// What a user looks for. Words are joined by "and"; a word may say in which field it is looked for:
//
//   conv layer1            both words, in any field
//   kind:conv              operators and other kinds of nodes
//   name:x.1               names of values, attributes and tensors
//   module:layer1          module paths and classes; what lies in such a module is meant too
//   type:Half  type:1x64   types, and shapes in any of the forms 1x64, 1×64 and [1, 64]
//   file:resnet.py:93      Python file, and line if there is one
//   const:0.5              values of constants; const: alone is all of them
//   text:"self.relu(x)"    text of the Python source that the model carries
//   "two words"            a phrase
//
// Upper and lower case are the same for the letters of ASCII.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::search {

enum class Field : std::uint8_t
{
    Any,
    Kind,
    Name,
    Module,
    Type,
    File,
    Constant,
    Text,
};

struct Term
{
    Field field = Field::Any;
    std::string text; // in lower case; empty: whatever has the field
    friend bool operator==(const Term&, const Term&) = default;
};

struct Query
{
    std::vector<Term> terms; // at most mostTerms; further words are left out
    [[nodiscard]] bool isEmpty() const { return terms.empty(); }
    friend bool operator==(const Query&, const Query&) = default;
};

inline constexpr std::size_t mostTerms = 16;

// Every text is a query: a word with a colon after something that is no field ("aten::relu") is a
// word, and a quotation mark that is not closed goes to the end.
[[nodiscard]] Query parseQuery(std::string_view text);

} // namespace jitscope::search
