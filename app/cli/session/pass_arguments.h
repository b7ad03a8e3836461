// The arguments of a pass, in the document and as they are completed.
#pragma once

#include "core/document/rows.h"
#include "core/support/job.h"
#include "core/torchscript/session.h"

#include <string>
#include <string_view>

namespace jitscope::cli {

// From the column `arguments`.
[[nodiscard]] torchscript::PassArguments passArgumentsOf(const document::StageRow& row);
[[nodiscard]] std::string passArgumentsText(const torchscript::PassArguments& arguments);

// With the shapes that a run of the stage would be given, for a pass that wants some and got none.
[[nodiscard]] Result<torchscript::PassArguments>
withShapes(torchscript::Session& session, torchscript::StageHandle stage, std::string_view pass,
           torchscript::PassArguments arguments, const JobContext& job);

} // namespace jitscope::cli
