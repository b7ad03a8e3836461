#include "core/document/reader.h"

#include "core/document/graph_store.h"
#include "core/document/interrupted_runs_p.h"
#include "core/document/migration_p.h"
#include "core/document/schema.h"
#include "core/document/sqlite_row_p.h"
#include "core/ir/codec.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cctype>
#include <iterator>
#include <optional>
#include <type_traits>
#include <unordered_map>

namespace jitscope::document {

namespace {

constexpr int maximumBaseDepth = 64;

Error notADocument(const std::filesystem::path& path, std::string detail)
{
    return {ErrorCode::UnusableFile,
            fmt::format("This is not a readable Jitscope document: {}.", detail), path.string(),
            "Open the model file itself to make a new document."};
}

// SQLite's name for a file that nobody writes. In it, everything but plain characters is escaped.
std::string immutableUri(const std::filesystem::path& path)
{
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(path).string()) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '/' || c == '.' || c == '-' || c == '_')
            uri += c;
        else
            fmt::format_to(std::back_inserter(uri), "%{:02X}", byte);
    }
    return uri + "?mode=ro&immutable=1";
}

std::string cell(const SQLite::Column& column)
{
    return column.isBlob() ? fmt::format("<{} bytes>", column.getBytes()) : column.getString();
}

SqlValue valueOf(const SQLite::Column& column)
{
    switch (column.getType()) {
    case SQLITE_INTEGER:
        return column.getInt64();
    case SQLITE_FLOAT:
        return column.getDouble();
    case SQLITE_TEXT:
        return column.getString();
    case SQLITE_BLOB:
        return SqlBlob{static_cast<std::size_t>(column.getBytes())};
    default:
        return {};
    }
}

template <typename Table, typename Convert>
Result<Table> readTable(const SQLite::Database& database, std::string_view sql, std::size_t limit,
                        Convert convert)
{
    try {
        SQLite::Statement statement(database, std::string(sql));
        Table table;
        for (int i = 0; i < statement.getColumnCount(); ++i)
            table.columns.emplace_back(statement.getColumnName(i));
        while (statement.executeStep()) {
            if (limit != 0 && table.rows.size() == limit) {
                return fail(ErrorCode::InvalidArgument,
                            fmt::format("The query gives more than {} rows.", limit), {},
                            "Add a LIMIT.");
            }
            auto& row = table.rows.emplace_back();
            row.reserve(table.columns.size());
            for (int i = 0; i < statement.getColumnCount(); ++i)
                row.push_back(convert(statement.getColumn(i)));
        }
        return table;
    } catch (const SQLite::Exception& exception) {
        if (exception.getErrorCode() == SQLITE_READONLY) {
            return fail(ErrorCode::InvalidArgument,
                        "The statement would change the document, which is only read here.",
                        std::string(sql),
                        "Ask with SELECT; passes and runs are added with `jitscope-cli passes` and "
                        "`profile`, or in the window.");
        }
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The query failed: {}.", exception.what()), std::string(sql),
                    "docs/document-format.md lists the tables and columns.");
    }
}

} // namespace

class Reader::Implementation
{
public:
    Implementation(const std::filesystem::path& path, Access access)
        : m_path(path),
          m_database(access == Access::Shared ? path.string() : immutableUri(path),
                     SQLite::OPEN_READONLY | (access == Access::Shared ? 0 : SQLite::OPEN_URI),
                     5000 /* ms to wait for a lock */)
    {}

