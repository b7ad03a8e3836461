// Makes scopes of graphs. Condensed by default: constants, attribute reads and list building are
// folded into the box that uses them. One builder belongs to one thread.
#pragma once

#include "core/document/node_index.h"
#include "core/scene/known_types.h"
#include "core/scene/model_outline.h"
#include "core/scene/scene.h"
#include "core/support/job.h"
#include "core/support/result.h"

#include <functional>
#include <map>
#include <memory>

namespace jitscope::scene {

struct BuildOptions
{
    bool rawSsa = false; // every node as a box, nothing folded, nothing gathered by module
    // So many modules that are alike, one after the other, become one box; 0 for never. Not in raw
    // SSA.
    std::size_t repeatsFrom = 0;
    // A value with more consumers than this reaches those further than two ranks away by a
    // Reference.
    std::size_t hubConsumers = 8;
    // A consumer of more values that References stand for gets one Reference for them all.
    std::size_t singleReferences = 6;
    // An edge over more ranks than this ends in a Reference. IGV cuts at 10, which hides skip
    // connections; over 40 the cost of routing shows.
    std::uint32_t longEdgeRanks = 40;
};

// Reads a graph by its id in the document.
using GraphSource = std::function<Result<std::shared_ptr<const ir::Graph>>(std::int64_t)>;
using ScopePtr = std::shared_ptr<const Scope>;

class GraphContext;
class Structure;
class ValueTypes;
struct BodyInside;
struct Inside;

class ScopeBuilder
{
public:
    // `outline` and `nodes` must not be null. `types` says what values are that their graph says
    // nothing of; null when nothing is known.
    ScopeBuilder(std::shared_ptr<const ModelOutline> outline,
                 std::shared_ptr<const document::NodeIndex> nodes, GraphSource graphs,
                 BuildOptions options = {}, std::shared_ptr<const KnownTypes> types = nullptr);
    ~ScopeBuilder();
    ScopeBuilder(const ScopeBuilder&) = delete;
    ScopeBuilder& operator=(const ScopeBuilder&) = delete;

    // The body of a method in the stage `loaded`.
    [[nodiscard]] Result<ScopePtr> method(const std::string& modulePath, const std::string& name);
    // The body of a free function, by its qualified name, in the stage `loaded`.
    [[nodiscard]] Result<ScopePtr> function(const std::string& qualifiedName);
    // The graph of a stage of one method: inlined, after a pass, executed. `modulePath` is the
    // instance it is of.
    [[nodiscard]] Result<ScopePtr> stage(std::shared_ptr<const ir::Graph> graph,
                                         const std::string& modulePath, const std::string& method);
    // What a box that can be opened shows. The same pointer every time.
    [[nodiscard]] Result<ScopePtr> inside(const Box& box);

    [[nodiscard]] const ModelOutline& outline() const { return *m_outline; }
    [[nodiscard]] const document::NodeIndex& nodes() const { return *m_nodes; }
    [[nodiscard]] const BuildOptions& options() const { return m_options; }

private:
    [[nodiscard]] Result<std::shared_ptr<const GraphContext>> bodyContext(const BodyInside& body);

    std::shared_ptr<const ModelOutline> m_outline;
    std::shared_ptr<const document::NodeIndex> m_nodes;
    GraphSource m_graphs;
    BuildOptions m_options;
    std::unique_ptr<Structure> m_structure;
    std::unique_ptr<ValueTypes> m_types;
    std::map<std::pair<std::int64_t, std::string>, std::shared_ptr<const GraphContext>> m_contexts;
    std::map<std::string, ScopePtr> m_scopes; // by id
};

} // namespace jitscope::scene
