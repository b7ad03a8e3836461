// What a picture shows as a graph for Graphviz: open boxes as clusters. Private to views/graph.
#pragma once

#include "views/graph/picture_p.h"

#include <string>

namespace jitscope::views {

[[nodiscard]] std::string dotTextOf(const Picture& picture);

} // namespace jitscope::views
