// A graph with what is asked of it again and again while scopes are built from it. Private to
// core/scene.
#pragma once

#include "core/ir/graph.h"
#include "core/scene/model_outline.h"
#include "core/scene/mutations_p.h"

#include <memory>
#include <string>
#include <vector>

namespace jitscope::scene {

// What a value is apart from an edge.
struct FoldedValue
{
    enum class Kind : std::uint8_t
    {
        Value,    // an edge
        Text,     // a constant, or a list of them
        Nothing,  // the constant None
        Tensor,   // an attribute that holds a tensor; text is its name
        Member,   // another attribute; text is its name
        Module,   // a module instance; text is its path
        Function, // a free function; text is its name
        Elements, // a list or tuple that its only user takes apart: the edges of its elements are
                  // its user's
    };
    Kind kind = Kind::Value;
    std::string text;
};

struct GraphOrigin
{
    bool isLoaded = false;  // keys are those of `loaded`, the instance is `selfPath`
    std::string selfPath;   // the instance whose method the graph is, in a stage of one method the
                            // root of its paths
    std::string methodName; // of `selfPath`, for the graph of a method; else empty
    std::vector<std::string>
        parameterModules; // instance for a parameter that is one, "\n" for one that is none
    bool grouped = false; // nodes are gathered by their module path
};
inline constexpr std::string_view noModule = "\n"; // no path has it

class GraphContext
{
public:
    // `graph` lives in `owner`. With `fold` false only modules and functions are recognised, and
    // nothing is hidden.
    GraphContext(std::shared_ptr<const ir::Graph> owner, const ir::Graph& graph, GraphOrigin origin,
                 const ModelOutline& outline, bool fold);

    [[nodiscard]] const ir::Graph& graph() const { return m_graph; }
    [[nodiscard]] const std::shared_ptr<const ir::Graph>& owner() const { return m_owner; }
    [[nodiscard]] const GraphOrigin& origin() const { return m_origin; }
    [[nodiscard]] const ir::UseIndex& uses() const { return m_uses; }
    [[nodiscard]] const FoldedValue& folded(ir::ValueId value) const { return m_folded[value]; }
    [[nodiscard]] bool isFolded(ir::NodeId node) const { return m_isFolded[node]; }
    [[nodiscard]] bool folds() const { return m_fold; }
    [[nodiscard]] const Mutations& mutations() const { return m_mutations; }

    // One past the last node nested in a node; node + 1 if none is.
    [[nodiscard]] ir::NodeId subtreeEnd(ir::NodeId node) const { return m_subtreeEnd[node]; }
    // The node of `block` that a node stands in or is; ir::none if it is not inside of it.
    [[nodiscard]] ir::NodeId lift(ir::NodeId node, ir::BlockId block) const;
    // The node of `block` inside of which, or by which, a value is made; ir::none for one from
    // elsewhere and for the block's own parameters.
    [[nodiscard]] ir::NodeId liftValue(ir::ValueId value, ir::BlockId block) const;

    // A value as a person would write it, a few operators deep: "x.dim() == 4" style; its name if
    // that is all.
    [[nodiscard]] std::string expression(ir::ValueId value, int depth = 3) const;

    // Path of the instance that a node belongs to.
    [[nodiscard]] std::string_view modulePathOf(const ir::Node& node) const;

private:
    void foldNode(ir::NodeId id, const ModelOutline& outline);
    [[nodiscard]] FoldedValue constantOf(const ir::Node& node) const;
    // What is folded, and what constants say that are shown as nodes.
    [[nodiscard]] FoldedValue knownOf(ir::ValueId value) const;
    bool foldAttribute(const ir::Node& node, const ModelOutline& outline);
    bool foldConstruct(ir::NodeId id);
    [[nodiscard]] std::string shortCircuit(const ir::Node& node, int depth) const;
    [[nodiscard]] std::string nameOf(ir::ValueId value) const;

    std::shared_ptr<const ir::Graph> m_owner;
    const ir::Graph& m_graph;
    GraphOrigin m_origin;
    ir::UseIndex m_uses;
    Mutations m_mutations;
    bool m_fold;
    std::vector<FoldedValue> m_folded;    // by value
    std::vector<bool> m_isFolded;         // by node
    std::vector<ir::NodeId> m_subtreeEnd; // by node
};

} // namespace jitscope::scene
