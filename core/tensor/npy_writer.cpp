#include "core/tensor/npy_writer.h"

#include <fmt/format.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace jitscope::tensor {

static_assert(std::endian::native == std::endian::little, "the elements are written as they are");

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t alignment = 64;             // of the first element in the file
constexpr std::size_t longestOfVersion1 = 0xffff; // bytes of the header's text

tl::unexpected<Error> writeError(const std::filesystem::path& path)
{
    return fail(ErrorCode::UnusableFile,
                fmt::format("The array cannot be written: {}.", std::strerror(errno)),
                path.string(), "Check that the folder exists, may be written and has room.");
}

} // namespace

std::string npyHeader(std::string_view type, std::span<const std::int64_t> shape)
{
    std::string sizes;
    for (const std::int64_t size : shape)
        sizes += fmt::format("{}, ", size);
    // (), (3,), (3, 4)
    if (shape.size() > 1)
        sizes.resize(sizes.size() - 2);
    else if (shape.size() == 1)
        sizes.pop_back();
    std::string text =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", type, sizes);

    const auto padded = [&text](std::size_t lengthBytes) {
        const std::size_t before = magic.size() + 2 + lengthBytes;
        const std::size_t used = before + text.size() + 1;
        return text.size() + 1 + (alignment - used % alignment) % alignment;
    };
    const bool isVersion1 = padded(2) <= longestOfVersion1;
    const std::size_t lengthBytes = isVersion1 ? 2 : 4;
    const std::size_t length = padded(lengthBytes);
    text.resize(length - 1, ' ');
    text += '\n';

    std::string header(magic);
    header += isVersion1 ? '\1' : '\2';
    header += '\0';
    for (std::size_t i = 0; i < lengthBytes; ++i)
        header += static_cast<char>(length >> (8 * i) & 0xff);
    return header + text;
}

class NpyWriter::File
{
public:
    explicit File(const std::filesystem::path& path) : m_path(path), m_partial(path)
    {
        m_partial += ".partial";
        m_stream = std::fopen(m_partial.c_str(), "wb");
    }
    ~File()
    {
        if (m_stream == nullptr)
            return;
        (void)std::fclose(m_stream);
        std::error_code ignored;
        std::filesystem::remove(m_partial, ignored);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    Result<void> write(const void* bytes, std::size_t size)
    {
        if (m_stream == nullptr || std::fwrite(bytes, 1, size, m_stream) != size)
            return writeError(m_path);
        return {};
    }

    Result<void> finish()
    {
        const bool isWritten = std::fclose(std::exchange(m_stream, nullptr)) == 0;
        if (isWritten && std::rename(m_partial.c_str(), m_path.c_str()) == 0)
            return {};
        const auto failed = writeError(m_path);
        std::error_code ignored;
        std::filesystem::remove(m_partial, ignored);
        return failed;
    }

private:
    std::filesystem::path m_path;
    std::filesystem::path m_partial;
    std::FILE* m_stream = nullptr;
};

NpyWriter::NpyWriter(std::unique_ptr<File> file) : m_file(std::move(file)) {}
NpyWriter::NpyWriter(NpyWriter&&) noexcept = default;
NpyWriter& NpyWriter::operator=(NpyWriter&&) noexcept = default;
NpyWriter::~NpyWriter() = default;

Result<NpyWriter> NpyWriter::create(const std::filesystem::path& path, std::string_view type,
                                    std::span<const std::int64_t> shape)
{
    auto file = std::make_unique<File>(path);
    const std::string header = npyHeader(type, shape);
    if (const Result<void> written = file->write(header.data(), header.size()); !written)
        return tl::unexpected(written.error());
    return NpyWriter(std::move(file));
}

Result<void> NpyWriter::append(std::span<const std::byte> elements)
{
    return m_file->write(elements.data(), elements.size());
}

Result<void> NpyWriter::finish()
{
    return m_file->finish();
}

} // namespace jitscope::tensor
