// Writes a document. The engine is the only writer; one thread at a time may use a writer. Every
// function does its work in one transaction of its own, so a crash leaves a document that opens.
#pragma once

#include "core/document/rows.h"
#include "core/ir/program.h"
#include "core/support/result.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace jitscope::document {

class Writer
{
public:
    // Makes an empty document. A document (or an empty file) that is there is replaced; any other
    // file is left alone, which is an Error.
    [[nodiscard]] static Result<Writer> create(const std::filesystem::path& path);
    // Goes on with an existing document of this schema version.
    [[nodiscard]] static Result<Writer> open(const std::filesystem::path& path);

    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    [[nodiscard]] Result<void> setInfo(std::string_view name, std::string_view value);

    // The model as loaded: modules, methods, functions with their graphs, tensors, code, sources,
    // and the stage `loaded` with id 1.
    [[nodiscard]] Result<void> writeProgram(const ir::Program& program);

    // Replaces what the document says of the file it was made from. Ids of the rows are ignored.
    [[nodiscard]] Result<void> writeFile(std::span<const ProblemRow> problems,
                                         std::span<const ArchiveRecordRow> records);

    // Replaces what the document has of these tensors. Every channel is of one of them.
    [[nodiscard]] Result<void> writeTensorStatistics(std::span<const TensorStatisticsRow> rows,
                                                     std::span<const TensorChannelRow> channels);

    // Stores the graph against that of the parent stage, the nodes that are new in it with their
    // origins, and the stage. Returns its id. `row.id` and `row.graph` are ignored.
    [[nodiscard]] Result<std::int64_t> addStage(StageRow row, const ir::Graph& graph);

    // Returns the id; `row.id` is ignored.
    [[nodiscard]] Result<std::int64_t> addRun(const RunRow& row);
    // Replaces the run with the row's id.
    [[nodiscard]] Result<void> updateRun(const RunRow& row);

    // For IterationRow, ObservedTypeRow, NodeChunkRow, RuntimeRow, KernelRow, MemcpyRow, MemsetRow
    // and SynchronizationRow.
    template <typename Row>
    [[nodiscard]] Result<void> add(std::span<const Row> rows);

    // The id of a name in StringIds; makes it when it is not there yet.
    [[nodiscard]] Result<std::int64_t> stringId(std::string_view value);

    [[nodiscard]] const std::filesystem::path& path() const;

private:
    class Implementation;
    explicit Writer(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::document
