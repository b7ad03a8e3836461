#include "core/document/writer.h"

#include "core/document/graph_store.h"
#include "core/document/interrupted_runs_p.h"
#include "core/document/migration_p.h"
#include "core/document/schema.h"
#include "core/document/sqlite_row_p.h"
#include "core/ir/codec.h"
#include "core/ir/tensor_role.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace jitscope::document {

namespace {

// Frames before the WAL is copied into the file: larger than SQLite's 1000, so that a recording is
// not held up.
constexpr int walAutocheckpoint = 8000;

// A chain of graphs stored against each other is cut here, so that reading one never costs more
// than this many.
constexpr int maximumChain = 8;

std::string jsonList(const std::vector<std::int64_t>& values)
{
    return fmt::format("[{}]", fmt::join(values, ", "));
}

// Whether a file at the place of a new document is one itself, or empty. A slip of the hand such as
// giving the model as the output must not cost the model.
bool mayBeReplaced(const std::filesystem::path& path)
{
    constexpr std::string_view sqliteMagic("SQLite format 3\0", 16);
    constexpr std::size_t applicationIdOffset =
        68; // of the header: https://sqlite.org/fileformat2.html
    std::array<char, applicationIdOffset + 4> header{};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return false;
    file.read(header.data(), header.size());
    if (file.gcount() == 0)
        return true;
    std::uint32_t id = 0;
    for (std::size_t i = applicationIdOffset; i < header.size(); ++i)
        id = id << 8 | static_cast<unsigned char>(header[i]);
    return std::string_view(header.data(), sqliteMagic.size()) == sqliteMagic &&
           id == static_cast<std::uint32_t>(applicationId);
}

std::int64_t rowId(std::uint32_t id)
{
    return id == ir::none ? 0 : std::int64_t{id} + 1;
}

} // namespace

class Writer::Implementation
{
public:
    Implementation(const std::filesystem::path& path, int flags)
        : m_path(path), m_database(path.string(), flags, 5000 /* ms to wait for a lock */)
    {}

    // A document that is done is one file, that readers leave without anything beside it. While
    // another has it open it stays as it is, and works as well.
    ~Implementation()
    {
        m_statements.clear();
        try {
            m_database.setBusyTimeout(0);
            forgetWriter();
            m_database.exec("PRAGMA journal_mode = DELETE");
        } catch (const SQLite::Exception&) {
        }
    }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;

    // Sets what a connection that writes needs. It changes the file, so it is only for documents.
    void prepareForWriting()
    {
        m_database.exec("PRAGMA journal_mode = WAL");
        m_database.exec("PRAGMA synchronous = NORMAL");
        m_database.exec(fmt::format("PRAGMA wal_autocheckpoint = {}", walAutocheckpoint));
    }

    void createSchema()
    {
        prepareForWriting();
        SQLite::Transaction transaction(m_database);
        m_database.exec(ddl());
        m_database.exec(fmt::format("PRAGMA application_id = {}", applicationId));
        m_database.exec(fmt::format("PRAGMA user_version = {}", schemaVersion));
        insert(NameRow{0, ""});
        insert(InfoRow{writerFact, thisProcess()});
        transaction.commit();
        m_names.emplace("", 0);
    }

    // This process becomes the writer. What another one was recording when it died is over.
    void takeOver()
    {
        SQLite::Transaction transaction(m_database);
        if (!hasWriter(m_database))
            settleInterruptedRuns(m_database);
        SQLite::Statement statement(m_database, "REPLACE INTO info (name, value) VALUES (?, ?)");
        statement.bind(1, writerFact);
        statement.bind(2, thisProcess());
        statement.exec();
        transaction.commit();
    }

    // What the file holds becomes what this writer believes.
    void readState()
    {
        m_names.clear();
        m_keys.clear();
        m_last = {};
        SQLite::Statement names(m_database, "SELECT id, text FROM name");
        while (names.executeStep())
            m_names.emplace(names.getColumn(1).getString(), names.getColumn(0).getInt64());
        SQLite::Statement nodes(m_database, "SELECT key FROM node");
        while (nodes.executeStep())
            m_keys.insert(static_cast<ir::NodeKey>(nodes.getColumn(0).getInt64()));
    }

    template <typename Row>
    std::int64_t insert(const Row& row)
    {
        SQLite::Statement& statement = prepared(insertStatement<Row>());
        bindRow(statement, row);
        statement.exec();
        statement.reset();
        return m_database.getLastInsertRowid();
    }

    std::int64_t name(std::string_view text)
    {
        if (const auto found = m_names.find(std::string(text)); found != m_names.end())
            return found->second;
        NameRow row;
        row.id = static_cast<std::int64_t>(m_names.size());
        row.text = text;
        insert(row);
        m_names.emplace(row.text, row.id);
        return row.id;
    }

