// The time that the nodes of a run took, by the lines that they were written in. Private to
// views/code.
#pragma once

#include "core/document/node_index.h"
#include "core/timeline/node_totals.h"

#include <cstdint>
#include <map>
#include <string>

namespace jitscope::views {

using TimeByLine = std::map<int, std::int64_t>; // nanoseconds; lines from 1

// Immutable once built; any thread may read it.
class LineTimes
{
public:
    LineTimes() = default;
    // A fused group has no line of its own: its time lies on the lines of its members, in equal
    // parts.
    LineTimes(const timeline::NodeTotals& totals, const document::NodeIndex& index);

    // Empty for a file without time.
    [[nodiscard]] const TimeByLine& python(const std::string& file) const;
    [[nodiscard]] const TimeByLine& serialized(std::int64_t code) const;

private:
    std::map<std::string, TimeByLine> m_python;
    std::map<std::int64_t, TimeByLine> m_serialized;
};

} // namespace jitscope::views
