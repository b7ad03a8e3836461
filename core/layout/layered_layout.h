// The built-in layered layout (Sugiyama): ranks by longest path, points where long edges pass a
// rank, crossing reduction by sweeps, x coordinates after Brandes and Koepf with ports. Time grows
// with the boxes plus the ranks that edges pass; the same input gives the same picture.
#pragma once

#include "core/layout/layout.h"

namespace jitscope::layout {

struct LayeredGraph;

class LayeredLayout final : public Engine
{
public:
    explicit LayeredLayout(Spacing spacing = {}) : m_spacing(spacing) {}
    [[nodiscard]] Result<Placement> place(const Graph& graph,
                                          const CancelToken& cancel) const override;
    // `before` may come from another engine.
    [[nodiscard]] Result<Placement> rearrange(const Graph& graph, const Placement& before,
                                              const CancelToken& cancel) const override;

private:
    [[nodiscard]] Result<Placement> draw(const Graph& graph, const LayeredGraph& layered,
                                         const CancelToken& cancel) const;

    Spacing m_spacing;
};

} // namespace jitscope::layout
