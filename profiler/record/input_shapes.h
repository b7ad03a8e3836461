// The shapes that a run would give a method's arguments. Free of LibTorch.
#pragma once

#include "core/support/job.h"
#include "core/torchscript/session.h"

#include <string>

namespace jitscope::record {

// As the pass propagate-shapes takes them: "1x3x224x224,int64:1x12,". They are generated as for a
// run without inputs (input_guess_p.h). Fills the weights, whose shapes decide.
[[nodiscard]] Result<std::string>
guessedShapes(torchscript::Session& session, torchscript::StageHandle stage, const JobContext& job);

} // namespace jitscope::record
