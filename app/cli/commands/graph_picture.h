// A graph of a document as an SVG picture.
#pragma once

#include "app/cli/commands/graph_choice.h"
#include "core/support/job.h"

namespace jitscope::cli {

struct PictureSettings
{
    int depth = 0;       // modules and functions within one another that are opened
    bool leaves = false; // also modules that are one operator, such as Conv2d
    bool isDark = false;
    bool rawSsa = false; // every node as a box
};

// What could not be drawn is told in the job's log.
[[nodiscard]] Result<std::string> pictureOf(const document::Reader& reader,
                                            const ChosenGraph& chosen, const GraphChoice& choice,
                                            const PictureSettings& settings, const JobContext& job);

} // namespace jitscope::cli
