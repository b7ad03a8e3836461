// Writes a whole picture as an image file. Private to views/graph.
#pragma once

#include "views/graph/picture_painter_p.h"

#include <QString>

namespace jitscope::views {

// SVG or PNG (at twice the size, less when that would be too large) by the suffix. Empty, or what
// went wrong.
[[nodiscard]] QString exportPicture(const Picture& picture, const GraphStyle& style,
                                    GraphView::ColourBy colourBy, const QString& path);

} // namespace jitscope::views
