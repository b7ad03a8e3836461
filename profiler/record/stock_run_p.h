// The same inputs through LibTorch's own executor, untouched, to compare with. LibTorch's types;
// private to profiler/record.
#pragma once

#include "core/torchscript/session_p.h"

#include <ATen/core/ivalue.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace jitscope::record {

struct StockRequest
{
    const torchscript::StageGraph& stage;
    // To run: the stage's graph or a copy of it moved to the device.
    std::shared_ptr<torch::jit::Graph> graph;
    torch::jit::Module self;
    const std::vector<c10::IValue>& inputs;
    std::uint64_t seed = 0;
    // The method as loaded, with its calls, instead of `graph`.
    bool asLoaded = false;
};

// A fresh executor runs `runs` times, since it changes its plan from run to run; the outputs of the
// last. Lets exceptions through.
[[nodiscard]] c10::IValue runStock(const StockRequest& request, int runs,
                                   const std::function<void()>& checkCancel);

// The plan of an executor no longer changes after so many runs with equal inputs: the profiling
// run, the first of the optimised plan, and one in which its kernels are compiled.
inline constexpr int settledAfter = 3;

// Whether the graph may change the object it runs on (its attributes or the tensors in them), so
// that each run needs a copy of its own.
[[nodiscard]] bool mayChangeSelf(const torch::jit::Graph& graph);

} // namespace jitscope::record
