// Gathers siblings that are alike, one after the other, in one box that stands for all of them.
// Private to core/scene.
#pragma once

#include "core/scene/structure_p.h"

namespace jitscope::scene {

// Replaces every run of at least `least` boxes by a Repeat, which opens to them. Their ids stay.
void foldRepeats(Scope& scope, std::size_t least, Structure& structure);

} // namespace jitscope::scene
