#include "core/timeline/lanes.h"

#include <algorithm>

namespace jitscope::timeline {

namespace {

std::vector<Lane> built(std::vector<std::vector<Slice>>&& lanes)
{
    std::vector<Lane> result;
    result.reserve(lanes.size());
    for (std::vector<Slice>& lane : lanes)
        result.emplace_back(std::move(lane));
    return result;
}

// The calls that are open while the nodes go by, outermost first.
class ModuleStack
{
public:
    explicit ModuleStack(const std::function<std::uint32_t(std::string_view)>& label)
        : m_label(label)
    {}

    void add(const Slice& node, std::string_view path)
    {
        std::size_t shared = sharedLevels(path);
        if (node.iteration != m_iteration)
            shared = 0;
        closeTo(shared, node.start);
        open(node, path, shared);
        for (Slice& call : m_open)
            call.end = std::max(call.end, node.end);
    }

    std::vector<Lane> finish()
    {
        while (!m_open.empty())
            close(m_open.back().end);
        return built(std::move(m_lanes));
    }

private:
    // How many of the open calls are of modules that the path leads through.
    [[nodiscard]] std::size_t sharedLevels(std::string_view path) const
    {
        std::size_t level = 0;
        while (level < m_ends.size() && m_ends[level] <= path.size() &&
               path.substr(0, m_ends[level]) == std::string_view(m_path).substr(0, m_ends[level]) &&
               (m_ends[level] == path.size() || path[m_ends[level]] == '.'))
            ++level;
        return level;
    }

    void closeTo(std::size_t level, std::int64_t time)
    {
        while (m_open.size() > level)
            close(time);
    }

    // A call cannot last longer than until the next call at its depth begins.
    void close(std::int64_t time)
    {
        Slice call = m_open.back();
        m_open.pop_back();
        m_ends.pop_back();
        call.end = std::max(call.start, std::min(call.end, time));
        m_lanes[m_open.size()].push_back(call);
    }

    void open(const Slice& node, std::string_view path, std::size_t level)
    {
        m_path = path;
        m_iteration = node.iteration;
        std::size_t from = level == 0 ? 0 : m_ends[level - 1] + 1;
        while (from < path.size()) {
            const std::size_t end = std::min(path.find('.', from), path.size());
            m_ends.push_back(end);
            m_open.push_back(
                {node.start, node.end, m_label(path.substr(0, end)), 0, node.iteration});
            if (m_lanes.size() < m_open.size())
                m_lanes.emplace_back();
            from = end + 1;
        }
    }

    const std::function<std::uint32_t(std::string_view)>& m_label;
    std::string m_path;
    std::vector<std::size_t> m_ends; // where in the path the name of each open call ends
    std::vector<Slice> m_open;
    std::vector<std::vector<Slice>> m_lanes;
    std::int32_t m_iteration = 0;
};

} // namespace

bool comesBefore(const Slice& a, const Slice& b)
{
    return a.start != b.start ? a.start < b.start : a.end > b.end;
}

std::vector<Lane> nestedLanes(std::span<const Slice> slices)
{
    std::vector<std::vector<Slice>> lanes;
    std::vector<std::int64_t> open; // the ends of the slices that this one may lie in
    for (const Slice& slice : slices) {
        while (!open.empty() && open.back() <= slice.start)
            open.pop_back();
        if (lanes.size() <= open.size())
            lanes.emplace_back();
        lanes[open.size()].push_back(slice);
        open.push_back(slice.end);
    }
    return built(std::move(lanes));
}

std::vector<Lane> packedLanes(std::span<const Slice> slices)
{
    std::vector<std::vector<Slice>> lanes;
    for (const Slice& slice : slices) {
        const auto free = std::find_if(lanes.begin(), lanes.end(), [&](const auto& lane) {
            return lane.back().end <= slice.start;
        });
        if (free == lanes.end())
            lanes.push_back({slice});
        else
            free->push_back(slice);
    }
    return built(std::move(lanes));
}

std::vector<Lane> moduleLanes(std::span<const Slice> nodes,
                              const std::function<const std::string*(const Slice&)>& pathOf,
                              const std::function<std::uint32_t(std::string_view)>& label)
{
    ModuleStack stack(label);
    for (const Slice& node : nodes) {
        if (const std::string* path = pathOf(node))
            stack.add(node, *path);
    }
    return stack.finish();
}

} // namespace jitscope::timeline
