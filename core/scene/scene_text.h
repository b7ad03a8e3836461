// A scope as text, for tests and for "Copy as text".
#pragma once

#include "core/scene/scene.h"

namespace jitscope::scene {

// One line a box, its rows and inputs after it:
//   conv2d  /layer1.0.conv1/n12  weight=64×3×7×7, stride=[2, 2]  <- input: x (Input)
[[nodiscard]] std::string toText(const Scope& scope);

// A box alone: title, kind, schema, rows, source.
[[nodiscard]] std::string toText(const Box& box);

} // namespace jitscope::scene
