// Documents of older versions. Private to core/document.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

namespace jitscope::document {

// Whether this program can read a document with that PRAGMA user_version: it lacks at most whole
// tables, which read as empty.
[[nodiscard]] bool isReadable(int version);

// Brings a readable document up to this version: adds what it lacks.
void migrate(SQLite::Database& database);

} // namespace jitscope::document
