// Which tensors of the modules the methods of the model read. Private to core/report.
#pragma once

#include "core/report/model_facts_p.h"

namespace jitscope::report {

// Parameters and buffers that no method of the root reads or writes, itself or through what it
// calls, in the order of ModelFacts::tensors. What cannot be followed counts as read, so a tensor
// named here is surely unused.
[[nodiscard]] std::vector<const TensorFacts*> unusedTensors(const ModelFacts& facts);

} // namespace jitscope::report
