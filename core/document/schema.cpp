#include "core/document/schema.h"

#include "core/document/node_chunk.h"
#include "core/document/rows.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <span>

namespace jitscope::document {

namespace {

struct Column
{
    std::string_view name;
    std::string_view declaration;
    std::string_view meaning;
};

struct Table
{
    std::string_view name;
    std::vector<Column> columns;
    std::string_view constraints;
    std::string_view meaning;
};

std::vector<Table> tables()
{
#define JITSCOPE_COLUMN(type, name, declaration, meaning) Column{#name, declaration, meaning},
#define JITSCOPE_TABLE(Row, table, COLUMNS, constraints, meaning)                                  \
    Table{#table, {COLUMNS(JITSCOPE_COLUMN)}, constraints, meaning},
    return {JITSCOPE_TABLES(JITSCOPE_TABLE)};
#undef JITSCOPE_TABLE
#undef JITSCOPE_COLUMN
}

struct View
{
    std::string_view name;
    std::string_view meaning;
    std::string select;
};

// SQL that decodes the columns of node_chunk, so that any SQLite can read them. Functions of blobs
// are all SQLite has for it, and each of them copies the blob it is given: a chunk is cut into
// small pieces first, as hexadecimal digits, which makes the view 25 times faster.
constexpr std::uint32_t slicesInPiece = 64;
static_assert(chunkCapacity == slicesInPiece * slicesInPiece,
              "the view counts pieces and slices with one step");

std::string pieceOf(std::string_view column)
{
    return fmt::format("CAST(hex(substr(c.{0}, i * {1} + 1, {1})) AS BLOB) AS {0}", column,
                       slicesInPiece * 4);
}

// Number `i` of a piece: eight digits, the highest first.
std::string number(std::string_view column)
{
    constexpr std::string_view digits = "x'30313233343536373839414243444546'"; // 0 to F in ASCII
    std::string sum;
    for (int digit = 0; digit < 8; ++digit) {
        fmt::format_to(
            std::back_inserter(sum), "{}(instr({}, substr(p.{}, i * 8 + {}, 1)) - 1) * {}",
            digit == 0 ? "" : " + ", digits, column, digit + 1, 1LL << (4 * (7 - digit)));
    }
    return sum;
}

std::string sliceView()
{
    return fmt::format(
        "WITH RECURSIVE step(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM step WHERE i < {}),\n"
        "piece AS MATERIALIZED (\n"
        "  SELECT c.run, c.thread, c.t0, c.unit, c.n - i * {} AS n,\n"
        "         {},\n         {},\n         {},\n         {}\n"
        "  FROM node_chunk c JOIN step ON i * {} < c.n)\n"
        // The iteration is signed: warm-ups have negative numbers.
        "SELECT p.run, p.thread, ({} + 2147483648) % 4294967296 - 2147483648 AS iteration,\n"
        "       {} AS node,\n"
        "       p.t0 + ({}) * p.unit AS start,\n"
        "       ({}) * p.unit AS duration\n"
        "FROM piece p JOIN step ON i < p.n",
        slicesInPiece - 1, slicesInPiece, pieceOf("start"), pieceOf("duration"), pieceOf("node"),
        pieceOf("iteration"), slicesInPiece, number("iteration"), number("node"), number("start"),
        number("duration"));
}

std::vector<View> views()
{
    return {
        {"node_named",
         "The nodes with their names in full: key, kind, module_path, function, ordinal, file, "
         "line, column, stage, code, code_line.",
         "SELECT n.key, k.text AS kind, p.text AS module_path, f.text AS function, n.ordinal,\n"
         "       s.text AS file, n.line, n.column, n.stage, n.code, n.code_line\n"
         "FROM node n JOIN name k ON k.id = n.kind JOIN name p ON p.id = n.module_path\n"
         "            JOIN name f ON f.id = n.function JOIN name s ON s.id = n.file"},
        {"node_slice",
         "The executed nodes as rows: run, thread, iteration, node, start, duration (nanoseconds).",
         sliceView()},
    };
}

// What makes the common questions quick without slowing the writing down.
constexpr std::array indexes{
    std::string_view{"CREATE INDEX IF NOT EXISTS node_chunk_time ON node_chunk (run, thread, t0);"},
    std::string_view{"CREATE INDEX IF NOT EXISTS graph_hash ON graph (hash);"},
    std::string_view{"CREATE INDEX IF NOT EXISTS node_origin_reverse ON node_origin (origin);"},
};

} // namespace

std::string ddl()
{
    std::string text;
    for (const Table& table : tables()) {
        fmt::format_to(std::back_inserter(text), "CREATE TABLE IF NOT EXISTS {} (", table.name);
        bool first = true;
        for (const Column& column : table.columns) {
            fmt::format_to(std::back_inserter(text), "{}\"{}\" {}", first ? "" : ", ", column.name,
                           column.declaration);
            first = false;
        }
        fmt::format_to(std::back_inserter(text), "{});\n", table.constraints);
    }
    for (const View& view : views())
        fmt::format_to(std::back_inserter(text), "CREATE VIEW IF NOT EXISTS {} AS\n{};\n",
                       view.name, view.select);
    for (const std::string_view index : indexes)
        fmt::format_to(std::back_inserter(text), "{}\n", index);
    return text;
}

std::string formatPage()
{
    std::string text = fmt::format("# The document format\n\n"
                                   "<!-- Generated by jitscope-document-format from "
                                   "core/document/tables.h; do not edit. -->\n\n"
                                   "A document (`.jitscope`) is one SQLite 3 file in WAL mode. "
                                   "`PRAGMA application_id` is {} and\n"
                                   "`PRAGMA user_version` is {}. Any SQLite can read it; "
                                   "`jitscope-cli sql` does so without a server or a\n"
                                   "model. The engine is the only writer.\n\n",
                                   applicationId, schemaVersion);
    for (const Table& table : tables()) {
        fmt::format_to(std::back_inserter(text),
                       "## `{}`\n\n{}\n\n| column | type | meaning |\n| --- | --- | --- |\n",
                       table.name, table.meaning);
        for (const Column& column : table.columns) {
            fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} |\n", column.name,
                           column.declaration, column.meaning);
        }
        text += '\n';
    }
    text += "## Views\n\n| view | what it gives |\n| --- | --- |\n";
    for (const View& view : views())
        fmt::format_to(std::back_inserter(text), "| `{}` | {} |\n", view.name, view.meaning);
    return text;
}

} // namespace jitscope::document
