// Finds what a document holds: modules, nodes, values, constants, tensors and lines of source, also
// in scopes that no picture shows. An index is of one stage; immutable once built, so any thread
// may ask it. It keeps the graphs it was built from and copies no text.
#pragma once

#include "core/document/node_index.h"
#include "core/document/rows.h"
#include "core/ir/graph.h"
#include "core/scene/known_types.h"
#include "core/search/query.h"
#include "core/support/job.h"
#include "core/support/result.h"

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace jitscope::search {

// What is searched. The rows must live as long as `owner`.
struct Corpus
{
    std::shared_ptr<const void> owner;
    std::span<const document::ModuleRow> modules;
    std::span<const document::MethodRow> methods;
    std::span<const document::FunctionRow> functions;
    std::span<const document::TensorRow> tensors;
    std::span<const document::SourceRow> sources;
    std::shared_ptr<const document::NodeIndex> nodes; // never null
    std::int64_t stageGraph = 0; // graph of the stage; 0 for `loaded`: those of all functions
    std::shared_ptr<const scene::KnownTypes> types = {}; // null when none are known
};

// Reads a graph by its id in the document.
using GraphSource = std::function<Result<std::shared_ptr<const ir::Graph>>(std::int64_t)>;

// In the order in which they are shown.
enum class HitGroup : std::uint8_t
{
    Modules,
    Operators, // nodes by their kind, or all of a module that is named
    Values,    // by name
    Types,     // nodes by the type or shape of what they make
    Constants,
    Tensors, // parameters, buffers and constants of the model
    Places,  // nodes by file and line
    Lines,   // of the Python source that the model carries
};
inline constexpr std::size_t hitGroupCount = 8;

// Which thing: its numbers in the index, meaningful to it alone.
struct Hit
{
    HitGroup group = HitGroup::Operators;
    bool isParameter = false;   // a value that a block receives; `item` is its ValueId
    std::uint32_t part = 0;     // of a node or value: which graph; of a line: which source
    std::uint32_t item = 0;     // NodeId, ValueId, row of a module or tensor, line from 0
    std::uint32_t instance = 0; // row of the module, or ir::none
    friend bool operator==(const Hit&, const Hit&) = default;
};

struct Hits
{
    std::array<std::vector<Hit>, hitGroupCount> groups;
    bool isCutOff = false; // there are more than mostHits
    [[nodiscard]] std::size_t count() const;
};
inline constexpr std::size_t mostHits = 1'000'000;

// A hit in words.
struct HitText
{
    std::string title; // what matches: "aten::conv2d", "%x.1 : Tensor", a line of source
    std::string place; // where it is: "layer1.0.conv1, resnet.py:93"
};

// What to select for a hit.
struct Target
{
    std::string modulePath;
    bool isModule = false; // the module itself, or what it holds
    bool isLine = false;   // of source, with the nodes that were written there
    std::vector<document::NodeRef> nodes;
    // Those that use the value, where a condensed picture folds `nodes` into them (constants,
    // attribute reads, lists of those).
    std::vector<document::NodeRef> users;
    std::string method; // in `loaded`, a method of the module in whose body the nodes stand; empty
                        // for a free function
    std::string file;   // of a line or place
    std::uint32_t line = 0;
};
inline constexpr std::size_t mostTargets = 5000; // nodes of one target

class Index
{
public:
    class Implementation; // private to core/search

    // `earlier`, if there is one, lends the graphs that both have.
    [[nodiscard]] static Result<std::shared_ptr<const Index>> build(Corpus corpus,
                                                                    const GraphSource& graphs,
                                                                    const JobContext& job,
                                                                    const Index* earlier = nullptr);
    ~Index();
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    // Fails only when it is cancelled. An empty query finds nothing.
    [[nodiscard]] Result<Hits> find(const Query& query, const CancelToken& cancel = {}) const;

    // Quick enough for every row that is painted.
    [[nodiscard]] HitText text(const Hit& hit, const Query& query) const;
    // Looks through a graph once: some milliseconds for 100,000 nodes.
    [[nodiscard]] Target target(const Hit& hit) const;

private:
    explicit Index(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::search
