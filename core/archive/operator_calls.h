// The calls of operators in serialized code, for schemas of operators that no library provides.
// Free of LibTorch; never reads outside of the text, whatever is in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

// The form of a call: what a schema must accept.
struct OperatorCall
{
    std::string name;                  // "acme::fancy"
    std::size_t positional = 0;        // arguments without a name
    std::vector<std::string> keywords; // names of the others, in order
    std::size_t results = 1;

    friend bool operator==(const OperatorCall&, const OperatorCall&) = default;
    friend auto operator<=>(const OperatorCall&, const OperatorCall&) = default;
};

// Every form once, in order. Operators of the namespace aten are written torch.name in the code,
// all others ops.namespace.name.
[[nodiscard]] std::vector<OperatorCall> operatorCalls(std::string_view code);

} // namespace jitscope::archive
