// How long what a box stands for took in a run. Immutable; any thread may read it. Private to
// views/graph.
#pragma once

#include "core/document/node_index.h"
#include "core/scene/scene.h"
#include "core/timeline/node_totals.h"

#include <string>
#include <unordered_map>

namespace jitscope::views {

class BoxTimes
{
public:
    // What a node that was made of several took is shared out equally among them.
    BoxTimes(const timeline::NodeTotals& totals, const document::NodeIndex& nodes);

    // In nanoseconds, over all recorded iterations; 0 for what did not run. A module that is called
    // more than once counts all its calls in each of its boxes.
    [[nodiscard]] double of(const scene::Box& box) const;

private:
    [[nodiscard]] double ofWritten(const document::NodeRef& ref) const;

    std::unordered_map<ir::NodeKey, double> m_byKey;
    std::unordered_map<std::string, double> m_byModule; // with all below it
    // By key in `loaded`, for each instance.
    std::unordered_map<ir::NodeKey, std::unordered_map<std::string, double>> m_byLoaded;
};

} // namespace jitscope::views
