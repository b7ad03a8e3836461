// What the records of a model's archive are for, told by their names.
#pragma once

#include <string>
#include <string_view>

namespace jitscope::archive {

// A few words such as "weights" or "TorchScript code"; "other data" for a name that says nothing.
// `name` is without the archive's top folder.
[[nodiscard]] std::string_view recordContent(std::string_view name);

// Whether it is serialized code.
[[nodiscard]] bool isCodeRecord(std::string_view name);
// "code/__torch__/torch/nn.py", which is one, as "__torch__.torch.nn".
[[nodiscard]] std::string codeModule(std::string_view record);

} // namespace jitscope::archive
