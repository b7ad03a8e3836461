#include "core/archive/flat_file_p.h"

#include "core/archive/file_signature_p.h"

#include <array>
#include <fstream>

namespace jitscope::archive {

bool isFlatFile(const std::filesystem::path& file)
{
    std::array<char, 8> head{};
    std::ifstream(file, std::ios::binary).read(head.data(), head.size());
    return isFlatModule({head.data(), head.size()});
}

Result<FlatFile> FlatFile::open(const std::filesystem::path& file)
{
    Result<MappedFile> mapped = MappedFile::open(file);
    if (!mapped)
        return tl::unexpected(mapped.error());
    const auto module = FlatModule::check(mapped->bytes());
    if (!module)
        return fail(ErrorCode::UnusableFile, module.error().message, file.string());
    return FlatFile(*std::move(mapped), *module);
}

} // namespace jitscope::archive
