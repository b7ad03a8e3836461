// A run that was being recorded when its engine died keeps the state `recording`. The document says
// which process writes it, so that readers can tell such a run from one that goes on. Private to
// core/document.
#pragma once

#include "core/document/rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>

namespace jitscope::document {

// Fact of the table `info`; there while a writer has the document open, or after it died.
inline constexpr const char* writerFact = "writer";

// This process, in a form that no other process of this machine ever has.
[[nodiscard]] std::string thisProcess();
// False for one of another machine or of an earlier boot: nobody writes a copy.
[[nodiscard]] bool isAlive(std::string_view process);

// Whether the process that wrote the document last still has it open.
[[nodiscard]] bool hasWriter(SQLite::Database& database);

// What a run whose writer is gone reads as. `recorded` is the number of its stored slices.
void becomeInterrupted(RunRow& run, std::int64_t recorded);
[[nodiscard]] std::int64_t recordedSlices(SQLite::Database& database, std::int64_t run);
// Makes that of all runs that are in the state `recording`.
void settleInterruptedRuns(SQLite::Database& database);

} // namespace jitscope::document
