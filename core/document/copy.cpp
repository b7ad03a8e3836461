#include "core/document/copy.h"

#include "core/document/interrupted_runs_p.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <unistd.h>

namespace jitscope::document {

namespace {

// Between two looks at the cancel flag: about 8 MB.
constexpr int pagesInStep = 2048;

tl::unexpected<Error> failed(std::string_view reason, const std::filesystem::path& to)
{
    return fail(ErrorCode::UnusableFile,
                fmt::format("The document could not be saved: {}.", reason), to.string(),
                "Check that the folder exists and may be written, and that the disk has room.");
}

// False when it was cancelled.
bool copyPages(SQLite::Database& source, SQLite::Database& target, const JobContext& job)
{
    SQLite::Backup backup(target, source);
    while (backup.executeStep(pagesInStep) != SQLITE_DONE) {
        if (job.isCancelled())
            return false;
        const int total = backup.getTotalPageCount();
        const int done = total - backup.getRemainingPageCount();
        job.progress("copying", total == 0 ? -1 : static_cast<double>(done) / total);
    }
    return !job.isCancelled();
}

bool copyInto(const std::filesystem::path& partial, const std::filesystem::path& from,
              const JobContext& job)
{
    SQLite::Database source(from.string(), SQLite::OPEN_READONLY, 5000 /* ms to wait for a lock */);
    SQLite::Database target(partial.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // One transaction keeps the moment: without it, each write of the engine would make the copy
    // begin again.
    SQLite::Transaction moment(source);
    (void)source.execAndGet("SELECT count(*) FROM sqlite_master");
    if (!copyPages(source, target, job))
        return false;
    // One file that can be sent on; a writer switches back.
    target.exec("PRAGMA journal_mode = DELETE");
    if (target.tableExists("run") && target.tableExists("info")) {
        settleInterruptedRuns(target);
        SQLite::Statement forget(target, "DELETE FROM info WHERE name = ?");
        forget.bind(1, writerFact);
        forget.exec();
    }
    return true;
}

} // namespace

Result<void> copyDocument(const std::filesystem::path& from, const std::filesystem::path& to,
                          const JobContext& job)
{
    std::error_code error;
    if (std::filesystem::equivalent(from, to, error))
        return {};
    std::filesystem::path partial = to;
    partial += fmt::format(".{}.partial", getpid());
    const auto remove = [&partial] {
        std::error_code ignored;
        for (const char* suffix : {"", "-journal", "-wal", "-shm"})
            std::filesystem::remove(partial.string() + suffix, ignored);
    };
    remove();
    try {
        if (!copyInto(partial, from, job)) {
            remove();
            return cancelled();
        }
    } catch (const SQLite::Exception& exception) {
        remove();
        return failed(exception.what(), to);
    }
    std::filesystem::rename(partial, to, error);
    if (error) {
        remove();
        return failed(error.message(), to);
    }
    for (const char* suffix : {"-wal", "-shm"}) // of the file that was replaced
        std::filesystem::remove(to.string() + suffix, error);
    return {};
}

} // namespace jitscope::document