    std::int64_t addGraph(const ir::Graph& graph, std::int64_t base)
    {
        std::vector<std::byte> encoded = ir::encode(graph);
        if (m_last.id != base)
            base = 0; // only the graph written last is at hand to compress against; others start a
                      // chain
        const bool chain = base != 0 && m_last.depth < maximumChain;
        const GraphRow row =
            packGraph(graph, encoded, chain ? m_last.encoded : std::vector<std::byte>{}, base);
        const std::int64_t id = insert(row);
        m_last = {id, std::move(encoded), chain ? m_last.depth + 1 : 0};
        return id;
    }

    // The encoded graph of a stage becomes the one to compress against.
    void rememberBase(std::int64_t graph)
    {
        if (graph == 0 || m_last.id == graph)
            return;
        int depth = 0;
        std::optional<std::vector<std::byte>> encoded = encodedGraph(graph, depth);
        if (encoded)
            m_last = {graph, std::move(*encoded), depth};
    }

    // `lines` in order of node.
    void addNodes(const ir::Graph& graph, std::int64_t stage,
                  std::span<const ir::CodeLine> lines = {})
    {
        for (const ir::Node& node : graph.nodes) {
            if (node.key != 0 && m_keys.insert(node.key).second)
                addNode(graph, node, stage, lines);
        }
        for (const ir::Graph& subgraph : graph.subgraphs)
            addNodes(subgraph, stage, lines);
    }

    SQLite::Statement& prepared(const std::string& sql)
    {
        auto found = m_statements.find(sql);
        if (found == m_statements.end())
            found = m_statements.emplace(sql, std::make_unique<SQLite::Statement>(m_database, sql))
                        .first;
        return *found->second;
    }

    // Runs `work` in a transaction; what SQLite throws becomes an Error, and nothing of the work
    // stays, neither in the file nor in what the writer remembers of it.
    template <typename Work>
    auto transact(Work work) -> Result<decltype(work())>
    {
        try {
            SQLite::Transaction transaction(m_database);
            if constexpr (std::is_void_v<decltype(work())>) {
                work();
                transaction.commit();
                return {};
            } else {
                auto value = work();
                transaction.commit();
                return value;
            }
        } catch (const SQLite::Exception& exception) {
            forgetFailedWork();
            return fail(ErrorCode::UnusableFile,
                        fmt::format("The document cannot be written: {}.", exception.what()),
                        m_path.string(),
                        "Check that the disk has room and that the folder may be written.");
        }
    }

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    SQLite::Database& database() { return m_database; }

private:
    void forgetWriter()
    {
        SQLite::Statement statement(m_database, "DELETE FROM info WHERE name = ? AND value = ?");
        statement.bind(1, writerFact);
        statement.bind(2, thisProcess());
        statement.exec();
    }

    void forgetFailedWork()
    {
        m_statements.clear();
        try {
            readState();
        } catch (const SQLite::Exception&) {
            // The file cannot even be read any more: every later call will say so.
            m_names.clear();
        }
    }

    struct Encoded
    {
        std::int64_t id = 0;
        std::vector<std::byte> encoded;
        int depth = 0; // how many graphs must be read before it
    };

    std::optional<std::vector<std::byte>> encodedGraph(std::int64_t id, int& depth)
    {
        SQLite::Statement query(m_database,
                                "SELECT " + columnList<GraphRow>() + " FROM graph WHERE id = ?");
        query.bind(1, id);
        if (depth > maximumChain || !query.executeStep())
            return std::nullopt;
        const auto row = readRow<GraphRow>(query);
        std::vector<std::byte> base;
        if (row.base != 0) {
            std::optional<std::vector<std::byte>> found = encodedGraph(row.base, ++depth);
            if (!found)
                return std::nullopt;
            base = std::move(*found);
        }
        Result<std::vector<std::byte>> encoded = unpackGraph(row, base);
        return encoded ? std::optional(std::move(*encoded)) : std::nullopt;
    }

    void addNode(const ir::Graph& graph, const ir::Node& node, std::int64_t stage,
                 std::span<const ir::CodeLine> lines)
    {
        NodeRow row;
        row.key = node.key;
        row.kind = name(graph.kind(node));
        row.module_path = name(graph.text(node.modulePath));
        row.function = name(graph.text(node.function));
        row.ordinal = node.ordinal == ir::none ? -1 : std::int64_t{node.ordinal};
        row.file = name(graph.text(node.source.file));
        row.line = node.source.line;
        row.column = node.source.column;
        row.stage = stage;
        const auto at = std::lower_bound(
            lines.begin(), lines.end(), node.key,
            [](const ir::CodeLine& line, ir::NodeKey key) { return line.node < key; });
        if (at != lines.end() && at->node == node.key) {
            row.code = rowId(at->file);
            row.code_line = at->line;
        }
        insert(row);
        std::unordered_set<ir::NodeKey> seen;
        for (const ir::NodeKey origin : graph.originsOf(node)) {
            if (seen.insert(origin).second)
                insert(NodeOriginRow{node.key, origin});
        }
    }

