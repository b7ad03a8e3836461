// Where the selected nodes or the selected module lie in a recording. Private to views/timeline.
#pragma once

#include "core/timeline/run_timeline.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace jitscope::views {

// What is selected, as the recording has it: node keys, or the path of a module.
struct SelectedSlices
{
    std::set<ir::NodeKey> nodes;
    std::optional<std::string> module;

    [[nodiscard]] bool isEmpty() const { return nodes.empty() && !module; }
};

struct Occurrence
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::uint32_t track = 0;
    std::uint32_t lane = 0;
};

using Occurrences = std::vector<Occurrence>; // in order of start

[[nodiscard]] Occurrences findOccurrences(const timeline::RunTimeline& timeline,
                                          const SelectedSlices& selected);

} // namespace jitscope::views
