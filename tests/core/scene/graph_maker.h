// Makes small ir::Graphs and models in code, for tests and benchmarks that must not need LibTorch.
#pragma once

#include "core/ir/program.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::tests {

// Builds a graph node by node. A node goes into the innermost block that is open.
class GraphMaker
{
public:
    explicit GraphMaker(ir::NodeKey firstKey, std::string function = {});

    ir::ValueId parameter(std::string_view name, std::string_view type);
    // One output, unless `outputs` says otherwise; returns the first.
    ir::ValueId node(std::string_view kind, std::vector<ir::ValueId> inputs,
                     std::string_view schema = {}, std::size_t outputs = 1);
    ir::ValueId constant(std::string_view text, std::string_view type = "int");
    ir::ValueId none();
    ir::ValueId attribute(ir::ValueId owner, std::string_view name, std::string_view type);
    ir::ValueId call(ir::ValueId module, std::string_view method,
                     std::vector<ir::ValueId> arguments);
    // Blocks of the last node.
    void openBlock();
    ir::ValueId blockParameter(std::string_view name, std::string_view type);
    void closeBlock(std::vector<ir::ValueId> returns);
    void setType(ir::ValueId value, std::string_view type);
    void setModulePath(std::string_view path);                       // of the nodes that follow
    void setAttribute(std::string_view name, std::string_view text); // of the last node
    void returns(std::vector<ir::ValueId> values);
    void setSubgraph(ir::Graph graph); // of the last node

    [[nodiscard]] ir::NodeKey nextKey() const { return m_key; }
    // The graph; the maker is used up.
    [[nodiscard]] ir::Graph take();

private:
    struct NodeParts
    {
        ir::Node node;
        std::vector<ir::ValueId> inputs;
        std::vector<ir::ValueId> outputs;
        std::vector<ir::BlockId> blocks;
        std::vector<ir::Attribute> attributes;
    };
    struct BlockParts
    {
        ir::NodeId owner = ir::none;
        std::vector<ir::ValueId> parameters;
        std::vector<ir::ValueId> returns;
        std::vector<ir::NodeId> nodes;
    };
    ir::ValueId value(std::string_view name, std::string_view type, ir::NodeId producer);

    ir::Graph m_graph;
    std::vector<NodeParts> m_nodes;
    std::vector<BlockParts> m_blocks;
    std::vector<ir::BlockId> m_openBlocks;
    std::vector<ir::NodeId> m_owners; // of the open blocks
    ir::NodeId m_lastNode = ir::none;
    ir::NodeKey m_key;
    ir::StringId m_function;
    ir::StringId m_modulePath = 0;
    int m_names = 0;
};

// A residual network: stem, `stages` Sequentials of `blocks` BasicBlocks each, pooling, linear
// layer. The last stage's blocks share one type. Keys are 1 and up.
[[nodiscard]] ir::Program residualNetwork(int stages = 4, int blocks = 2);

// A model of one method with an If in a Loop, a fork, a fusion group and a free function.
[[nodiscard]] ir::Program controlFlowModel();

// The body of a method in which each of `layers` layers takes all that came before, joined by cat,
// as in a dense block.
[[nodiscard]] ir::Graph denseGraph(int layers, ir::NodeKey firstKey, const std::string& function);

} // namespace jitscope::tests
