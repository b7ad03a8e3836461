#include "core/document/copy.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

namespace jitscope::document {

namespace {

tl::unexpected<Error> failed(std::string_view reason, const std::filesystem::path& to)
{
    return fail(ErrorCode::UnusableFile,
                fmt::format("The document could not be saved: {}.", reason), to.string(),
                "Check that the folder exists and may be written, and that the disk has room.");
}

} // namespace

Result<void> copyDocument(const std::filesystem::path& from, const std::filesystem::path& to)
{
    std::filesystem::path partial = to;
    partial += ".partial";
    std::error_code error;
    std::filesystem::remove(partial, error);
    try {
        SQLite::Database source(from.string(), SQLite::OPEN_READONLY,
                                5000 /* ms to wait for a lock */);
        SQLite::Database target(partial.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        SQLite::Backup(target, source).executeStep();
        // One file that can be sent on; a writer switches back.
        target.exec("PRAGMA journal_mode = DELETE");
    } catch (const SQLite::Exception& exception) {
        std::filesystem::remove(partial, error);
        return failed(exception.what(), to);
    }
    std::filesystem::rename(partial, to, error);
    if (error) {
        const std::string reason = error.message();
        std::filesystem::remove(partial, error);
        return failed(reason, to);
    }
    for (const char* suffix : {"-wal", "-shm"}) // of the file that was replaced
        std::filesystem::remove(to.string() + suffix, error);
    return {};
}

} // namespace jitscope::document
