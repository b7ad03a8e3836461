#include "app/cli/session/tensor_work.h"

#include "core/document/reader.h"
#include "core/tensor/export_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace jitscope::cli {

namespace {

// What is computed reaches the document, and those who watch it, this often.
constexpr std::chrono::milliseconds writeStep(250);

// Progress of a part of a job as progress of the whole.
JobContext partOf(const JobContext& job, const std::string& phase, double from)
{
    job.progress(phase, from);
    JobContext part;
    part.cancel = job.cancel;
    return part;
}

document::TensorStatisticsRow rowOf(std::int64_t id, const torchscript::Weights::Measured& measured)
{
    const tensor::Statistics& from = measured.statistics;
    document::TensorStatisticsRow row;
    row.tensor = id;
    row.measure = measured.measure;
    row.elements = from.elements;
    row.zeros = from.zeros;
    row.nan = from.nan;
    row.positive_infinity = from.positiveInfinity;
    row.negative_infinity = from.negativeInfinity;
    row.minimum = from.range.minimum;
    row.maximum = from.range.maximum;
    row.mean = from.mean;
    row.deviation = from.deviation;
    row.histogram = from.finite() > 0 ? fmt::format("[{}]", fmt::join(from.histogram, ", ")) : "[]";
    row.channels = from.channels;
    row.channel_step = from.channelStep;
    return row;
}

document::TensorStatisticsRow problemRow(std::int64_t id, const Error& error)
{
    const double none = tensor::noNumber;
    document::TensorStatisticsRow row;
    row.tensor = id;
    row.minimum = row.maximum = row.mean = row.deviation = none;
    row.histogram = "[]";
    row.problem = error.what;
    return row;
}

// Collects rows and writes them from time to time.
class StatisticsStore
{
public:
    StatisticsStore(document::Writer& writer, const TensorWork::OnChanged& onChanged)
        : m_writer(writer), m_onChanged(onChanged)
    {}

    Result<void> add(document::TensorStatisticsRow row, const std::vector<tensor::Range>& ranges)
    {
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            m_channels.push_back({row.tensor, static_cast<std::int64_t>(i) * row.channel_step,
                                  ranges[i].minimum, ranges[i].maximum});
        }
        m_rows.push_back(std::move(row));
        return std::chrono::steady_clock::now() - m_written < writeStep ? Result<void>() : write();
    }

    Result<void> write()
    {
        if (m_rows.empty())
            return {};
        const Result<void> written = m_writer.writeTensorStatistics(m_rows, m_channels);
        if (written)
            m_onChanged("tensors", m_rows.back().tensor);
        m_rows.clear();
        m_channels.clear();
        m_written = std::chrono::steady_clock::now();
        return written;
    }

private:
    document::Writer& m_writer;
    const TensorWork::OnChanged& m_onChanged;
    std::vector<document::TensorStatisticsRow> m_rows;
    std::vector<document::TensorChannelRow> m_channels;
    std::chrono::steady_clock::time_point m_written = std::chrono::steady_clock::now();
};

// The same for tensors that have the same elements.
std::string elementsKey(const document::TensorRow& row)
{
    return fmt::format("{}|{}|{}|{}|{}|{}", row.storage, row.storage_offset, row.dtype, row.shape,
                       row.strides, row.quantization);
}

bool isImpossible(const Error& error)
{
    return error.code == ErrorCode::Unavailable || error.code == ErrorCode::UnusableFile;
}

} // namespace

TensorWork::TensorWork(torchscript::Session& session, document::Writer& writer, OnChanged onChanged)
    : m_weights(session), m_writer(writer), m_onChanged(std::move(onChanged))
{
    if (!m_onChanged)
        m_onChanged = [](std::string_view, std::int64_t) {};
}

Result<std::vector<const document::TensorRow*>>
TensorWork::tensorsOf(const std::vector<std::int64_t>& ids)
{
    if (m_tensors.empty()) {
        const Result<document::Reader> reader = document::Reader::open(m_writer.path());
        if (!reader)
            return tl::unexpected(reader.error());
        Result<std::vector<document::TensorRow>> rows = reader->rows<document::TensorRow>();
        if (!rows)
            return tl::unexpected(rows.error());
        m_tensors = *std::move(rows);
    }
    std::vector<const document::TensorRow*> found;
    if (ids.empty()) {
        for (const document::TensorRow& row : m_tensors)
            found.push_back(&row);
        return found;
    }
    for (const std::int64_t id : ids) {
        if (id < 1 || id > static_cast<std::int64_t>(m_tensors.size())) {
            return fail(ErrorCode::InvalidArgument, "There is no such tensor.",
                        fmt::format("tensor {}", id),
                        "The table `tensor` of the document lists them.");
        }
        found.push_back(&m_tensors[static_cast<std::size_t>(id - 1)]);
    }
    return found;
}

