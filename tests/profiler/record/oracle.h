// LibTorch's own view of a run, worked out apart from profiler/record, and models made for a test.
// Free of LibTorch.
#pragma once

#include "core/ir/tensor_type.h"
#include "core/torchscript/session.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace oracle {

// How many nodes LibTorch's executor runs in its run number `runs` (from 0) of the model's forward,
// constants and profiling nodes not counted: a probe of LibTorch's own (ProfileIValueOp) stands
// before every node of a copy of the executor's plan, and of the plans of what it forks. `inputs`
// as the recorder takes them.
[[nodiscard]] std::uint64_t executedNodes(const std::filesystem::path& model,
                                          const std::vector<std::string>& inputs, int runs);

// The types that LibTorch's own trace of a stage (TraceGraph: it runs it, and writes down what it
// met) gives the outputs of the nodes that it kept: the key of the node, which output, the type.
// Nodes that it met more than once, in a loop, are left out.
struct TracedType
{
    std::uint32_t node = 0;
    std::uint32_t output = 0;
    jitscope::ir::TensorType type;
};
[[nodiscard]] std::vector<TracedType> tracedTypes(jitscope::torchscript::Session& session,
                                                  jitscope::torchscript::StageHandle stage,
                                                  const std::vector<std::string>& inputs);

// Saves a module with these methods (TorchScript source) and, when `weight` is not empty, a
// parameter `weight` of that shape.
void saveModel(const std::filesystem::path& file, const std::string& source,
               const std::vector<std::int64_t>& weight = {});

// The names of the parameters of a model that want a gradient: as it was loaded, and as the
// recorder copies it to a device ("cpu", or LibTorch's "meta", which every machine has) where
// gradients are off.
struct Gradients
{
    std::vector<std::string> loaded;
    std::vector<std::string> copied;
    bool isThere = false; // all of the copy
};
[[nodiscard]] Gradients wantedGradients(const std::filesystem::path& model,
                                        const std::string& device);

// A dispatched operator as LibTorch's RecordFunction reports it, outermost ones only.
struct OperatorEvent
{
    std::string name;
    std::int64_t start = 0; // nanoseconds of the steady clock
    std::int64_t end = 0;
    std::uint64_t thread = 0;
};

class OperatorEvents
{
public:
    OperatorEvents();
    ~OperatorEvents();
    OperatorEvents(const OperatorEvents&) = delete;
    OperatorEvents& operator=(const OperatorEvents&) = delete;
    [[nodiscard]] std::vector<OperatorEvent> take();

private:
    std::uint64_t m_handle = 0;
};

// Lets the executor fuse pointwise operators on the CPU without LLVM, as long as it lives.
class CpuFusion
{
public:
    CpuFusion();
    ~CpuFusion();
    CpuFusion(const CpuFusion&) = delete;
    CpuFusion& operator=(const CpuFusion&) = delete;

private:
    bool m_canFuse = false;
    bool m_mustUseLlvm = true;
};

} // namespace oracle