    std::filesystem::path m_path;
    SQLite::Database m_database;
    std::map<std::string, std::unique_ptr<SQLite::Statement>> m_statements;
    std::unordered_map<std::string, std::int64_t> m_names;
    std::unordered_set<ir::NodeKey> m_keys;
    Encoded m_last;
};

Writer::Writer(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::create(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !mayBeReplaced(path)) {
        return fail(
            ErrorCode::UnusableFile, "There is another file where the document is to be written.",
            path.string(),
            "Only a Jitscope document is replaced: choose another name, or remove the file.");
    }
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(path.string() + suffix, ignored);
    try {
        auto implementation =
            std::make_unique<Implementation>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        implementation->createSchema();
        return Writer(std::move(implementation));
    } catch (const SQLite::Exception& exception) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The document cannot be created: {}.", exception.what()),
                    path.string(), "Choose a folder that exists and may be written.");
    }
}

Result<Writer> Writer::open(const std::filesystem::path& path)
{
    try {
        auto implementation = std::make_unique<Implementation>(path, SQLite::OPEN_READWRITE);
        if (implementation->database().execAndGet("PRAGMA application_id").getInt() !=
            applicationId) {
            return fail(ErrorCode::UnusableFile, "This is a database of another program.",
                        path.string(), "Open the model file itself to make a new document.");
        }
        const int version = implementation->database().execAndGet("PRAGMA user_version").getInt();
        if (!isReadable(version)) {
            return fail(ErrorCode::UnusableFile, "The document has another version of the format.",
                        fmt::format("{}: version {}, this program writes {}", path.string(),
                                    version, schemaVersion),
                        "Open the model again to make a new document.");
        }
        implementation->prepareForWriting();
        if (version < schemaVersion)
            migrate(implementation->database());
        implementation->takeOver();
        implementation->readState();
        return Writer(std::move(implementation));
    } catch (const SQLite::Exception& exception) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The document cannot be opened for writing: {}.", exception.what()),
                    path.string(),
                    "Check that the file is a Jitscope document and may be written.");
    }
}

Result<void> Writer::setInfo(std::string_view name, std::string_view value)
{
    return m_implementation->transact([&] {
        SQLite::Statement& statement =
            m_implementation->prepared("INSERT INTO info (name, value) VALUES (?, ?) ON CONFLICT "
                                       "(name) DO UPDATE SET value = excluded.value");
        statement.bind(1, std::string(name));
        statement.bind(2, std::string(value));
        statement.exec();
        statement.reset();
    });
}

Result<void> Writer::writeProgram(const ir::Program& program)
{
    Implementation& out = *m_implementation;
    return out.transact([&] {
        StageRow loaded;
        loaded.id = 1;
        loaded.kind = "loaded";
        loaded.label = "loaded";
        loaded.arguments = "{}";
        out.insert(loaded);
        for (ir::FunctionId id = 0; id < program.functions.size(); ++id) {
            const ir::Function& function = program.functions[id];
            const std::int64_t graph = out.addGraph(function.graph, 0);
            out.insert(FunctionRow{rowId(id), function.name, function.schema,
                                   function.isMethod ? 1 : 0, graph});
            out.addNodes(function.graph, loaded.id, program.codeLines);
        }
        for (ir::ModuleId id = 0; id < program.modules.size(); ++id) {
            const ir::Module& module = program.modules[id];
            out.insert(ModuleRow{rowId(id), rowId(module.parent), module.path, module.className,
                                 module.typeName});
            for (const ir::Method& method : module.methods)
                out.insert(MethodRow{rowId(id), method.name, rowId(method.function)});
        }
        for (const ir::Tensor& tensor : program.tensors) {
            out.insert(TensorRow{0, tensor.name, std::string(ir::roleName(tensor.role)),
                                 tensor.dtype, tensor.device, jsonList(tensor.shape),
                                 jsonList(tensor.strides), static_cast<std::int64_t>(tensor.bytes),
                                 tensor.storage, static_cast<std::int64_t>(tensor.storageBytes),
                                 tensor.storageOffset, tensor.layout, tensor.quantization,
                                 tensor.requiresGrad ? 1 : 0});
        }
        for (const ir::CallCandidate& candidate : program.candidates)
            out.insert(CallCandidateRow{candidate.call, rowId(candidate.function)});
        for (const ir::MissingOperator& missing : program.missingOperators) {
            out.insert(MissingOperatorRow{missing.name, missing.library, missing.isGuessed ? 1 : 0,
                                          static_cast<std::int64_t>(missing.calls),
                                          missing.firstCall, missing.neededBy});
        }
        for (std::size_t i = 0; i < program.code.size(); ++i)
            out.insert(CodeRow{rowId(static_cast<std::uint32_t>(i)), program.code[i].record,
                               program.code[i].text});
        for (const ir::SourceFragment& source : program.sources)
            out.insert(SourceRow{0, source.file, source.firstLine, source.text});
    });
}

