// Where a run takes place. LibTorch's types; private to profiler/record.
#pragma once

#include "core/support/result.h"
#include "core/torchscript/node_identity_p.h"

#include <c10/core/Device.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <string>

namespace jitscope::record {

// "cpu", "cuda" or "cuda:1"; Unavailable when the machine does not have it.
[[nodiscard]] Result<c10::Device> findDevice(const std::string& name);

// Waits for what the device was asked to do.
void synchronize(const c10::Device& device);

struct MovedGraph
{
    std::shared_ptr<torch::jit::Graph> graph;
    std::size_t devices = 0; // constants that named another device and name this one now
};

// A copy whose tensor constants lie on the device. A trace writes the device that it ran on into
// the graph as a constant, which is replaced too; one in a scripted function stands in its source,
// and stays.
[[nodiscard]] MovedGraph copyTo(const torch::jit::Graph& graph, const c10::Device& device,
                                const torchscript::NodeIdentity& identity);

// A copy whose tensors lie on the device. A parameter stays one that wants a gradient, for
// operators choose their way by that (at::matmul does), also where none is recorded.
[[nodiscard]] torch::jit::Module copyTo(const torch::jit::Module& module,
                                        const c10::Device& device);

// Versions, device and threads as a JSON object.
[[nodiscard]] std::string describeEnvironment(const c10::Device& device);

} // namespace jitscope::record
