// The tensors of a model, in the order of the document's table `tensor`.
#pragma once

#include "core/ir/program.h"
#include "core/torchscript/archive_p.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::torchscript {

struct ModuleInstance;

struct NamedTensor
{
    std::string name; // valid UTF-8
    ir::TensorRole role = ir::TensorRole::Attribute;
    at::Tensor tensor; // its elements may still be in the file
    // Of a tensor that an object made for the asking, such as the packed weights of a quantized
    // layer: makes it again, so that it need not be kept. Else empty.
    std::function<at::Tensor()> unpack;
    // Where its storage lies in the file, if the elements can be read there.
    std::optional<FilePlace> place;
};

// Parameters, buffers and other attributes of the instances, then the constants of the archive.
[[nodiscard]] std::vector<NamedTensor> tensorsOf(const std::vector<ModuleInstance>& instances,
                                                 const Archive& archive,
                                                 std::vector<std::string>& problems);

// One description for each tensor. What cannot be described is named only.
[[nodiscard]] std::vector<ir::Tensor> describeTensors(const std::vector<NamedTensor>& tensors,
                                                      const Archive& archive,
                                                      std::vector<std::string>& problems);

} // namespace jitscope::torchscript
