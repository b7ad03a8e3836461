// Layout by Graphviz: `dot` as a child process, killed at a time limit. A process, because a layout
// in progress cannot be cancelled otherwise and because dot aborts on some graphs.
#pragma once

#include "core/layout/layout.h"

#include <chrono>
#include <string>

namespace jitscope::layout {

class DotLayout final : public Engine
{
public:
    // `program` is looked up in PATH when it has no slash.
    explicit DotLayout(Spacing spacing = {},
                       std::chrono::milliseconds limit = std::chrono::milliseconds(400),
                       std::string program = "dot")
        : m_spacing(spacing), m_limit(limit), m_program(std::move(program))
    {}
    // Fails with Unavailable when dot is missing, late, or its output is not understood.
    [[nodiscard]] Result<Placement> place(const Graph& graph,
                                          const CancelToken& cancel) const override;

private:
    Spacing m_spacing;
    std::chrono::milliseconds m_limit;
    std::string m_program;
};

} // namespace jitscope::layout
