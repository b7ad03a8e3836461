#include "core/archive/mapped_file_p.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jitscope::archive {

namespace {

auto unreadable(const std::filesystem::path& file, int number)
{
    return fail(ErrorCode::UnusableFile,
                "The file cannot be read: " + std::string(std::strerror(number)) + ".",
                file.string(), "Check that you may read it.");
}

// Open while it exists.
class Descriptor
{
public:
    explicit Descriptor(const std::filesystem::path& file)
        : m_number(::open(file.c_str(), O_RDONLY | O_CLOEXEC))
    {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return m_number; }
    // Of the file; nothing when it is not to be had, which errno tells.
    [[nodiscard]] std::optional<std::size_t> size() const
    {
        struct stat status = {};
        if (m_number < 0 || ::fstat(m_number, &status) != 0)
            return std::nullopt;
        return static_cast<std::size_t>(status.st_size);
    }

private:
    int m_number;
};

} // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& file)
{
    const Descriptor descriptor(file);
    const std::optional<std::size_t> size = descriptor.size();
    if (!size)
        return unreadable(file, errno);
    void* start = ::mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, descriptor.number(), 0);
    if (start == MAP_FAILED)
        return unreadable(file, errno);
    return MappedFile({static_cast<const std::byte*>(start), *size});
}

Result<MappedFile> MappedFile::copy(const std::filesystem::path& file)
{
    const Descriptor descriptor(file);
    const std::optional<std::size_t> size = descriptor.size();
    if (!size)
        return unreadable(file, errno);
    void* start =
        ::mmap(nullptr, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return unreadable(file, errno);
    MappedFile copied({static_cast<const std::byte*>(start), *size});
    for (std::size_t done = 0; done < *size;) {
        const ssize_t got =
            ::read(descriptor.number(), static_cast<char*>(start) + done, *size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unreadable(file, errno);
        if (got == 0) {
            return fail(ErrorCode::UnusableFile, "The file became shorter while it was read.",
                        file.string(), "Try again when nothing writes it any more.");
        }
        done += static_cast<std::size_t>(got);
    }
    return copied;
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
