// A zip archive through libzip. Private to core/archive.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct zip;

namespace jitscope::archive {

struct ZipEntry
{
    std::string name;
    std::uint64_t size = 0;
    std::uint64_t storedSize = 0;
    std::uint32_t checksum = 0;
    bool isReadable = true; // LibTorch can: stored or deflated, not encrypted
};

struct ZipContent
{
    std::string bytes;
    bool checksumHolds = true;
};

class ZipReader
{
public:
    // Error: what libzip says of it.
    [[nodiscard]] static Result<ZipReader> open(const std::filesystem::path& file);

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return m_entries; }

    // The content of an entry, of which the directory says that it has at most `limit` bytes.
    [[nodiscard]] Result<ZipContent> read(std::size_t entry, std::uint64_t limit) const;

    // Whether the entry's data begins where the directory says.
    [[nodiscard]] bool isInPlace(std::size_t entry) const;

private:
    struct Close
    {
        void operator()(zip* archive) const;
    };

    std::unique_ptr<zip, Close> m_archive;
    std::vector<ZipEntry> m_entries;
};

} // namespace jitscope::archive
