// In which module instances the bodies of free functions run. Any thread.
#pragma once

#include "core/search/index.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace jitscope::search {

// By qualified name of the function: the paths of the modules whose methods call it, directly or
// through other functions, in the order of the modules. One that nothing calls is not there.
using FunctionInstances = std::unordered_map<std::string, std::vector<std::string>>;

// Of the stage `loaded`. Reads the graphs of all functions, one at a time; fails when one cannot be
// read or the job is cancelled.
[[nodiscard]] Result<FunctionInstances>
functionInstances(const Corpus& corpus, const GraphSource& graphs, const CancelToken& cancel);

} // namespace jitscope::search
