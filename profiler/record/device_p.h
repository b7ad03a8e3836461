// Where a run takes place. LibTorch's types; private to profiler/record.
#pragma once

#include "core/support/result.h"

#include <c10/core/Device.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>

namespace jitscope::record {

// "cpu", "cuda" or "cuda:1"; Unavailable when the machine does not have it.
[[nodiscard]] Result<c10::Device> findDevice(const std::string& name);

// Waits for what the device was asked to do.
void synchronize(const c10::Device& device);

// A copy whose tensor constants lie on the device.
[[nodiscard]] std::shared_ptr<torch::jit::Graph> copyTo(const torch::jit::Graph& graph,
                                                        const c10::Device& device);

// Versions, device and threads as a JSON object.
[[nodiscard]] std::string describeEnvironment(const c10::Device& device);

} // namespace jitscope::record
