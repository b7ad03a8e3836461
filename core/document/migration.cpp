#include "core/document/migration_p.h"

#include "core/document/schema.h"

#include <fmt/format.h>

namespace jitscope::document {

namespace {

// Version 3 added observed_type, problem and archive_record.
constexpr int oldestReadable = 2;

} // namespace

bool isReadable(int version)
{
    return version >= oldestReadable && version <= schemaVersion;
}

void migrate(SQLite::Database& database)
{
    SQLite::Transaction transaction(database);
    database.exec(ddl());
    database.exec(fmt::format("PRAGMA user_version = {}", schemaVersion));
    transaction.commit();
}

} // namespace jitscope::document
