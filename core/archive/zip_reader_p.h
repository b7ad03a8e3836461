// A zip archive through libzip. Private to core/archive.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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

    // Reads the entry without keeping it. Whether its content fits its checksum.
    [[nodiscard]] Result<bool> checksumHolds(std::size_t entry) const;
    // Writes the entry's content to a new file, as far as `limit` bytes.
    [[nodiscard]] Result<void> extract(std::size_t entry, const std::filesystem::path& file,
                                       std::uint64_t limit) const;

private:
    // Takes a piece of an entry's content; false to stop.
    using Sink = std::function<bool(std::string_view piece)>;
    // Whether the content fits its checksum.
    [[nodiscard]] Result<bool> readPieces(std::size_t entry, const Sink& sink) const;

    struct Close
    {
        void operator()(zip* archive) const;
    };

    std::unique_ptr<zip, Close> m_archive;
    std::vector<ZipEntry> m_entries;
};

} // namespace jitscope::archive
