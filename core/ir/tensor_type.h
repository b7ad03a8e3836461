// The type of a tensor as LibTorch prints it, taken apart: "Float(1, 64, *, 56, device=cpu)".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::ir {

struct TensorType
{
    std::string dtype; // "Float"; "Tensor" when it is not known
    // Of each dimension its size, "*" where it is not known, "SS(-2)" for a symbol. Nothing when
    // not even their number is known.
    std::optional<std::vector<std::string>> sizes;
    std::string device; // "cpu", "cuda:0"; empty when it is not known

    [[nodiscard]] bool isComplete() const; // dtype and every size are known
    friend bool operator==(const TensorType&, const TensorType&) = default;
};

// Nothing for the type of anything else. Strides and whether a gradient is wanted are left out.
[[nodiscard]] std::optional<TensorType> tensorTypeOf(std::string_view printed);

// What both have in common.
[[nodiscard]] TensorType common(const TensorType& a, const TensorType& b);

[[nodiscard]] std::string toText(const TensorType& type);

} // namespace jitscope::ir
