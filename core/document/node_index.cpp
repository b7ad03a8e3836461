#include "core/document/node_index.h"

#include <algorithm>

namespace jitscope::document {

namespace {

constexpr std::int64_t loadedStage = 1;

} // namespace

NodeIndex::NodeIndex(std::vector<NamedNode> nodes, std::span<const NodeOriginRow> origins)
    : m_nodes(std::move(nodes))
{
    std::sort(m_nodes.begin(), m_nodes.end(),
              [](const NamedNode& a, const NamedNode& b) { return a.key < b.key; });
    for (const NodeOriginRow& row : origins) {
        const auto node = static_cast<ir::NodeKey>(row.node);
        const auto origin = static_cast<ir::NodeKey>(row.origin);
        m_origins[node].push_back(origin);
        m_derived[origin].push_back(node);
    }
    for (const NamedNode& node : m_nodes) {
        if (node.stage == loadedStage && node.ordinal >= 0)
            m_loaded.emplace(Written{node.function, node.ordinal}, node.key);
    }
    for (const NamedNode& node : m_nodes) {
        if (node.stage == loadedStage || node.ordinal < 0)
            continue;
        if (const auto found = m_loaded.find({node.function, node.ordinal});
            found != m_loaded.end())
            m_byRef[{node.modulePath, found->second}].push_back(node.key);
    }
}

Result<NodeIndex> NodeIndex::read(const Reader& reader)
{
    Result<std::vector<NamedNode>> nodes = reader.nodes();
    if (!nodes)
        return tl::unexpected(nodes.error());
    const Result<std::vector<NodeOriginRow>> origins = reader.rows<NodeOriginRow>();
    if (!origins)
        return tl::unexpected(origins.error());
    return NodeIndex(std::move(*nodes), *origins);
}

const NamedNode* NodeIndex::node(ir::NodeKey key) const
{
    const auto found =
        std::lower_bound(m_nodes.begin(), m_nodes.end(), key,
                         [](const NamedNode& node, ir::NodeKey k) { return node.key < k; });
    return found != m_nodes.end() && found->key == key ? &*found : nullptr;
}

std::vector<NodeRef> NodeIndex::origins(ir::NodeKey key) const
{
    std::vector<NodeRef> refs;
    std::set<ir::NodeKey> seen{key};
    std::vector<ir::NodeKey> pending{key};
    while (!pending.empty()) {
        const ir::NodeKey current = pending.back();
        pending.pop_back();
        const NamedNode* written = node(current);
        if (written != nullptr && written->ordinal >= 0) {
            const auto found = m_loaded.find({written->function, written->ordinal});
            refs.push_back({written->modulePath, found == m_loaded.end() ? 0 : found->second, key});
            continue;
        }
        if (const auto found = m_origins.find(current); found != m_origins.end()) {
            for (const ir::NodeKey origin : found->second) {
                if (seen.insert(origin).second)
                    pending.push_back(origin);
            }
        }
    }
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
    return refs;
}

std::set<ir::NodeKey> NodeIndex::related(const NodeRef& ref) const
{
    std::set<ir::NodeKey> keys;
    std::vector<ir::NodeKey> pending;
    const auto reach = [&keys, &pending](ir::NodeKey key) {
        if (key != 0 && keys.insert(key).second)
            pending.push_back(key);
    };
    reach(ref.key);
    reach(ref.loaded);
    if (const auto found = m_byRef.find({ref.modulePath, ref.loaded}); found != m_byRef.end()) {
        for (const ir::NodeKey key : found->second)
            reach(key);
    }
    while (!pending.empty()) {
        const ir::NodeKey key = pending.back();
        pending.pop_back();
        // From a node as loaded the instances of all modules of that type are derived; those of
        // this one are known.
        if (const NamedNode* from = node(key); from != nullptr && from->stage == loadedStage)
            continue;
        if (const auto found = m_derived.find(key); found != m_derived.end()) {
            for (const ir::NodeKey derived : found->second)
                reach(derived);
        }
    }
    return keys;
}

NodeRef NodeIndex::refOf(std::string_view modulePath, ir::NodeKey loaded) const
{
    return {std::string(modulePath), loaded, loaded};
}

} // namespace jitscope::document
