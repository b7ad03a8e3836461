// What the records of a model's archive are for, told by their names.
#pragma once

#include <string_view>

namespace jitscope::archive {

// A few words such as "weights" or "TorchScript code"; "other data" for a name that says nothing.
// `name` is without the archive's top folder.
[[nodiscard]] std::string_view recordContent(std::string_view name);

} // namespace jitscope::archive
