// Which nodes change a value in place, and so come between whoever made it and whoever uses it
// later. SSA does not say so: `append` changes its list and returns it to nobody. Private to
// core/scene.
#pragma once

#include "core/ir/graph.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace jitscope::scene {

class Mutations
{
public:
    explicit Mutations(const ir::Graph& graph);

    // The nodes that change it or what is a view of it, in order; nested ones too.
    [[nodiscard]] std::span<const ir::NodeId> of(ir::ValueId value) const;
    [[nodiscard]] const std::vector<ir::ValueId>& values() const
    {
        return m_values;
    } // changed ones

private:
    std::unordered_map<ir::ValueId, std::vector<ir::NodeId>> m_nodes;
    std::vector<ir::ValueId> m_values;
};

} // namespace jitscope::scene