    SQLite::Database& database() { return m_database; }
    // Of an older version: a table may be missing.
    [[nodiscard]] bool isOlder() const { return m_isOlder; }
    void setOlder(bool isOlder) { m_isOlder = isOlder; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    template <typename Work>
    auto guarded(Work work) -> Result<decltype(work())>
    {
        try {
            return work();
        } catch (const SQLite::Exception& exception) {
            return fail(ErrorCode::UnusableFile,
                        fmt::format("The document cannot be read: {}.", exception.what()),
                        m_path.string(), "Open the model again to make a new document.");
        }
    }

    Result<std::vector<std::byte>> encoded(std::int64_t id, int depth)
    {
        SQLite::Statement query(m_database,
                                "SELECT " + columnList<GraphRow>() + " FROM graph WHERE id = ?");
        query.bind(1, id);
        if (depth > maximumBaseDepth || !query.executeStep()) {
            return fail(ErrorCode::UnusableFile, "A graph is missing in the document.",
                        fmt::format("graph {}", id),
                        "Open the model again to make a new document.");
        }
        const auto row = readRow<GraphRow>(query);
        if (row.base == 0)
            return unpackGraph(row, {});
        const Result<std::vector<std::byte>> base = encoded(row.base, depth + 1);
        return base ? unpackGraph(row, *base) : base;
    }

    void findInterrupted(std::vector<RunRow>& runs)
    {
        std::optional<bool> isWritten;
        for (RunRow& run : runs) {
            if (run.state != "recording")
                continue;
            if (!isWritten)
                isWritten = hasWriter(m_database);
            if (!*isWritten)
                becomeInterrupted(run, recordedSlices(m_database, run.id));
        }
    }

    std::unordered_map<std::int64_t, std::shared_ptr<const ir::Graph>> graphs;

private:
    std::filesystem::path m_path;
    SQLite::Database m_database;
    bool m_isOlder = false;
};

Reader::Reader(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::filesystem::path& path)
{
    Result<Reader> reader = open(path, Access::Shared);
    std::error_code ignored;
    if (reader || !std::filesystem::exists(path, ignored) ||
        std::filesystem::exists(path.string() + "-wal", ignored))
        return reader;
    // In a folder where SQLite may not put its index of the log, a document can still be read as
    // long as nobody writes it, and then there is no log.
    Result<Reader> immutable = open(path, Access::Immutable);
    return immutable ? std::move(immutable) : std::move(reader);
}

Result<Reader> Reader::open(const std::filesystem::path& path, Access access)
{
    try {
        auto implementation = std::make_unique<Implementation>(path, access);
        SQLite::Database& database = implementation->database();
        if (database.execAndGet("PRAGMA application_id").getInt() != applicationId)
            return tl::unexpected(notADocument(path, "it is a database of another program"));
        const int version = database.execAndGet("PRAGMA user_version").getInt();
        if (!isReadable(version)) {
            return fail(ErrorCode::UnusableFile, "The document has another version of the format.",
                        fmt::format("{}: version {}, this program reads {}", path.string(), version,
                                    schemaVersion),
                        version > schemaVersion ? "Open it with a newer Jitscope."
                                                : "Open the model again to make a new document.");
        }
        implementation->setOlder(version < schemaVersion);
        return Reader(std::move(implementation));
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected(notADocument(path, exception.what()));
    }
}

template <typename Row>
Result<std::vector<Row>> Reader::rows(std::string_view tail) const
{
    return m_implementation->guarded([&] {
        std::vector<Row> rows;
        SQLite::Database& database = m_implementation->database();
        if (m_implementation->isOlder() && !database.tableExists(std::string(Row::tableName)))
            return rows;
        SQLite::Statement query(database, fmt::format("SELECT {} FROM {} {}", columnList<Row>(),
                                                      Row::tableName,
                                                      tail.empty() ? "ORDER BY rowid" : tail));
        while (query.executeStep())
            rows.push_back(readRow<Row>(query));
        if constexpr (std::is_same_v<Row, RunRow>)
            m_implementation->findInterrupted(rows);
        return rows;
    });
}

#define JITSCOPE_READ_ROWS(Row, table, COLUMNS, constraints, meaning)                              \
    template Result<std::vector<Row>> Reader::rows(std::string_view) const;
JITSCOPE_TABLES(JITSCOPE_READ_ROWS)
#undef JITSCOPE_READ_ROWS

Result<std::string> Reader::info(std::string_view name) const
{
    return m_implementation->guarded([&] {
        SQLite::Statement query(m_implementation->database(),
                                "SELECT value FROM info WHERE name = ?");
        query.bind(1, std::string(name));
        return query.executeStep() ? query.getColumn(0).getString() : std::string();
    });
}

Result<std::shared_ptr<const ir::Graph>> Reader::graph(std::int64_t id) const
{
    if (const auto found = m_implementation->graphs.find(id);
        found != m_implementation->graphs.end())
        return found->second;
    Result<Result<std::vector<std::byte>>> read =
        m_implementation->guarded([&] { return m_implementation->encoded(id, 0); });
    if (!read)
        return tl::unexpected(read.error());
    if (!*read)
        return tl::unexpected(read->error());
    Result<ir::Graph> graph = ir::decode(**read);
    if (!graph)
        return tl::unexpected(graph.error());
    return m_implementation->graphs
        .emplace(id, std::make_shared<const ir::Graph>(std::move(*graph)))
        .first->second;
}

Result<std::vector<NamedNode>> Reader::nodes() const
{
    return m_implementation->guarded([&] {
        std::unordered_map<std::int64_t, std::string> names;
        SQLite::Statement nameQuery(m_implementation->database(), "SELECT id, text FROM name");
        while (nameQuery.executeStep())
            names.emplace(nameQuery.getColumn(0).getInt64(), nameQuery.getColumn(1).getString());
        SQLite::Statement query(m_implementation->database(),
                                "SELECT " + columnList<NodeRow>() + " FROM node ORDER BY key");
        std::vector<NamedNode> nodes;
        while (query.executeStep()) {
            const auto row = readRow<NodeRow>(query);
            nodes.push_back({static_cast<ir::NodeKey>(row.key), names[row.kind],
                             names[row.module_path], names[row.function], row.ordinal,
                             names[row.file], row.line, row.column, row.stage, row.code,
                             row.code_line});
        }
        return nodes;
    });
}

Result<std::vector<NodeChunkRow>> Reader::chunkSummaries(std::int64_t run) const
{
    return m_implementation->guarded([&] {
        SQLite::Statement query(m_implementation->database(),
                                "SELECT id, run, thread, t0, t1, longest, n, unit FROM node_chunk "
                                "WHERE run = ? ORDER BY thread, t0");
        query.bind(1, run);
        std::vector<NodeChunkRow> chunks;
        while (query.executeStep()) {
            NodeChunkRow row;
            int column = 0;
            for (std::int64_t* field : {&row.id, &row.run, &row.thread, &row.t0, &row.t1,
                                        &row.longest, &row.n, &row.unit})
                *field = query.getColumn(column++).getInt64();
            chunks.push_back(std::move(row));
        }
        return chunks;
    });
}

Result<NodeChunkRow> Reader::chunk(std::int64_t id) const
{
    Result<std::vector<NodeChunkRow>> found = rows<NodeChunkRow>(fmt::format("WHERE id = {}", id));
    if (!found)
        return tl::unexpected(found.error());
    if (found->empty()) {
        return fail(ErrorCode::UnusableFile, "A piece of the recording is missing in the document.",
                    fmt::format("chunk {}", id), "Record again.");
    }
    return std::move(found->front());
}

Result<SqlTable> Reader::query(std::string_view sql, std::size_t limit) const
{
    return readTable<SqlTable>(m_implementation->database(), sql, limit,
                               [](const SQLite::Column& column) { return cell(column); });
}

Result<SqlValues> Reader::queryValues(std::string_view sql, std::size_t limit) const
{
    return readTable<SqlValues>(m_implementation->database(), sql, limit,
                                [](const SQLite::Column& column) { return valueOf(column); });
}

const std::filesystem::path& Reader::path() const
{
    return m_implementation->path();
}

} // namespace jitscope::document
