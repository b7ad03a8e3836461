// What is written on a slice and told about it. Private to views/timeline.
#pragma once

#include "core/document/node_index.h"
#include "core/timeline/run_timeline.h"

#include <QString>

namespace jitscope::views {

// "conv2d" of aten::conv2d, "conv1" of layer1.0.conv1.
[[nodiscard]] QString sliceTitle(const timeline::RunTimeline& timeline,
                                 const timeline::Track& track, const timeline::Slice& slice);

// For the tooltip, as rich text: kind, module, Python file and line, duration, share of the
// iteration.
[[nodiscard]] QString sliceDescription(const timeline::RunTimeline& timeline,
                                       const timeline::Track& track, const timeline::Slice& slice,
                                       const document::NodeIndex& nodes);

[[nodiscard]] QString durationString(std::int64_t nanoseconds);

// "resnet.py:268", with the folders left out; empty if the node has no file.
[[nodiscard]] QString shortLocation(const document::NamedNode& node);

} // namespace jitscope::views
