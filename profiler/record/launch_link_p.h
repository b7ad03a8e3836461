// Between the probes and the recorder of GPU activity. Private to profiler/record.
#pragma once

#include "core/ir/graph.h"

namespace jitscope::record {

// Links what is launched on the GPU to the node that is running. Both may be called on any thread.
class LaunchLink
{
public:
    virtual ~LaunchLink() = default;
    virtual void enter(ir::NodeKey node) = 0;
    virtual void leave() = 0;
};

} // namespace jitscope::record
