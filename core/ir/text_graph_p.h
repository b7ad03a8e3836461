// Builds one graph from lines of printed IR. Private to core/ir.
#pragma once

#include "core/ir/graph.h"
#include "core/ir/text_lines_p.h"

#include <map>
#include <unordered_map>

namespace jitscope::ir {

class TextGraphReader
{
public:
    // The graph begins at the cursor, with "graph(", on the line `at` of `lines`. Keys count on
    // from `nextKey`. `depth` is how many graphs it lies within.
    TextGraphReader(std::span<const TextLine> lines, std::size_t at, NodeKey& nextKey,
                    std::size_t depth = 0);

    // Throws SyntaxError.
    [[nodiscard]] Graph read(LineCursor cursor);
    // The first line after the graph and its subgraphs.
    [[nodiscard]] std::size_t next() const { return m_at; }

private:
    struct Declaration
    {
        std::string_view name;
        std::string_view type;
    };

    [[nodiscard]] LineCursor cursor() const { return LineCursor(m_lines[m_at]); }
    [[nodiscard]] LineCursor nextLine(); // the next that is not blank; throws at the end
    bool skipToLine();                   // false at the end

    void readParameters(LineCursor& at);
    [[nodiscard]] BlockId openBlock(NodeId owner);
    void readNodes(BlockId block, std::string_view end);
    NodeId readNode(BlockId owner);
    void readBlocks(NodeId node);
    void readTrailer(LineCursor& at, Node& node);
    void readLocation(std::string_view comment, Node& node);
    void readSubgraphs();

    [[nodiscard]] static Declaration declaration(LineCursor& at);
    [[nodiscard]] std::vector<ValueId> uses(LineCursor& at);
    ValueId define(const LineCursor& at, const Declaration& declared, NodeId producer,
                   BlockId block);
    [[nodiscard]] std::vector<Attribute> attributes(LineCursor& at, std::string_view type);
    [[nodiscard]] Attribute attribute(std::string_view name, std::string_view text,
                                      std::string_view type);
    [[nodiscard]] Range tensor(std::string_view text, std::string_view type);

    template <typename T>
    static Range append(std::vector<T>& pool, const std::vector<T>& items)
    {
        const auto first = static_cast<std::uint32_t>(pool.size());
        pool.insert(pool.end(), items.begin(), items.end());
        return {first, static_cast<std::uint32_t>(items.size())};
    }

    std::span<const TextLine> m_lines;
    std::size_t m_at;
    NodeKey& m_nextKey;
    std::size_t m_depth;
    std::size_t m_nesting = 0; // of blocks
    Graph m_graph;
    std::unordered_map<std::string_view, ValueId> m_values; // those that may be used here
    std::vector<std::string_view> m_defined;                // in order, to forget those of a block
    std::vector<std::vector<Attribute>> m_attributes;       // by node
    std::map<std::string_view, NodeId> m_groups;            // "prim::FusionGroup_0" and the like
};

} // namespace jitscope::ir
