#include "views/code/line_times_p.h"

#include "views/code/stage_lines_p.h"

namespace jitscope::views {

namespace {

const TimeByLine noTimes;

} // namespace

LineTimes::LineTimes(const timeline::NodeTotals& totals, const document::NodeIndex& index)
{
    for (const auto& [key, total] : totals) {
        const std::vector<const document::NamedNode*> written = writtenIn(index, key);
        if (written.empty())
            continue;
        const std::int64_t share = total / static_cast<std::int64_t>(written.size());
        for (const document::NamedNode* node : written) {
            if (!node->file.empty() && node->line > 0)
                m_python[node->file][static_cast<int>(node->line)] += share;
            if (node->code != 0)
                m_serialized[node->code][static_cast<int>(node->codeLine)] += share;
        }
    }
}

const TimeByLine& LineTimes::python(const std::string& file) const
{
    const auto found = m_python.find(file);
    return found == m_python.end() ? noTimes : found->second;
}

const TimeByLine& LineTimes::serialized(std::int64_t code) const
{
    const auto found = m_serialized.find(code);
    return found == m_serialized.end() ? noTimes : found->second;
}

} // namespace jitscope::views
