// Compares and describes what a model returns. LibTorch's types; private to profiler/record.
#pragma once

#include <ATen/core/ivalue.h>

#include <string>

namespace jitscope::record {

// To the bit: NaN equals a NaN of the same bits, 0.0 does not equal -0.0. Shapes, strides, dtypes
// and devices count.
[[nodiscard]] bool equalToTheBit(const c10::IValue& a, const c10::IValue& b);

// "Tensor float32 [1, 1000]", "(Tensor float32 [2, 3], int 4)".
[[nodiscard]] std::string describe(const c10::IValue& value);

// The value on the device, with the tensors in lists, tuples and dicts; those that lie there
// already are shared.
[[nodiscard]] c10::IValue copyTo(const c10::IValue& value, const c10::Device& device);

} // namespace jitscope::record
