// Reads a document, while the engine may still be writing it. Opens the file read-only and trusts
// nothing in it. One reader belongs to one thread; open another for another thread.
#pragma once

#include "core/document/rows.h"
#include "core/ir/graph.h"
#include "core/support/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jitscope::document {

// A node with its names in full.
struct NamedNode
{
    ir::NodeKey key = 0;
    std::string kind;
    std::string modulePath;
    std::string function;
    std::int64_t ordinal = -1;
    std::string file;
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::int64_t stage = 0;
    std::int64_t code = 0;     // row of the table `code`; 0 for none
    std::int64_t codeLine = 0; // from 1
};

struct SqlTable
{
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>>
        rows; // NULL is the empty string; a blob is shown as <n bytes>
};

struct SqlBlob
{
    std::size_t bytes = 0;
    friend bool operator==(const SqlBlob&, const SqlBlob&) = default;
};
// As SQLite has it: NULL, integer, real, text or blob.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>;

struct SqlValues
{
    std::vector<std::string> columns;
    std::vector<std::vector<SqlValue>> rows;
};

class Reader
{
public:
    // Also works in a folder that may not be written.
    [[nodiscard]] static Result<Reader> open(const std::filesystem::path& path);

    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    // All rows of a table, in the order of their id or of insertion. `tail` is SQL after the
    // table's name, such as "WHERE run = 3 ORDER BY start"; it is for constants of the program,
    // never for text of a user. A run that is being recorded according to the table, while nobody
    // writes the document, is given in the state `interrupted`.
    template <typename Row>
    [[nodiscard]] Result<std::vector<Row>> rows(std::string_view tail = {}) const;

    // The value of one fact of the table `info`; empty if it is not there.
    [[nodiscard]] Result<std::string> info(std::string_view name) const;

    // Graphs are immutable: the reader keeps those it has decoded.
    [[nodiscard]] Result<std::shared_ptr<const ir::Graph>> graph(std::int64_t id) const;

    [[nodiscard]] Result<std::vector<NamedNode>> nodes() const;

    // The chunks of a run without their columns, in order of thread and time.
    [[nodiscard]] Result<std::vector<NodeChunkRow>> chunkSummaries(std::int64_t run) const;
    [[nodiscard]] Result<NodeChunkRow> chunk(std::int64_t id) const;

    // Runs one statement that only reads. Stops with an Error when `limit` rows are reached (0: no
    // limit).
    [[nodiscard]] Result<SqlTable> query(std::string_view sql, std::size_t limit = 0) const;

    // The same with the values as SQLite has them.
    [[nodiscard]] Result<SqlValues> queryValues(std::string_view sql, std::size_t limit = 0) const;

    [[nodiscard]] const std::filesystem::path& path() const;

private:
    class Implementation;
    enum class Access
    {
        Shared,
        Immutable
    };
    static Result<Reader> open(const std::filesystem::path& path, Access access);
    explicit Reader(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::document
