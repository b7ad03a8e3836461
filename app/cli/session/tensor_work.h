// What is done with the elements of a model's tensors: statistics into the document, values for the
// eye, files. Tensors are named by their row of the table `tensor`. Belongs to the thread of its
// session.
#pragma once

#include "core/document/writer.h"
#include "core/support/job.h"
#include "core/tensor/values.h"
#include "core/torchscript/weights.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::cli {

struct StatisticsOutcome
{
    std::int64_t computed = 0;
    std::int64_t present = 0;    // were in the document already
    std::int64_t impossible = 0; // have no elements that can be read; the document says why
};

struct ExportedTensor
{
    std::int64_t tensor = 0;
    std::string file; // its name in the folder
};

struct ExportOutcome
{
    std::vector<ExportedTensor> files;
    std::vector<std::string> problems; // tensors that could not be written, a sentence each
};

class TensorWork
{
public:
    using OnChanged = std::function<void(std::string_view what, std::int64_t id)>;

    // The session and the writer outlive it.
    TensorWork(torchscript::Session& session, document::Writer& writer, OnChanged onChanged);

    // No ids mean all tensors. What was computed before a cancel or an error is in the document.
    [[nodiscard]] Result<StatisticsOutcome> computeStatistics(const std::vector<std::int64_t>& ids,
                                                              const JobContext& job);

    [[nodiscard]] Result<tensor::Values> values(std::int64_t id, const tensor::Slice& slice);

    // Writes one .npy file for each tensor into the folder, which is made if it is not there. A
    // tensor that has no elements to write is a problem; a file that cannot be written an Error.
    [[nodiscard]] Result<ExportOutcome> exportTo(const std::filesystem::path& folder,
                                                 const std::vector<std::int64_t>& ids,
                                                 const JobContext& job);
    [[nodiscard]] Result<void> exportAs(const std::filesystem::path& file, std::int64_t id,
                                        const JobContext& job);

private:
    [[nodiscard]] Result<std::vector<const document::TensorRow*>>
    tensorsOf(const std::vector<std::int64_t>& ids);

    torchscript::Weights m_weights;
    document::Writer& m_writer;
    OnChanged m_onChanged;
    std::vector<document::TensorRow> m_tensors; // in order of id; read when first needed
};

} // namespace jitscope::cli
