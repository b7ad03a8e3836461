// Builds one scope of the nodes of a block. Private to core/scene.
#pragma once

#include "core/scene/box_maker_p.h"
#include "core/scene/scope_builder.h"
#include "core/scene/value_types_p.h"

#include <unordered_map>
#include <unordered_set>

namespace jitscope::scene {

class ScopeAssembly
{
public:
    ScopeAssembly(std::string id, const RegionInside& region, const ModelOutline& outline,
                  const document::NodeIndex& nodes, const ValueTypes& types);

    [[nodiscard]] Scope run();

private:
    static constexpr std::uint32_t outside = ir::none;

    // What becomes one box: a node, or a run of nodes of one module.
    struct Unit
    {
        std::vector<ir::NodeId> members;
        std::string modulePath; // of a run; empty for a single node
        bool isRun = false;
        std::unordered_map<ir::ValueId, std::uint32_t> inputPorts; // of captured values
        std::unordered_map<ir::ValueId, std::uint32_t> outputPorts;
    };
    struct Connection
    {
        ir::ValueId value = 0;
        std::uint32_t unit = 0; // the consumer; one past the units for a return
        std::uint32_t port = 0;
    };

    void gather();
    [[nodiscard]] std::string gatheredPath(const ir::Node& node) const;
    void makeBoxes();
    void connectNode(std::uint32_t unit);
    void connectArgument(std::uint32_t unit, ir::ValueId value, const std::string& name,
                         PortKey key, const std::string& defaultValue);
    void connectCaptures(std::uint32_t unit, ir::NodeId first, ir::NodeId last, bool skipFirst);
    void capture(std::uint32_t unit, ir::ValueId value);
    void addInputs(Scope& scope);
    void addOutputs(Scope& scope, std::size_t firstUnit);
    void addEdges(Scope& scope, std::size_t firstUnit);
    void addEdge(Scope& scope, ir::ValueId value, std::uint32_t from, std::uint32_t fromPort,
                 std::uint32_t to, std::uint32_t toPort) const;

    [[nodiscard]] Port portOf(ir::ValueId value, PortKey key) const; // with the value's own name
    [[nodiscard]] std::string typeOf(ir::ValueId value) const
    {
        return m_types.of(m_context, value);
    }
    [[nodiscard]] std::uint32_t sourceFor(ir::ValueId value, std::uint32_t consumer) const;
    [[nodiscard]] std::uint32_t outputPort(std::uint32_t unit, Box& box, ir::ValueId value);
    [[nodiscard]] std::vector<ir::ValueId> changedForOthers() const;
    [[nodiscard]] std::uint32_t unitOf(ir::ValueId value) const;
    [[nodiscard]] std::uint32_t unitOfNode(ir::NodeId node) const;
    [[nodiscard]] bool isUsedOutside(ir::ValueId value, std::uint32_t unit) const;
    [[nodiscard]] std::string uniqueId(std::string wanted);

    std::string m_id;
    const RegionInside& m_region;
    const GraphContext& m_context;
    const ir::Graph& m_graph;
    const ModelOutline& m_outline;
    const ValueTypes& m_types;
    BoxMaker m_maker;

    std::vector<Unit> m_units;
    std::vector<Box> m_boxes; // of the units
    std::unordered_map<ir::NodeId, std::uint32_t> m_unitOfMember;
    std::vector<Connection> m_connections;
    std::unordered_map<ir::ValueId, std::uint32_t> m_inputBoxes; // of values from outside
    std::vector<ir::ValueId> m_received;                         // in the order of their boxes
    std::unordered_set<std::string> m_ids;
};

// The scope of a node's blocks: one box for each block.
[[nodiscard]] Scope assembleBlocks(const std::string& id, const BlocksInside& blocks,
                                   const ModelOutline& outline, const document::NodeIndex& nodes,
                                   const ValueTypes& types);

// Replaces edges of hubs and edges over very many ranks by References beside their consumers. What
// one Reference brings to one port key arrives by one edge.
void detachFarEdges(Scope& scope, const BuildOptions& options);

} // namespace jitscope::scene
