// What PyTorch's quantized convolutions are restored from while a file loads. LibTorch 2.11 divides
// by their strides and groups without looking at them (at::native::fbgemm_utils::
// MakeFbgemmConvParam). Private to core/archive.
#pragma once

#include "core/archive/flat_module_p.h"
#include "core/archive/pickle_value_p.h"

#include <functional>
#include <string>
#include <string_view>

namespace jitscope::archive {

// The bytes of a storage, named as PickledTensor::record has it; empty when there are none.
using StorageReader = std::function<std::string(const std::string& record)>;

// Whether restoring an object divides by zero; false for all that is no quantized convolution.
[[nodiscard]] bool dividesByZero(const PickleDocument& pickle, PickleId object,
                                 const StorageReader& storage);
// The values that the object holds were checked already.
[[nodiscard]] bool dividesByZero(const FlatModule& module, const flat::Object& object);

inline constexpr std::string_view dividesByZeroMessage =
    "A quantized convolution has a stride or a number of groups of zero. LibTorch divides by them "
    "while it loads, which ends its process.";

} // namespace jitscope::archive
