// Puts what is known of a value beside its edge. Private to views/graph.
#pragma once

#include "views/graph/picture_p.h"
#include "views/graph/text_width_p.h"

namespace jitscope::views {

enum class EdgeLabels
{
    Shapes, // where one is known
    Types,  // else the type
};

// One label for all edges of a port, where there is room that no box and no other label takes. The
// picture must be indexed.
void placeLabels(Picture& picture, EdgeLabels labels, const TextWidth& width, double height);

} // namespace jitscope::views
