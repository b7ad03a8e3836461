// A tensor saved by numpy.save, as bytes. Free of LibTorch.
#pragma once

#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jitscope::record {

struct NpyArray
{
    std::string dtype; // as in torch
    std::vector<std::int64_t> shape;
    bool columnMajor = false; // numpy's fortran_order
    std::vector<std::byte> bytes;
};

// Reads versions 1 to 3 of the format (numpy.lib.format), little-endian.
[[nodiscard]] Result<NpyArray> readNpy(const std::filesystem::path& file);

} // namespace jitscope::record
