#include "core/document/node_index.h"

#include <algorithm>
#include <tuple>

namespace jitscope::document {

namespace {

constexpr std::int64_t loadedStage = 1;

// Where a node was written: the same in all stages that kept it.
auto written(const NamedNode& node)
{
    return std::tie(node.function, node.ordinal);
}

} // namespace

NodeIndex::NodeIndex(std::vector<NamedNode> nodes, std::span<const NodeOriginRow> origins)
    : m_nodes(std::move(nodes))
{
    const auto byKey = [](const NamedNode& a, const NamedNode& b) { return a.key < b.key; };
    if (!std::is_sorted(m_nodes.begin(), m_nodes.end(), byKey))
        std::sort(m_nodes.begin(), m_nodes.end(), byKey);
    for (const NodeOriginRow& row : origins) {
        const auto node = static_cast<ir::NodeKey>(row.node);
        const auto origin = static_cast<ir::NodeKey>(row.origin);
        m_origins[node].push_back(origin);
        m_derived[origin].push_back(node);
    }
    for (Position i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].stage == loadedStage && m_nodes[i].ordinal >= 0)
            m_loaded.push_back(i);
    }
    std::stable_sort(m_loaded.begin(), m_loaded.end(), [this](Position a, Position b) {
        return written(m_nodes[a]) < written(m_nodes[b]);
    });
    for (Position i = 0; i < m_nodes.size(); ++i) {
        const NamedNode& node = m_nodes[i];
        if (node.stage == loadedStage || node.ordinal < 0)
            continue;
        if (const ir::NodeKey loaded = loadedKey(node); loaded != 0)
            m_instances.push_back({loaded, i});
    }
    std::stable_sort(m_instances.begin(), m_instances.end(),
                     [this](const Instance& a, const Instance& b) {
                         return std::tie(a.loaded, m_nodes[a.node].modulePath) <
                                std::tie(b.loaded, m_nodes[b.node].modulePath);
                     });
}

ir::NodeKey NodeIndex::loadedKey(const NamedNode& node) const
{
    const auto found = std::lower_bound(
        m_loaded.begin(), m_loaded.end(), written(node),
        [this](Position a, const auto& wanted) { return written(m_nodes[a]) < wanted; });
    return found != m_loaded.end() && written(m_nodes[*found]) == written(node)
               ? m_nodes[*found].key
               : 0;
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
        const NamedNode* named = node(current);
        if (named != nullptr && named->ordinal >= 0) {
            refs.push_back({named->modulePath, loadedKey(*named), key});
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
    const auto first = std::lower_bound(m_instances.begin(), m_instances.end(), ref,
                                        [this](const Instance& a, const NodeRef& wanted) {
                                            return std::tie(a.loaded, m_nodes[a.node].modulePath) <
                                                   std::tie(wanted.loaded, wanted.modulePath);
                                        });
    for (auto it = first; it != m_instances.end() && it->loaded == ref.loaded &&
                          m_nodes[it->node].modulePath == ref.modulePath;
         ++it)
        reach(m_nodes[it->node].key);
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

const NamedNode* NodeIndex::firstWritten(std::string_view function) const
{
    auto at = std::lower_bound(
        m_loaded.begin(), m_loaded.end(), function,
        [this](Position a, std::string_view wanted) { return m_nodes[a].function < wanted; });
    for (; at != m_loaded.end() && m_nodes[*at].function == function; ++at) {
        if (!m_nodes[*at].file.empty() && m_nodes[*at].line > 0)
            return &m_nodes[*at];
    }
    return nullptr;
}

NodeRef NodeIndex::refOf(std::string_view modulePath, ir::NodeKey loaded) const
{
    return {std::string(modulePath), loaded, loaded};
}

} // namespace jitscope::document
