// The debug information of a lite-interpreter file. Private to core/archive.
#pragma once

#include "core/archive/bytecode.h"
#include "core/archive/pickle_value_p.h"

namespace jitscope::archive {

// callstack_debug_map.pkl: what each instruction came from, by handle, in its order. Entries of
// another form are left out.
[[nodiscard]] std::vector<std::pair<std::int64_t, LiteDebug>>
readCallStacks(const PickleDocument& pickle);

// A .debug_pkl record: adds the places that have a tag.
void readPlaces(const PickleDocument& pickle,
                std::vector<std::pair<std::int64_t, LitePlace>>& places);

} // namespace jitscope::archive