Result<void> Writer::writeFile(std::span<const ProblemRow> problems,
                               std::span<const ArchiveRecordRow> records)
{
    Implementation& out = *m_implementation;
    return out.transact([&] {
        out.database().exec("DELETE FROM problem");
        out.database().exec("DELETE FROM archive_record");
        std::int64_t id = 0;
        for (ProblemRow row : problems) {
            row.id = ++id;
            out.insert(row);
        }
        id = 0;
        for (ArchiveRecordRow row : records) {
            row.id = ++id;
            out.insert(row);
        }
    });
}

Result<void> Writer::writeTensorStatistics(std::span<const TensorStatisticsRow> rows,
                                           std::span<const TensorChannelRow> channels)
{
    Implementation& out = *m_implementation;
    return out.transact([&] {
        for (const TensorStatisticsRow& row : rows) {
            for (const char* sql : {"DELETE FROM tensor_statistics WHERE tensor = ?",
                                    "DELETE FROM tensor_channel WHERE tensor = ?"}) {
                SQLite::Statement& remove = out.prepared(sql);
                remove.bind(1, row.tensor);
                remove.exec();
                remove.reset();
            }
            out.insert(row);
        }
        for (const TensorChannelRow& channel : channels)
            out.insert(channel);
    });
}

Result<std::int64_t> Writer::addStage(StageRow row, const ir::Graph& graph)
{
    Implementation& out = *m_implementation;
    return out.transact([&] {
        row.id = out.database().execAndGet("SELECT coalesce(max(id), 0) + 1 FROM stage").getInt64();
        SQLite::Statement parent(out.database(), "SELECT graph FROM stage WHERE id = ?");
        parent.bind(1, row.parent);
        const std::int64_t base = parent.executeStep() ? parent.getColumn(0).getInt64() : 0;
        out.rememberBase(base);
        row.graph = out.addGraph(graph, base);
        out.addNodes(graph, row.id);
        out.insert(row);
        return row.id;
    });
}

Result<std::int64_t> Writer::addRun(const RunRow& row)
{
    RunRow fresh = row;
    fresh.id = 0;
    return m_implementation->transact([&] { return m_implementation->insert(fresh); });
}

Result<void> Writer::updateRun(const RunRow& row)
{
    return m_implementation->transact([&] {
        SQLite::Statement remove(m_implementation->database(), "DELETE FROM run WHERE id = ?");
        remove.bind(1, row.id);
        remove.exec();
        m_implementation->insert(row);
    });
}

template <typename Row>
Result<void> Writer::add(std::span<const Row> rows)
{
    return m_implementation->transact([&] {
        for (const Row& row : rows)
            m_implementation->insert(row);
    });
}

template Result<void> Writer::add(std::span<const IterationRow>);
template Result<void> Writer::add(std::span<const ObservedTypeRow>);
template Result<void> Writer::add(std::span<const NodeChunkRow>);
template Result<void> Writer::add(std::span<const RuntimeRow>);
template Result<void> Writer::add(std::span<const KernelRow>);
template Result<void> Writer::add(std::span<const MemcpyRow>);
template Result<void> Writer::add(std::span<const MemsetRow>);
template Result<void> Writer::add(std::span<const SynchronizationRow>);

Result<std::int64_t> Writer::stringId(std::string_view value)
{
    return m_implementation->transact([&]() -> std::int64_t {
        SQLite::Statement& query =
            m_implementation->prepared("SELECT id FROM StringIds WHERE value = ?");
        query.bind(1, std::string(value));
        const bool found = query.executeStep();
        const std::int64_t id = found ? query.getColumn(0).getInt64() : 0;
        query.reset();
        return found ? id : m_implementation->insert(StringIdsRow{0, std::string(value)});
    });
}

const std::filesystem::path& Writer::path() const
{
    return m_implementation->path();
}

} // namespace jitscope::document
