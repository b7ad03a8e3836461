// What a run that threw becomes. LibTorch's types; private to profiler/record.
#pragma once

#include "core/ir/graph.h"
#include "core/torchscript/node_identity_p.h"
#include "profiler/record/input_values_p.h"

namespace jitscope::record {

// Of the exception that is being handled. `node` is the one that threw, or 0; its kind is looked up
// in `kinds`.
[[nodiscard]] Error modelFailure(ir::NodeKey node, const std::string& kind,
                                 torchscript::NodeIdentity& identity, const Inputs& inputs);

} // namespace jitscope::record
