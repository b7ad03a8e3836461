// Puts slices that overlap into lanes that do not.
#pragma once

#include "core/timeline/lane.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace jitscope::timeline {

// A slice before those that it contains: by start, the longer one first.
[[nodiscard]] bool comesBefore(const Slice& a, const Slice& b);

// One lane for each depth of containment. A slice that only overlaps the one above it, which a
// correct recording does not have, lies below it like one that is contained. `slices` are in the
// order of comesBefore().
[[nodiscard]] std::vector<Lane> nestedLanes(std::span<const Slice> slices);

// Each slice in the first lane that is free: for what runs side by side. In the order of
// comesBefore().
[[nodiscard]] std::vector<Lane> packedLanes(std::span<const Slice> slices);

// The calls of modules, made from the nodes of one thread in the order of comesBefore():
// consecutive nodes of one instance in one iteration are one call of it. One lane for each depth of
// the path: "layer1", "layer1.0". `pathOf` gives the module path of a node, null for a node that
// says nothing about it (a constant); `label` the label of a path.
[[nodiscard]] std::vector<Lane>
moduleLanes(std::span<const Slice> nodes,
            const std::function<const std::string*(const Slice&)>& pathOf,
            const std::function<std::uint32_t(std::string_view)>& label);

} // namespace jitscope::timeline
