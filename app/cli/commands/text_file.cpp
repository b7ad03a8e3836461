#include "app/cli/commands/text_file.h"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace jitscope::cli {

Result<void> writeTextFile(const std::filesystem::path& file, std::string_view text)
{
    const auto failed = [&file](int error) {
        return fail(ErrorCode::UnusableFile, "The file cannot be written.",
                    fmt::format("{}: {}", file.string(), std::strerror(error)),
                    "Choose a folder that is there and may be written.");
    };
    std::error_code error;
    // A pipe or a device is written to as it is: it cannot be replaced.
    if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error)) {
        if (std::filesystem::is_directory(file, error))
            return failed(EISDIR);
        std::ofstream stream(file, std::ios::binary);
        stream.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
        if (!stream)
            return failed(errno);
        return {};
    }
    std::filesystem::path part = file;
    part += fmt::format(".{}.part", getpid());
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) {
        const int reason = errno;
        std::filesystem::remove(part, error);
        return failed(reason);
    }
    std::filesystem::rename(part, file, error);
    if (error) {
        const int reason = error.value();
        std::filesystem::remove(part, error);
        return failed(reason);
    }
    return {};
}

Result<std::string> readTextFile(const std::filesystem::path& file, std::size_t limit)
{
    std::ifstream stream(file, std::ios::binary);
    std::string text(limit + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad()) {
        return fail(ErrorCode::UnusableFile, "The file cannot be read.",
                    fmt::format("{}: {}", file.string(), std::strerror(errno)),
                    "Check the name and the rights.");
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > limit) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The file is larger than the {} bytes that are read of it.", limit),
                    file.string(), "Check whether it is the right one.");
    }
    return text;
}

std::filesystem::path folderOf(const std::filesystem::path& file)
{
    if (file.empty())
        return {};
    std::error_code ignored;
    return std::filesystem::absolute(file, ignored).parent_path();
}

} // namespace jitscope::cli
