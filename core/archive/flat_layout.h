// What a lite-interpreter file in flatbuffer form holds for LibTorch, found without it: the code,
// and where the weights lie.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

struct FlatCode
{
    std::string record; // as an archive would name it: "code/__torch__/torch/nn.py"
    std::string text;
};

struct FlatStorage
{
    std::string record;         // "storages/12"
    std::uint64_t position = 0; // of its bytes in the file
    std::uint64_t bytes = 0;
};

struct FlatLayout
{
    std::vector<FlatCode> code;        // by record
    std::vector<FlatStorage> storages; // by position
    bool runsBytecode = false;         // LibTorch runs some while it loads: functions __setstate__
};

inline constexpr std::string_view setStateName = ".__setstate__"; // their names end so

// None for a file of another form. An Error for one that inspect() finds wrong.
[[nodiscard]] Result<std::optional<FlatLayout>> readFlatLayout(const std::filesystem::path& file);

} // namespace jitscope::archive
