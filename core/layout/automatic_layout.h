// Chooses the engine for a scope: dot while it is surely quick and its picture is right, else the
// built-in layout.
#pragma once

#include "core/layout/dot_layout.h"
#include "core/layout/layered_layout.h"

#include <atomic>

namespace jitscope::layout {

class AutomaticLayout final : public Engine
{
public:
    explicit AutomaticLayout(Spacing spacing = {}, bool useDot = true);
    [[nodiscard]] Result<Placement> place(const Graph& graph,
                                          const CancelToken& cancel) const override;
    // By the built-in layout, whichever placed it before.
    [[nodiscard]] Result<Placement> rearrange(const Graph& graph, const Placement& before,
                                              const CancelToken& cancel) const override
    {
        return m_layered.rearrange(graph, before, cancel);
    }

    // What dot's time grows with: boxes and the ranks that edges pass, as measured on 2.42 (some 5
    // ms at 100).
    [[nodiscard]] static std::size_t estimatedCost(const Graph& graph);

private:
    [[nodiscard]] bool suitsDot(const Graph& graph) const;

    LayeredLayout m_layered;
    DotLayout m_dot;
    bool m_useDot;
    mutable std::atomic<int> m_dotFailures = 0; // after a few dot is not tried again
};

} // namespace jitscope::layout
