// What the user asked to see of the flow of values: upstream or downstream of some boxes, the ways
// between two. Kept by ids, so that it holds from picture to picture. Private to views/graph.
#pragma once

#include "core/scene/flow.h"
#include "views/graph/picture_p.h"

#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace jitscope::views {

class Tracing
{
public:
    enum class Kind
    {
        None,
        Upstream,
        Downstream,
        Ways,       // all that lies on a way from one box to the other
        ShortestWay // through the fewest boxes
    };

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool isActive() const { return m_kind != Kind::None; }
    void ask(Kind kind, std::vector<std::string> ids);
    void clear() { m_kind = Kind::None; }

    // Null when nothing is asked, or when no box that it was asked of is in the picture, not even
    // hidden in a closed one.
    [[nodiscard]] std::shared_ptr<const scene::FlowTrace> on(const Picture& picture) const;
    // For the status bar: "Upstream of conv1: 14 boxes".
    [[nodiscard]] QString describe(const Picture& picture, const scene::FlowTrace& trace) const;

private:
    [[nodiscard]] std::vector<std::uint32_t> boxesIn(const Picture& picture) const;

    Kind m_kind = Kind::None;
    std::vector<std::string> m_ids;
};

} // namespace jitscope::views
