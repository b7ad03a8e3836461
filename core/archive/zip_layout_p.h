// Where the records of a zip archive lie in the file, which libzip does not tell: two records in
// one place, records beyond the end, and sizes that cannot be are seen without reading any. Finds
// the directory as the zip reader in LibTorch (miniz) does. Private to core/archive.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace jitscope::archive {

struct ZipPlace
{
    std::string name;
    std::uint64_t header = 0; // where its local header begins
    std::uint64_t begin = 0;  // where its bytes begin; 0 when the local header is not there
    std::uint64_t size = 0;
    std::uint64_t storedSize = 0;
    std::uint16_t method = 0; // 0 stored, 8 deflated
    bool isNamedAlike = true; // the local header has the same name
};

struct ZipLayout
{
    std::vector<ZipPlace> places; // in the directory's order
    std::uint64_t directory = 0;  // where it begins
    std::uint64_t fileSize = 0;
};

// The Error says what is wrong with the directory.
[[nodiscard]] Result<ZipLayout> readLayout(const std::filesystem::path& file,
                                           std::size_t mostRecords);

} // namespace jitscope::archive
