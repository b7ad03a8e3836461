// Files that torch.save wrote before version 1.6: pickles one after the other. Private to
// core/archive.
#pragma once

#include "core/archive/preflight.h"

#include <string>

namespace jitscope::archive {

// `head` is the beginning of the file, long enough for its pickles. Tells whether it is a
// state_dict, and its tensors.
void inspectLegacyPickle(std::string head, Report& report);

} // namespace jitscope::archive
