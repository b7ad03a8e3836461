#include "core/archive/zip_layout_p.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

namespace jitscope::archive {

namespace {

using namespace std::string_view_literals;

// Sizes and signatures of APPNOTE.TXT 6.3.
constexpr std::size_t endSize = 22;
constexpr std::size_t largestComment = 0xffff;
constexpr std::size_t locatorSize = 20; // of the zip64 end
constexpr std::size_t end64Size = 56;
constexpr std::size_t entrySize = 46;
constexpr std::size_t headerSize = 30;
constexpr auto endSignature = "PK\5\6"sv;
constexpr auto locatorSignature = "PK\6\7"sv;
constexpr auto end64Signature = "PK\6\6"sv;
constexpr auto entrySignature = "PK\1\2"sv;
constexpr auto headerSignature = "PK\3\4"sv;
constexpr std::uint32_t inZip64 = 0xffffffff;
constexpr std::uint64_t largestDirectory = 256u << 20;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t width)
{
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

class File
{
public:
    explicit File(const std::filesystem::path& path)
        : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        struct stat status = {};
        if (m_descriptor >= 0 && ::fstat(m_descriptor, &status) == 0)
            m_size = static_cast<std::uint64_t>(status.st_size);
    }
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] std::uint64_t size() const { return m_size; }

    // Fewer bytes where the file ends.
    [[nodiscard]] std::string read(std::uint64_t position, std::size_t count) const
    {
        std::string bytes(position < m_size ? std::min<std::uint64_t>(count, m_size - position) : 0,
                          '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ::ssize_t got = ::pread(m_descriptor, bytes.data() + done, bytes.size() - done,
                                          static_cast<::off_t>(position + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                break;
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }

private:
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

tl::unexpected<Error> damaged(const char* what)
{
    return fail(ErrorCode::UnusableFile, what);
}

struct Directory
{
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::uint64_t count = 0;
};

Result<Directory> findDirectory(const File& file)
{
    const std::uint64_t tailSize =
        std::min<std::uint64_t>(file.size(), endSize + largestComment + locatorSize);
    const std::uint64_t tailBegin = file.size() - tailSize;
    const std::string tail = file.read(tailBegin, tailSize);
    if (tail.size() < endSize)
        return damaged("The file is too short for an archive.");
    const std::size_t end = tail.rfind(endSignature, tail.size() - endSize);
    if (end == std::string::npos)
        return damaged("The archive has no directory, which comes last: the file was cut off.");
    Directory directory{number(tail, end + 16, 4), number(tail, end + 12, 4),
                        number(tail, end + 10, 2)};
    if (end >= locatorSize &&
        std::string_view(tail).substr(end - locatorSize).starts_with(locatorSignature)) {
        const std::string end64 = file.read(number(tail, end - locatorSize + 8, 8), end64Size);
        if (end64.size() == end64Size && end64.starts_with(end64Signature)) {
            directory = {number(end64, 48, 8), number(end64, 40, 8), number(end64, 32, 8)};
        }
    }
    if (directory.begin > file.size() || directory.size > file.size() - directory.begin ||
        directory.size > largestDirectory)
        return damaged("The archive's directory does not lie in the file.");
    return directory;
}

// The sizes and the place that do not fit into 32 bits stand in an extra field.
bool takeZip64(std::string_view extra, std::uint64_t& size, std::uint64_t& storedSize,
               std::uint64_t& header)
{
    constexpr std::uint64_t zip64Tag = 1;
    while (extra.size() >= 4) {
        const std::uint64_t length = number(extra, 2, 2);
        if (length > extra.size() - 4)
            return false;
        std::string_view field = extra.substr(4, length);
        if (number(extra, 0, 2) == zip64Tag) {
            for (std::uint64_t* value : {&size, &storedSize, &header}) {
                if (*value != inZip64)
                    continue;
                if (field.size() < 8)
                    return false;
                *value = number(field, 0, 8);
                field.remove_prefix(8);
            }
            return true;
        }
        extra.remove_prefix(4 + length);
    }
    return size != inZip64 && storedSize != inZip64 && header != inZip64;
}

// The place of the entry at the begin of `rest`, which is taken off.
std::optional<ZipPlace> takeEntry(std::string_view& rest)
{
    if (rest.size() < entrySize || !rest.starts_with(entrySignature))
        return std::nullopt;
    const std::size_t nameSize = number(rest, 28, 2);
    const std::size_t extraSize = number(rest, 30, 2);
    const std::size_t whole = entrySize + nameSize + extraSize + number(rest, 32, 2);
    if (rest.size() < whole)
        return std::nullopt;
    ZipPlace place;
    place.name = rest.substr(entrySize, nameSize);
    place.method = static_cast<std::uint16_t>(number(rest, 10, 2));
    place.storedSize = number(rest, 20, 4);
    place.size = number(rest, 24, 4);
    place.header = number(rest, 42, 4);
    if (!takeZip64(rest.substr(entrySize + nameSize, extraSize), place.size, place.storedSize,
                   place.header))
        return std::nullopt;
    rest.remove_prefix(whole);
    return place;
}

void findBegin(const File& file, ZipPlace& place)
{
    const std::string header = file.read(place.header, headerSize + place.name.size());
    if (header.size() < headerSize || !header.starts_with(headerSignature))
        return;
    const std::uint64_t nameSize = number(header, 26, 2);
    place.begin = place.header + headerSize + nameSize + number(header, 28, 2);
    place.isNamedAlike = std::string_view(header).substr(headerSize, nameSize) == place.name;
}

} // namespace

Result<ZipLayout> readLayout(const std::filesystem::path& path, std::size_t mostRecords)
{
    const File file(path);
    const Result<Directory> directory = findDirectory(file);
    if (!directory)
        return tl::unexpected(directory.error());
    if (directory->count > mostRecords)
        return damaged("The archive says that it has more records than any model.");
    const std::string bytes = file.read(directory->begin, directory->size);
    std::string_view rest = bytes;
    ZipLayout layout;
    layout.directory = directory->begin;
    layout.fileSize = file.size();
    for (std::uint64_t i = 0; i < directory->count; ++i) {
        std::optional<ZipPlace> place = takeEntry(rest);
        if (!place)
            return damaged("The archive's directory is damaged.");
        findBegin(file, *place);
        layout.places.push_back(*std::move(place));
    }
    return layout;
}

} // namespace jitscope::archive
