// From specifications to the values that a method gets. LibTorch's types; private to
// profiler/record.
#pragma once

#include "core/torchscript/session_p.h"
#include "profiler/record/input_spec.h"

#include <ATen/core/ivalue.h>

#include <string>
#include <vector>

namespace jitscope::record {

struct Inputs
{
    std::vector<c10::IValue> values;  // one for each argument after self, on the CPU
    std::vector<std::string> specs;   // what they were made from
    std::vector<std::string> guessed; // names of the arguments whose shape or value is a guess
};

// `specs` in order of the arguments; those that are missing are generated. The weights must be
// filled.
[[nodiscard]] Result<Inputs> prepareInputs(const torchscript::StageGraph& stage,
                                           const std::vector<std::string>& specs,
                                           std::uint64_t seed);

[[nodiscard]] Result<c10::IValue> toValue(const InputSpec& spec, const c10::TypePtr& type);

// What a method is called with: self, copies of the inputs, for a model may change them, and the
// defaults of what is missing.
[[nodiscard]] std::vector<c10::IValue> argumentsOf(const torch::jit::Module& self,
                                                   const std::vector<c10::IValue>& inputs,
                                                   const c10::FunctionSchema& schema);

// "The arguments are: x (Tensor), n (int)." for error messages.
[[nodiscard]] std::string describeArguments(const torchscript::StageGraph& stage);

} // namespace jitscope::record
