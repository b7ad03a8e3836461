#include "core/torchscript/pass_runner_p.h"

#include "core/torchscript/graph_converter_p.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace jitscope::torchscript {

namespace {

using torch::jit::Node;
using torch::jit::Value;

// A constant may have thousands of users; the first few say where it belongs.
constexpr std::size_t mostNeighbours = 8;

class KeySet
{
public:
    explicit KeySet(std::size_t limit) : m_limit(limit) {}

    void add(ir::NodeKey key)
    {
        if (key != 0 && m_keys.size() < m_limit &&
            std::find(m_keys.begin(), m_keys.end(), key) == m_keys.end())
            m_keys.push_back(key);
    }
    [[nodiscard]] std::vector<ir::NodeKey> take() { return std::move(m_keys); }

private:
    std::size_t m_limit;
    std::vector<ir::NodeKey> m_keys;
};

std::vector<ir::NodeKey> memberKeys(const Node& node, const NodeIdentity& identity)
{
    std::vector<ir::NodeKey> keys;
    std::unordered_set<ir::NodeKey> seen;
    for (const auto& graph : subgraphsOf(node)) {
        forEachNode(*graph, true, [&](Node* member) {
            const ir::NodeKey key = identity.keyOf(member);
            if (key != 0 && seen.insert(key).second)
                keys.push_back(key);
        });
    }
    return keys;
}

std::vector<ir::NodeKey> userKeys(const Node& node, const NodeIdentity& identity)
{
    KeySet keys(mostNeighbours);
    for (const Value* output : node.outputs()) {
        for (const torch::jit::Use& use : output->uses())
            keys.add(identity.keyOf(use.user));
    }
    return keys.take();
}

std::vector<ir::NodeKey> producerKeys(const Node& node, const NodeIdentity& identity)
{
    KeySet keys(mostNeighbours);
    for (const Value* input : node.inputs())
        keys.add(identity.keyOf(input->node()));
    return keys.take();
}

// The longest module path that contains both.
std::string_view commonPath(std::string_view a, std::string_view b)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i <= std::min(a.size(), b.size()); ++i) {
        const bool aEnds = i == a.size() || a[i] == '.';
        const bool bEnds = i == b.size() || b[i] == '.';
        if (aEnds && bEnds)
            end = i;
        if (i == a.size() || i == b.size() || a[i] != b[i])
            break;
    }
    return a.substr(0, end);
}

} // namespace

std::unordered_set<ir::NodeKey> keysIn(const torch::jit::Graph& graph, const NodeIdentity& identity)
{
    std::unordered_set<ir::NodeKey> keys;
    forEachNode(graph, true, [&](Node* node) { keys.insert(identity.keyOf(node)); });
    keys.erase(0);
    return keys;
}

std::vector<ir::NodeKey> originsOf(const Node& node, const NodeIdentity& identity)
{
    std::vector<ir::NodeKey> keys = memberKeys(node, identity);
    if (!keys.empty())
        return keys;
    if (const ir::NodeKey own = identity.keyOf(&node); own != 0)
        return {own};
    keys = userKeys(node, identity);
    return keys.empty() ? producerKeys(node, identity) : keys;
}

NodeRecord derivedRecord(const std::vector<ir::NodeKey>& origins, NodeIdentity& identity)
{
    NodeRecord record;
    if (origins.empty())
        return record;
    record = identity.record(origins.front());
    record.ordinal = ir::none;
    std::string path(identity.strings().at(record.modulePath));
    for (const ir::NodeKey origin : origins) {
        const NodeRecord& other = identity.record(origin);
        path = commonPath(path, identity.strings().at(other.modulePath));
        if (other.function != record.function)
            record.function = 0;
        if (other.python != record.python || other.callChain != record.callChain) {
            record.python = 0;
            record.callChain = 0;
        }
    }
    record.modulePath = identity.strings().intern(path);
    return record;
}

Origins retag(const torch::jit::Graph& graph, const std::unordered_set<ir::NodeKey>& parent,
              NodeIdentity& identity)
{
    // First decide for all nodes, then tag: what a node comes from is read off its neighbours'
    // keys.
    std::vector<std::pair<Node*, std::vector<ir::NodeKey>>> fresh;
    std::unordered_set<ir::NodeKey> taken;
    forEachNode(graph, true, [&](Node* node) {
        const ir::NodeKey key = identity.keyOf(node);
        if (parent.contains(key) && taken.insert(key).second)
            return;
        fresh.emplace_back(node,
                           key != 0 ? std::vector<ir::NodeKey>{key} : originsOf(*node, identity));
    });
    Origins origins;
    for (auto& [node, from] : fresh) {
        const ir::NodeKey key = identity.add(derivedRecord(from, identity));
        identity.tag(node, key);
        origins.emplace(key, std::move(from));
    }
    return origins;
}

} // namespace jitscope::torchscript
