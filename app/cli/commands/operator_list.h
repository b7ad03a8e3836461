// The operators of a model with what they do, for `info --operators`.
#pragma once

#include "core/ir/graph.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace jitscope::cli {

class OperatorList
{
public:
    // Counts the nodes of a graph and of the graphs in its attributes.
    void add(const ir::Graph& graph);

    // In order of kind: {kind, count, schemas, note, documentation}; the last two left out where
    // there is none.
    [[nodiscard]] nlohmann::json toJson() const;

private:
    struct Entry
    {
        std::uint64_t count = 0;
        std::set<std::string> schemas;
    };

    std::map<std::string, Entry> m_entries; // by kind
};

} // namespace jitscope::cli
