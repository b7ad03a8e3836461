// Records what the GPU does in the recorded iterations, and which node asked for it.
#pragma once

#include "profiler/cupti/gpu_activity.h"
#include "profiler/record/launch_link_p.h"
#include "profiler/record/recorder.h"

#include <memory>
#include <vector>

namespace jitscope::record {

class GpuRecorder : public LaunchLink
{
public:
    // Unavailable when the source cannot record here, with the reason.
    [[nodiscard]] static Result<std::unique_ptr<GpuRecorder>>
    start(Result<std::unique_ptr<cupti::GpuActivity>> source);

    void enter(ir::NodeKey node) override;
    void leave() override;

    // Takes over what CUPTI has completed, so that its buffers do not run out. Between iterations.
    void collect();

    // Ends the recording and gives the sink what belongs to the recorded iterations. The counts go
    // into the verdict.
    [[nodiscard]] Result<void> finish(const std::vector<IterationTimes>& iterations,
                                      RecordSink& sink, Verdict& verdict);

private:
    explicit GpuRecorder(std::unique_ptr<cupti::GpuActivity> activity);

    std::unique_ptr<cupti::GpuActivity> m_activity;
    cupti::Activities m_activities;
};

} // namespace jitscope::record