Result<StatisticsOutcome> TensorWork::computeStatistics(const std::vector<std::int64_t>& ids,
                                                        const JobContext& job)
{
    const auto tensors = tensorsOf(ids);
    if (!tensors)
        return tl::unexpected(tensors.error());
    const Result<document::Reader> reader = document::Reader::open(m_writer.path());
    if (!reader)
        return tl::unexpected(reader.error());
    const auto existing = reader->rows<document::TensorStatisticsRow>();
    if (!existing)
        return tl::unexpected(existing.error());
    std::unordered_set<std::int64_t> present;
    for (const document::TensorStatisticsRow& row : *existing)
        present.insert(row.tensor);

    const auto bytesOf = [](std::int64_t sum, const document::TensorRow* row) {
        return sum + row->bytes;
    };
    const auto total = static_cast<double>(
        std::accumulate(tensors->begin(), tensors->end(), std::int64_t{1}, bytesOf));
    std::int64_t done = 0;
    StatisticsOutcome outcome;
    StatisticsStore store(m_writer, m_onChanged);
    std::unordered_map<std::string, int> uses; // what more than one tensor needs is kept
    for (const document::TensorRow* row : *tensors)
        ++uses[elementsKey(*row)];
    std::unordered_map<std::string, torchscript::Weights::Measured> kept;
    for (const document::TensorRow* row : *tensors) {
        const JobContext part =
            partOf(job, "computing statistics", static_cast<double>(done) / total);
        done += row->bytes;
        if (!present.insert(row->id).second) {
            ++outcome.present;
            continue;
        }
        const std::string key = elementsKey(*row);
        const auto known = kept.find(key);
        const auto computed =
            known != kept.end()
                ? Result<torchscript::Weights::Measured>(known->second)
                : m_weights.statistics(static_cast<std::size_t>(row->id - 1), row->name, part);
        if (!computed && isImpossible(computed.error())) {
            ++outcome.impossible;
            if (const auto added = store.add(problemRow(row->id, computed.error()), {}); !added)
                return tl::unexpected(added.error());
            continue;
        }
        if (!computed) {
            (void)store.write(); // the reason to stop matters more than a second one
            return tl::unexpected(computed.error());
        }
        if (uses.at(key) > 1)
            kept.emplace(key, *computed);
        const auto added = store.add(rowOf(row->id, *computed), computed->statistics.channelRanges);
        if (!added)
            return tl::unexpected(added.error());
        ++outcome.computed;
    }
    if (const Result<void> written = store.write(); !written)
        return tl::unexpected(written.error());
    return outcome;
}

Result<tensor::Values> TensorWork::values(std::int64_t id, const tensor::Slice& slice)
{
    const auto tensors = tensorsOf({id});
    if (!tensors)
        return tl::unexpected(tensors.error());
    return m_weights.values(static_cast<std::size_t>(id - 1), tensors->front()->name, slice);
}

Result<ExportOutcome> TensorWork::exportTo(const std::filesystem::path& folder,
                                           const std::vector<std::int64_t>& ids,
                                           const JobContext& job)
{
    const auto tensors = tensorsOf(ids);
    if (!tensors)
        return tl::unexpected(tensors.error());
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The folder cannot be made: {}.", error.message()), folder.string(),
                    "Choose a folder that may be written.");
    }
    const auto total = static_cast<double>(tensors->size());
    tensor::ExportNames names;
    ExportOutcome outcome;
    for (std::size_t i = 0; i < tensors->size(); ++i) {
        const document::TensorRow& row = *(*tensors)[i];
        const JobContext part = partOf(job, "writing " + row.name, static_cast<double>(i) / total);
        const std::string name = names.add(row.name);
        const Result<void> written = m_weights.exportNpy(static_cast<std::size_t>(row.id - 1),
                                                         row.name, folder / name, part);
        if (written)
            outcome.files.push_back({row.id, name});
        else if (written.error().code == ErrorCode::Unavailable)
            outcome.problems.push_back(fmt::format("{}: {}", row.name, written.error().what));
        else
            return tl::unexpected(written.error());
    }
    return outcome;
}

Result<void> TensorWork::exportAs(const std::filesystem::path& file, std::int64_t id,
                                  const JobContext& job)
{
    const auto tensors = tensorsOf({id});
    if (!tensors)
        return tl::unexpected(tensors.error());
    job.progress("writing " + tensors->front()->name);
    return m_weights.exportNpy(static_cast<std::size_t>(id - 1), tensors->front()->name, file, job);
}

} // namespace jitscope::cli
