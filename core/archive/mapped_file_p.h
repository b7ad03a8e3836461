// A file seen as memory, at the begin of a page. Private to core/archive.
#pragma once

#include "core/support/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace jitscope::archive {

class MappedFile
{
public:
    // Only what is looked at is read. The Error tells that it is not to be read. A file that is cut
    // off by somebody while it is looked at ends the process, so this is for the engine's process,
    // not for the window's.
    [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& file);
    // All of it in memory; for any process.
    [[nodiscard]] static Result<MappedFile> copy(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    [[nodiscard]] std::span<const std::byte> bytes() const { return m_bytes; }

private:
    explicit MappedFile(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    std::span<const std::byte> m_bytes;
};

} // namespace jitscope::archive
