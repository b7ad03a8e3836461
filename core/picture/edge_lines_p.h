// Where the lines of edges run, curves included. Private to core/picture.
#pragma once

#include "core/picture/drawing.h"
#include "core/picture/grid_index.h"

#include <array>
#include <vector>

namespace jitscope::picture {

class EdgeLines
{
public:
    explicit EdgeLines(const Drawing& drawing);

    // Some line runs through the rectangle.
    [[nodiscard]] bool cross(const Rect& rect) const;

private:
    using Curve = std::array<layout::Point, 4>; // cubic; of a straight line the same

    std::vector<Curve> m_curves; // the pieces of all routes
    GridIndex m_grid;            // of m_curves
};

} // namespace jitscope::picture
