#include "core/archive/zip_reader_p.h"

#include <zip.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

struct CloseFile
{
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipFile = std::unique_ptr<zip_file_t, CloseFile>;

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

bool ZipReader::isInPlace(std::size_t entry) const
{
    // Opening reads the local header.
    return ZipFile(zip_fopen_index(m_archive.get(), entry, ZIP_FL_COMPRESSED)) != nullptr;
}

Result<ZipContent> ZipReader::read(std::size_t entry, std::uint64_t limit) const
{
    const ZipEntry& described = m_entries.at(entry);
    if (described.size > limit)
        return fail(ErrorCode::UnusableFile, "The record is too large.", described.name);
    const ZipFile file(zip_fopen_index(m_archive.get(), entry, 0));
    if (!file) {
        return fail(ErrorCode::UnusableFile,
                    std::string("The record cannot be read: ") + zip_strerror(m_archive.get()),
                    described.name);
    }
    ZipContent content;
    // Grows with what is really there: the directory's size may be a lie.
    constexpr std::uint64_t step = 1 << 20;
    while (content.bytes.size() <= limit) {
        const std::size_t before = content.bytes.size();
        content.bytes.resize(before + std::min(step, limit + 1 - before));
        const zip_int64_t count =
            zip_fread(file.get(), content.bytes.data() + before, content.bytes.size() - before);
        content.bytes.resize(before + static_cast<std::size_t>(std::max<zip_int64_t>(count, 0)));
        if (count < 0) {
            if (zip_error_code_zip(zip_file_get_error(file.get())) == ZIP_ER_CRC) {
                content.checksumHolds = false;
                return content;
            }
            return fail(ErrorCode::UnusableFile,
                        std::string("The record cannot be read: ") + zip_file_strerror(file.get()),
                        described.name);
        }
        if (count == 0)
            return content;
    }
    return fail(ErrorCode::UnusableFile, "The record is larger than the directory says.",
                described.name);
}

} // namespace jitscope::archive
