// What an index holds. Private to core/search.
#pragma once

#include "core/search/index.h"
#include "core/search/observed_types_p.h"
#include "core/search/term_match_p.h"

#include <map>
#include <string_view>
#include <unordered_map>

namespace jitscope::search {

// A graph, or one that a node of it holds as an attribute.
struct Part
{
    std::shared_ptr<const ir::Graph> owner;
    const ir::Graph* graph = nullptr;  // in owner
    std::int64_t id = 0;               // of the owner in the document
    std::uint32_t function = ir::none; // row; none in a later stage
};

// The part, and those that its nodes hold.
void addParts(std::vector<Part>& parts, const Part& part, int depth = 0);

// The body of a function in one module instance.
struct Place
{
    std::uint32_t module = 0; // row
    std::uint32_t function = 0;
};

class Index::Implementation
{
public:
    Corpus corpus;
    std::vector<Part> parts;
    std::vector<Place> places; // in the order of the modules; empty in a later stage
    std::vector<std::vector<std::uint32_t>> partsOf;              // by function
    std::vector<std::uint32_t> parentOf;                          // by module; none for roots
    std::unordered_map<std::string_view, std::uint32_t> moduleAt; // by path
    ObservedTypes types;

    [[nodiscard]] bool isLoaded() const { return corpus.stageGraph == 0; }
};

[[nodiscard]] HitText textOf(const Index::Implementation& index, const Hit& hit,
                             const Query& query);
[[nodiscard]] Target targetOf(const Index::Implementation& index, const Hit& hit);

// Which module instances have which bodies: each method's, and the free functions that it calls,
// directly or through others.
[[nodiscard]] std::vector<Place> placesOf(const Corpus& corpus, std::span<const Part> parts);

// A node or parameter of a graph that has at least one term, or may have them by its module alone.
struct Candidate
{
    std::uint32_t item = 0;
    bool isParameter = false;
    HitGroup group = HitGroup::Operators;
    TermBits own = 0;            // terms that it has by itself
    ir::StringId modulePath = 0; // of a later stage's node
};

// Nothing when it is cancelled. With `byModuleAlone` all nodes are candidates.
[[nodiscard]] bool findCandidates(const ir::Graph& graph, const TermMatch& terms,
                                  bool byModuleAlone, const CancelToken& cancel,
                                  std::vector<Candidate>& candidates);

} // namespace jitscope::search
