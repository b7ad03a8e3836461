// File names for tensors. A tensor's name comes from the model and may be anything.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace jitscope::tensor {

// Gives every tensor of one folder a name of its own, without a folder and with the ending ".npy".
class ExportNames
{
public:
    [[nodiscard]] std::string add(std::string_view tensor);

private:
    std::set<std::string> m_taken; // in lower case: some file systems do not tell them apart
};

} // namespace jitscope::tensor
