// Walking a picture by the arrow keys. Private to views/graph.
#pragma once

#include "views/graph/picture_p.h"

#include <Qt>

#include <vector>

namespace jitscope::views {

class KeyboardWalk
{
public:
    // The box to go to from `box` with an arrow key, `box` itself if there is none. With
    // `intoAndOut` Down leads into an open box and Up to the box around.
    [[nodiscard]] std::uint32_t step(const Picture& picture, std::uint32_t box, Qt::Key key,
                                     bool intoAndOut = false);
    void forget() { m_others.clear(); } // of another picture

private:
    std::vector<std::uint32_t>
        m_others; // where the last step could have led to, from left to right
};

} // namespace jitscope::views
