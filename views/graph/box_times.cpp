#include "views/graph/box_times_p.h"

#include <set>

namespace jitscope::views {

BoxTimes::BoxTimes(const timeline::NodeTotals& totals, const document::NodeIndex& nodes)
{
    const auto addToModules = [this](std::string path, double time) {
        while (true) {
            m_byModule[path] += time;
            if (path.empty())
                return;
            const std::size_t dot = path.rfind('.');
            path.resize(dot == std::string::npos ? 0 : dot);
        }
    };
    for (const auto& [key, total] : totals) {
        const auto time = static_cast<double>(total);
        m_byKey[key] += time;
        const std::vector<document::NodeRef> origins = nodes.origins(key);
        if (origins.empty()) {
            const document::NamedNode* node = nodes.node(key);
            addToModules(node != nullptr ? node->modulePath : std::string{}, time);
            continue;
        }
        const double share = time / static_cast<double>(origins.size());
        for (const document::NodeRef& ref : origins) {
            m_byLoaded[ref.loaded][ref.modulePath] += share;
            addToModules(ref.modulePath, share);
        }
    }
}

double BoxTimes::ofWritten(const document::NodeRef& ref) const
{
    const auto loaded = m_byLoaded.find(ref.loaded);
    if (loaded == m_byLoaded.end())
        return 0;
    const auto found = loaded->second.find(ref.modulePath);
    return found == loaded->second.end() ? 0 : found->second;
}

double BoxTimes::of(const scene::Box& box) const
{
    if (box.kind == scene::BoxKind::Module && box.members.empty()) {
        const auto found = m_byModule.find(box.modulePath);
        return found == m_byModule.end() ? 0 : found->second;
    }
    double time = 0;
    if (!box.members.empty()) {
        for (const scene::Member& member : box.members) {
            if (const auto found = m_byModule.find(member.modulePath); found != m_byModule.end())
                time += found->second;
        }
        return time;
    }
    std::set<ir::NodeKey> counted; // a fused node has a reference for each member
    const auto add = [this, &time, &counted](const document::NodeRef& ref) {
        // In the stage that was run the key says it; a node of another stage is found by where it
        // was written.
        const auto found = ref.key == ref.loaded ? m_byKey.end() : m_byKey.find(ref.key);
        if (found == m_byKey.end())
            time += ofWritten(ref);
        else if (counted.insert(ref.key).second)
            time += found->second;
    };
    for (const document::NodeRef& ref : box.refs)
        add(ref);
    // A group that ran as one node has its time already.
    if (time > 0 && box.kind == scene::BoxKind::Fusion)
        return time;
    for (const document::NodeRef& ref : box.contents)
        add(ref);
    return time;
}

} // namespace jitscope::views
