// How the constants and attributes of a node are shown.
#pragma once

#include "core/ir/graph.h"

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/ir/ir.h>

#include <string>

namespace jitscope::torchscript {

struct TensorSummary
{
    std::string dtype;
    std::string device;
    std::vector<std::int64_t> shape;
    std::string preview;
    double minimum = 0;
    double maximum = 0;
    double mean = 0;
    bool hasStatistics = false;
};

// The tensor must be filled. Never throws: what cannot be read is left empty.
[[nodiscard]] TensorSummary summarize(const at::Tensor& tensor);

// As LibTorch prints them, but without memory addresses, and shortened when very long.
[[nodiscard]] std::string text(const at::Tensor& tensor);
[[nodiscard]] std::string text(const c10::IValue& value);
[[nodiscard]] std::string text(double number);
[[nodiscard]] std::string quoted(const std::string& string);
[[nodiscard]] std::string shortened(std::string text);

} // namespace jitscope::torchscript
