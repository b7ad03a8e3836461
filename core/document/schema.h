// The schema of a document: its DDL, its version, and its description for docs/document-format.md.
#pragma once

#include <string>

namespace jitscope::document {

// PRAGMA user_version of the documents this version writes. From version 2 on older ones are read
// as they are, and brought up to this one by the first that writes them; newer ones are refused.
inline constexpr int schemaVersion = 3;

// PRAGMA application_id: "JSCP" in ASCII.
inline constexpr int applicationId = 0x4a534350;

// CREATE statements of all tables, views and indexes that are not there yet.
[[nodiscard]] std::string ddl();

// The Markdown page that documents every table and column.
[[nodiscard]] std::string formatPage();

} // namespace jitscope::document
