// The schema of a document: its DDL, its version, and its description for docs/document-format.md.
#pragma once

#include <string>

namespace jitscope::document {

// PRAGMA user_version of the documents this version writes. Older ones are migrated forward in a
// copy, newer ones refused.
inline constexpr int schemaVersion = 2;

// PRAGMA application_id: "JSCP" in ASCII.
inline constexpr int applicationId = 0x4a534350;

// CREATE statements of all tables, views and indexes.
[[nodiscard]] std::string ddl();

// The Markdown page that documents every table and column.
[[nodiscard]] std::string formatPage();

} // namespace jitscope::document
