#include "core/archive/mapped_file_p.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jitscope::archive {

Result<MappedFile> MappedFile::open(const std::filesystem::path& file)
{
    const auto unreadable = [&] {
        return fail(ErrorCode::UnusableFile,
                    "The file cannot be read: " + std::string(std::strerror(errno)) + ".",
                    file.string(), "Check that you may read it.");
    };
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return unreadable();
    struct stat status = {};
    void* start = MAP_FAILED;
    if (::fstat(descriptor, &status) == 0) {
        start = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE,
                       descriptor, 0);
    }
    if (start == MAP_FAILED) {
        auto error = unreadable();
        ::close(descriptor);
        return error;
    }
    ::close(descriptor);
    return MappedFile(
        {static_cast<const std::byte*>(start), static_cast<std::size_t>(status.st_size)});
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

} // namespace jitscope::archive
