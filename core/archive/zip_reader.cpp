#include "core/archive/zip_reader_p.h"

#include <zip.h>

#include <algorithm>
#include <fstream>

namespace jitscope::archive {

namespace {

struct CloseFile
{
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipFile = std::unique_ptr<zip_file_t, CloseFile>;

constexpr std::uint64_t largestPiece = 1u << 20; // bytes

std::string messageOf(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

} // namespace

void ZipReader::Close::operator()(zip* archive) const
{
    zip_discard(archive);
}

Result<ZipReader> ZipReader::open(const std::filesystem::path& file)
{
    int code = 0;
    ZipReader reader;
    reader.m_archive.reset(zip_open(file.c_str(), ZIP_RDONLY, &code));
    if (!reader.m_archive) {
        return fail(ErrorCode::UnusableFile, "The archive cannot be read: " + messageOf(code) + ".",
                    file.string());
    }
    const zip_int64_t count = zip_get_num_entries(reader.m_archive.get(), 0);
    for (zip_int64_t index = 0; index < count; ++index) {
        zip_stat_t stat;
        if (zip_stat_index(reader.m_archive.get(), static_cast<zip_uint64_t>(index), ZIP_FL_ENC_RAW,
                           &stat) != 0 ||
            (stat.valid & ZIP_STAT_NAME) == 0) {
            return fail(ErrorCode::UnusableFile, "The archive's directory is damaged.",
                        file.string());
        }
        ZipEntry entry;
        entry.name = stat.name;
        entry.size = stat.size;
        entry.storedSize = stat.comp_size;
        entry.checksum = stat.crc;
        entry.isReadable = stat.encryption_method == ZIP_EM_NONE &&
                           (stat.comp_method == ZIP_CM_STORE || stat.comp_method == ZIP_CM_DEFLATE);
        reader.m_entries.push_back(std::move(entry));
    }
    return reader;
}

Result<bool> ZipReader::readPieces(std::size_t entry, const Sink& sink) const
{
    const ZipEntry& described = m_entries.at(entry);
    const auto unreadable = [&](const char* why) {
        return fail(ErrorCode::UnusableFile, std::string("The record cannot be read: ") + why + ".",
                    described.name);
    };
    const ZipFile file(zip_fopen_index(m_archive.get(), entry, 0));
    if (!file)
        return unreadable(zip_strerror(m_archive.get()));
    std::vector<char> piece(std::min<std::uint64_t>(largestPiece, described.size + 1));
    for (;;) {
        const zip_int64_t count = zip_fread(file.get(), piece.data(), piece.size());
        if (count < 0 && zip_error_code_zip(zip_file_get_error(file.get())) == ZIP_ER_CRC)
            return false;
        if (count < 0)
            return unreadable(zip_file_strerror(file.get()));
        if (count == 0)
            return true;
        if (!sink({piece.data(), static_cast<std::size_t>(count)})) {
            return fail(ErrorCode::UnusableFile, "The record is larger than the directory says.",
                        described.name);
        }
    }
}

Result<ZipContent> ZipReader::read(std::size_t entry, std::uint64_t limit) const
{
    const ZipEntry& described = m_entries.at(entry);
    if (described.size > limit)
        return fail(ErrorCode::UnusableFile, "The record is too large.", described.name);
    ZipContent content;
    // Grows with what is really there: the directory's size may be a lie.
    const Result<bool> holds = readPieces(entry, [&](std::string_view piece) {
        content.bytes += piece;
        return content.bytes.size() <= limit;
    });
    if (!holds)
        return tl::unexpected(holds.error());
    content.checksumHolds = *holds;
    return content;
}

Result<bool> ZipReader::checksumHolds(std::size_t entry) const
{
    std::uint64_t rest = m_entries.at(entry).size;
    return readPieces(entry, [&](std::string_view piece) {
        const bool fits = piece.size() <= rest;
        rest -= std::min<std::uint64_t>(rest, piece.size());
        return fits;
    });
}

Result<void> ZipReader::extract(std::size_t entry, const std::filesystem::path& file,
                                std::uint64_t limit) const
{
    const ZipEntry& described = m_entries.at(entry);
    if (described.size > limit)
        return fail(ErrorCode::UnusableFile, "The record is too large.", described.name);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::uint64_t written = 0;
    const Result<bool> done = readPieces(entry, [&](std::string_view piece) {
        written += piece.size();
        out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        return written <= limit && out.good();
    });
    out.close();
    if (!out.good()) {
        return fail(ErrorCode::Unavailable, "The model cannot be unpacked.", file.string(),
                    "Make room for temporary files, or let TMPDIR name another folder.");
    }
    if (!done)
        return tl::unexpected(done.error());
    return {};
}

} // namespace jitscope::archive
