// Puts what is known of a value beside its edge, for the window and for files alike.
#pragma once

#include "core/picture/box_metrics.h"
#include "core/picture/drawing.h"
#include "core/support/job.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jitscope::picture {

enum class EdgeLabels
{
    Shapes, // where one is known
    Types,  // else the type
};

struct EdgeLabel
{
    std::uint32_t edge = 0; // of the drawing
    Rect rect;
    std::string text; // UTF-8, on one line
};

// One label for all edges of a port, in the order of the edges. A label lies on the ground of the
// boxes around its edge: on no other box, no border, no title and no other label, and on a line
// only if there is no room beside it. What does not fit loses its element type ("float"), or is
// left out. When it is cancelled the rest has none.
[[nodiscard]] std::vector<EdgeLabel> placeEdgeLabels(const Drawing& drawing, EdgeLabels labels,
                                                     const TextMeasure& measure,
                                                     const CancelToken& cancel = {});

} // namespace jitscope::picture
