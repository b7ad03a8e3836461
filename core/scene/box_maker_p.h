// Makes the boxes of single nodes and of modules: titles, rows, references. Private to core/scene.
#pragma once

#include "core/scene/inside_p.h"
#include "core/scene/model_outline.h"
#include "core/scene/scene.h"
#include "core/scene/schema_text.h"

namespace jitscope::scene {

class BoxMaker
{
public:
    BoxMaker(ContextPtr context, const ModelOutline& outline, const document::NodeIndex& nodes);

    // Everything but ports, rows and the id.
    [[nodiscard]] Box node(ir::NodeId id) const;
    // The box of one run of nodes of a module in a stage without calls.
    [[nodiscard]] Box module(const std::string& path, std::string_view around) const;

    // The names of a node's inputs, as many as it has.
    [[nodiscard]] std::vector<SchemaArgument> arguments(const ir::Node& node) const;
    // Whom the reference of a node is to, in the stage that is shown.
    [[nodiscard]] std::vector<document::NodeRef> refs(const ir::Node& node) const;
    // The part of an id that names a node: the same for the same node in every stage.
    [[nodiscard]] std::string localId(const ir::Node& node) const;
    // The references of all nodes in [first, last).
    [[nodiscard]] std::vector<document::NodeRef> refsIn(ir::NodeId first, ir::NodeId last) const;

private:
    void describeCall(const ir::Node& node, Box& box) const;
    void describeControl(ir::NodeId id, const ir::Node& node, Box& box) const;
    void describeSubgraph(const ir::Node& node, const ir::Attribute& subgraph, Box& box) const;
    void addTensorRows(const std::string& path, Box& box) const;

    ContextPtr m_context;
    const ModelOutline& m_outline;
    const document::NodeIndex& m_nodes;
};

// A path as seen from an instance that it lies below.
[[nodiscard]] std::string_view relativePath(std::string_view path, std::string_view from);

} // namespace jitscope::scene
