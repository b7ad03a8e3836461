#include "core/ir/graph.h"

namespace jitscope::ir {

const Attribute* Graph::attribute(const Node& node, std::string_view name) const
{
    for (const Attribute& attribute : attributesOf(node)) {
        if (text(attribute.name) == name)
            return &attribute;
    }
    return nullptr;
}

UseIndex::UseIndex(const Graph& graph) : m_first(graph.values.size() + 1, 0)
{
    const auto forEach = [&graph](auto&& visit) {
        // In numbering order; a block's returns come after its nodes' inputs only within that
        // block, which is enough for a stable order.
        for (NodeId id = 0; id < graph.nodes.size(); ++id) {
            const auto inputs = graph.inputsOf(graph.nodes[id]);
            for (std::uint32_t i = 0; i < inputs.size(); ++i)
                visit(inputs[i], Use{id, none, i});
        }
        for (BlockId id = 0; id < graph.blocks.size(); ++id) {
            const auto returns = graph.returnsOf(graph.blocks[id]);
            for (std::uint32_t i = 0; i < returns.size(); ++i)
                visit(returns[i], Use{none, id, i});
        }
    };
    forEach([this](ValueId value, const Use&) { ++m_first[value + 1]; });
    for (std::size_t i = 1; i < m_first.size(); ++i)
        m_first[i] += m_first[i - 1];
    m_uses.resize(m_first.back());
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end() - 1);
    forEach([this, &next](ValueId value, const Use& use) { m_uses[next[value]++] = use; });
}

std::span<const Use> UseIndex::of(ValueId value) const
{
    if (value >= m_first.size() - 1)
        return {};
    return std::span<const Use>(m_uses).subspan(m_first[value],
                                                m_first[value + 1] - m_first[value]);
}

} // namespace jitscope::ir
