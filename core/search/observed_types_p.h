// The types of tensors that a stage elsewhere or a run of it has seen, for what an index holds.
// Private to core/search.
#pragma once

#include "core/search/term_match_p.h"

#include "core/ir/graph.h"
#include "core/scene/known_types.h"
#include "core/support/job.h"

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jitscope::search {

// A node's output.
struct OutputPlace
{
    std::uint32_t instance = 0; // row of the module; ir::none in a later stage
    std::uint32_t part = 0;     // graph of the index
    ir::NodeId node = 0;
    std::uint32_t output = 0;
    friend auto operator<=>(const OutputPlace&, const OutputPlace&) = default;
};

class ObservedTypes
{
public:
    // Takes what is known of the outputs of a graph's nodes; `begin` is the place of the first.
    // Without a module path each node has its own. False when it is cancelled.
    [[nodiscard]] bool add(const scene::KnownTypes& known, const ir::Graph& graph,
                           OutputPlace begin, const std::string* modulePath,
                           const CancelToken& cancel);
    // Once, when all is added, before anything is asked.
    void finish();

    [[nodiscard]] std::string_view at(const OutputPlace& place) const; // empty when not known

    struct Match
    {
        ir::NodeId node = 0;
        TermBits terms = 0;
    };
    // The terms that each text has, by its number.
    [[nodiscard]] std::vector<TermBits> compare(const TermMatch& terms) const;
    // The nodes of a graph in one instance whose outputs have terms, in their order.
    [[nodiscard]] std::vector<Match> find(std::uint32_t instance, std::uint32_t part,
                                          std::span<const TermBits> compared) const;

private:
    struct Entry
    {
        OutputPlace place;
        std::uint32_t text = 0;
    };

    std::vector<Entry> m_entries; // by place
    std::vector<std::string> m_texts;
    std::unordered_map<std::string, std::uint32_t> m_numbers; // of the texts, while some are added
};

} // namespace jitscope::search
