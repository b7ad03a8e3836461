// Finds a node of one stage in the others. A node is named for good by where it was written: the
// module instance and the node of the `loaded` stage (one per function body). Nodes of later stages
// lead there, by what they kept or by the nodes they were derived from. Immutable; any thread may
// read it.
#pragma once

#include "core/document/reader.h"

#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::document {

// A node as a user thinks of it: this line of code in this module instance.
struct NodeRef
{
    std::string modulePath; // empty for the root
    ir::NodeKey loaded = 0; // key in the stage `loaded`; 0 for a node that only a later stage has
    ir::NodeKey key =
        0; // key in the stage from which it was picked; equal to `loaded` when picked there
    friend bool operator==(const NodeRef&, const NodeRef&) = default;
    friend auto operator<=>(const NodeRef&, const NodeRef&) = default;
};

class NodeIndex
{
public:
    NodeIndex() = default;
    NodeIndex(std::vector<NamedNode> nodes, std::span<const NodeOriginRow> origins);
    [[nodiscard]] static Result<NodeIndex> read(const Reader& reader);

    [[nodiscard]] const NamedNode* node(ir::NodeKey key) const; // null if there is none
    [[nodiscard]] const std::vector<NamedNode>& nodes() const { return m_nodes; } // in order of key

    // Where a node of any stage was written: itself, or where its origins were, followed to the
    // end. A fused group gives one for each member. Empty for a node that a pass made from nothing.
    [[nodiscard]] std::vector<NodeRef> origins(ir::NodeKey key) const;

    // The keys of all nodes of all stages that come from a reference, its own included.
    [[nodiscard]] std::set<ir::NodeKey> related(const NodeRef& ref) const;

    // The reference for a node of the `loaded` stage in one module instance.
    [[nodiscard]] NodeRef refOf(std::string_view modulePath, ir::NodeKey loaded) const;

    // The first node of a function in `loaded` that knows its Python line; null if none does.
    [[nodiscard]] const NamedNode* firstWritten(std::string_view function) const;

private:
    using Position = std::uint32_t; // in m_nodes

    // A node of a later stage that kept its function and ordinal.
    struct Instance
    {
        ir::NodeKey loaded;
        Position node;
    };

    [[nodiscard]] ir::NodeKey loadedKey(const NamedNode& node) const; // 0 if there is none

    std::vector<NamedNode> m_nodes; // in order of key
    std::unordered_map<ir::NodeKey, std::vector<ir::NodeKey>> m_origins;
    std::unordered_map<ir::NodeKey, std::vector<ir::NodeKey>> m_derived;
    // Sorted positions, not maps: there may be a million nodes.
    std::vector<Position> m_loaded;    // those of the stage `loaded`, by function and ordinal
    std::vector<Instance> m_instances; // by loaded key and module path
};

} // namespace jitscope::document
