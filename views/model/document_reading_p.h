// What is read from a document at once, on the reading thread. Private to views/model.
#pragma once

#include "views/model/document_model.h"

namespace jitscope::views {

// The part that grows: stages, runs, nodes.
struct DocumentState
{
    std::vector<document::StageRow> stages;
    std::vector<document::RunRow> runs;
    std::shared_ptr<const document::NodeIndex> nodeIndex;
};

using TensorStatistics = std::vector<document::TensorStatisticsRow>;

[[nodiscard]] Result<std::shared_ptr<const DocumentContent>>
readContent(const document::Reader& reader);
[[nodiscard]] Result<DocumentState> readState(const document::Reader& reader);
[[nodiscard]] Result<NodeCounts> countNodes(const document::Reader& reader,
                                            const std::vector<std::int64_t>& graphs);
[[nodiscard]] Result<std::shared_ptr<const TensorStatistics>>
readTensorStatistics(const document::Reader& reader);
[[nodiscard]] Result<std::vector<document::TensorChannelRow>>
readTensorChannels(const document::Reader& reader, std::int64_t tensor);

} // namespace jitscope::views
