#include "views/model/document_reading_p.h"

#include "core/ir/counts.h"

#include <string>

namespace jitscope::views {

namespace {

// Reads a table into `rows`; false with the reason in `error` when it cannot be read.
template <typename Row>
bool readTable(const document::Reader& reader, std::vector<Row>& rows, Error& error)
{
    Result<std::vector<Row>> read = reader.rows<Row>();
    if (!read) {
        error = read.error();
        return false;
    }
    rows = std::move(*read);
    return true;
}

} // namespace

Result<std::shared_ptr<const DocumentContent>> readContent(const document::Reader& reader)
{
    auto content = std::make_shared<DocumentContent>();
    Error error;
    const bool complete =
        readTable(reader, content->info, error) && readTable(reader, content->modules, error) &&
        readTable(reader, content->methods, error) &&
        readTable(reader, content->functions, error) &&
        readTable(reader, content->tensors, error) && readTable(reader, content->code, error) &&
        readTable(reader, content->sources, error) &&
        readTable(reader, content->candidates, error) &&
        readTable(reader, content->missingOperators, error) &&
        readTable(reader, content->problems, error) && readTable(reader, content->records, error);
    if (!complete)
        return tl::unexpected(error);
    return content;
}

Result<DocumentState> readState(const document::Reader& reader)
{
    DocumentState state;
    Error error;
    if (!readTable(reader, state.stages, error) || !readTable(reader, state.runs, error))
        return tl::unexpected(error);
    Result<document::NodeIndex> index = document::NodeIndex::read(reader);
    if (!index)
        return tl::unexpected(index.error());
    state.nodeIndex = std::make_shared<const document::NodeIndex>(std::move(*index));
    return state;
}

Result<NodeCounts> countNodes(const document::Reader& reader,
                              const std::vector<std::int64_t>& graphs)
{
    NodeCounts counts;
    for (const std::int64_t id : graphs) {
        const Result<std::shared_ptr<const ir::Graph>> graph = reader.graph(id);
        if (!graph)
            return tl::unexpected(graph.error());
        counts.nodes += ir::count(**graph).nodes;
        for (const auto& [kind, count] : ir::countKinds(**graph))
            counts.kinds[kind] += count;
    }
    return counts;
}

Result<std::shared_ptr<const TensorStatistics>> readTensorStatistics(const document::Reader& reader)
{
    auto rows = std::make_shared<TensorStatistics>();
    Error error;
    if (!readTable(reader, *rows, error))
        return tl::unexpected(error);
    return rows;
}

Result<std::vector<document::TensorChannelRow>> readTensorChannels(const document::Reader& reader,
                                                                   std::int64_t tensor)
{
    return reader.rows<document::TensorChannelRow>("WHERE tensor = " + std::to_string(tensor) +
                                                   " ORDER BY channel");
}

} // namespace jitscope::views
