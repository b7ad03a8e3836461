// Makes graphs in code, for tests: nodes are added in numbering order, blocks opened and closed
// around them.
#pragma once

#include "core/ir/graph.h"

#include <initializer_list>

namespace jitscope::test {

class GraphBuilder
{
public:
    GraphBuilder();

    ir::ValueId parameter(std::string_view name, std::string_view type); // of the open block
    // A node with one output for each name. Returns its id.
    ir::NodeId node(std::string_view kind, std::initializer_list<ir::ValueId> inputs,
                    std::initializer_list<std::string_view> outputs,
                    std::string_view type = "Tensor");
    [[nodiscard]] ir::ValueId output(ir::NodeId node, std::size_t index = 0) const;
    // The following parameters and nodes stand in a new block of the node, until close().
    void open(ir::NodeId owner);
    void close(std::initializer_list<ir::ValueId> returns);

    void attribute(ir::NodeId node, std::string_view name, ir::AttributeKind kind,
                   std::string_view text);
    void subgraph(ir::NodeId node, ir::Graph graph);
    void at(ir::NodeId node, std::string_view file, std::uint32_t line, std::uint32_t column);

    [[nodiscard]] ir::Graph finish(std::initializer_list<ir::ValueId> returns);

private:
    struct PendingBlock
    {
        ir::NodeId owner = ir::none;
        std::vector<ir::ValueId> parameters;
        std::vector<ir::ValueId> returns;
        std::vector<ir::NodeId> nodes;
    };

    ir::Graph m_graph;
    std::vector<PendingBlock> m_blocks;
    std::vector<ir::BlockId> m_open;
    std::vector<std::vector<ir::Attribute>> m_attributes; // by node
    ir::NodeKey m_nextKey = 1;
};

// %x, %flag -> an If with a convolution in one branch and a Loop in the other; constants, a source
// line, attributes.
[[nodiscard]] ir::Graph sampleGraph();

} // namespace jitscope::test
