#include "app/cli/commands/work.h"

#include "core/archive/preflight.h"
#include "core/document/reader.h"
#include "core/support/counted.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace jitscope::cli {

using nlohmann::json;

namespace {

struct WeightsOptions : WorkOptions
{
    bool statistics = false;
    std::vector<std::string> names; // patterns
    std::string exportTo;           // a folder, or a file that ends in .npy

    [[nodiscard]] bool isOneFile() const { return exportTo.ends_with(".npy"); }
};

// What a document says of its tensors.
struct Tensors
{
    std::vector<document::TensorRow> rows; // those that were asked for
    std::map<std::int64_t, document::TensorStatisticsRow> statistics;
    std::map<std::string, std::vector<std::string>> sharing; // names of tensors by storage
    double modelBytes = 0;                                   // of the file; 0 if unknown

    [[nodiscard]] std::vector<std::int64_t> ids() const
    {
        std::vector<std::int64_t> ids;
        for (const document::TensorRow& row : rows)
            ids.push_back(row.id);
        return ids;
    }
    // Tensors that share a storage count once.
    [[nodiscard]] std::int64_t storageBytes() const
    {
        std::int64_t bytes = 0;
        std::set<std::string> seen;
        for (const document::TensorRow& row : rows) {
            if (row.storage.empty() || seen.insert(row.storage).second)
                bytes += row.storage.empty() ? row.bytes : row.storage_bytes;
        }
        return bytes;
    }
    [[nodiscard]] double share(double bytes) const
    {
        return modelBytes > 0 ? bytes / modelBytes : 0;
    }
};

bool matches(const std::string& name, const std::vector<std::string>& patterns)
{
    return patterns.empty() ||
           std::any_of(patterns.begin(), patterns.end(), [&name](const std::string& pattern) {
               return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
           });
}

Result<Tensors> readTensors(const std::filesystem::path& document, const WeightsOptions& options)
{
    const Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    Result<std::vector<document::TensorRow>> rows = reader->rows<document::TensorRow>();
    if (!rows)
        return tl::unexpected(rows.error());
    Result<std::vector<document::TensorStatisticsRow>> statistics =
        reader->rows<document::TensorStatisticsRow>();
    if (!statistics)
        return tl::unexpected(statistics.error());
    const Result<std::string> modelBytes = reader->info("model_bytes");
    if (!modelBytes)
        return tl::unexpected(modelBytes.error());
    Tensors tensors;
    tensors.modelBytes = std::strtod(modelBytes->c_str(), nullptr);
    for (document::TensorRow& row : *rows) {
        if (!row.storage.empty())
            tensors.sharing[row.storage].push_back(row.name);
        if (matches(row.name, options.names))
            tensors.rows.push_back(std::move(row));
    }
    for (document::TensorStatisticsRow& row : *statistics)
        tensors.statistics.emplace(row.tensor, std::move(row));
    if (tensors.rows.empty() && !options.names.empty()) {
        return fail(ErrorCode::InvalidArgument, "No tensor has such a name.",
                    fmt::format("--name {}", options.names.front()),
                    "`weights FILE` lists the names; * stands for any text, dots included.");
    }
    return tensors;
}

std::vector<std::string> sharedWith(const Tensors& tensors, const document::TensorRow& row)
{
    const auto found = tensors.sharing.find(row.storage);
    std::vector<std::string> others;
    if (found != tensors.sharing.end()) {
        std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(others),
                     [&row](const std::string& name) { return name != row.name; });
    }
    return others;
}

json statisticsToJson(const document::TensorStatisticsRow& row)
{
    if (!row.problem.empty())
        return {{"problem", row.problem}};
    return {{"measure", row.measure},
            {"elements", row.elements},
            {"zeros", row.zeros},
            {"nan", row.nan},
            {"positive_infinity", row.positive_infinity},
            {"negative_infinity", row.negative_infinity},
            {"minimum", row.minimum}, // NaN becomes null
            {"maximum", row.maximum},
            {"mean", row.mean},
            {"deviation", row.deviation},
            {"histogram", json::parse(row.histogram, nullptr, false)}};
}

json toJson(const Tensors& tensors, const document::TensorRow& row, bool withStatistics)
{
    json out = {{"name", row.name},
                {"role", row.role},
                {"dtype", row.dtype},
                {"shape", json::parse(row.shape, nullptr, false)},
                {"strides", json::parse(row.strides, nullptr, false)},
                {"layout", row.layout},
                {"device", row.device},
                {"bytes", row.bytes},
                {"storage", row.storage},
                {"storage_bytes", row.storage_bytes},
                {"storage_offset", row.storage_offset},
                {"shared_with", sharedWith(tensors, row)},
                {"share", tensors.share(static_cast<double>(row.bytes))},
                {"requires_grad", row.requires_grad != 0}};
    if (!row.quantization.empty())
        out["quantization"] = json::parse(row.quantization, nullptr, false);
    const auto found = tensors.statistics.find(row.id);
    if (withStatistics && found != tensors.statistics.end())
        out["statistics"] = statisticsToJson(found->second);
    return out;
}

std::string percent(double share)
{
    return fmt::format("{:.1f}%", share * 100);
}

std::string number(double value)
{
    return std::isnan(value) ? "-" : fmt::format("{:.6g}", value);
}

std::vector<std::string> cellsOf(const Tensors& tensors, const document::TensorRow& row,
                                 bool withStatistics)
{
    std::vector<std::string> cells = {row.name,
                                      row.role,
                                      row.dtype,
                                      row.shape,
                                      std::to_string(row.bytes),
                                      percent(tensors.share(static_cast<double>(row.bytes)))};
    if (!withStatistics)
        return cells;
    const auto found = tensors.statistics.find(row.id);
    if (found == tensors.statistics.end() || !found->second.problem.empty()) {
        cells.resize(cells.size() + 7, "-");
        return cells;
    }
    const document::TensorStatisticsRow& of = found->second;
    for (const double value : {of.minimum, of.maximum, of.mean, of.deviation})
        cells.push_back(number(value));
    for (const std::int64_t count : {of.zeros, of.nan, of.positive_infinity + of.negative_infinity})
        cells.push_back(std::to_string(count));
    return cells;
}

std::string asText(const Tensors& tensors, bool withStatistics)
{
    constexpr std::size_t firstNumber = 4; // columns from here on are flush right
    std::vector<std::vector<std::string>> table = {
        {"name", "role", "dtype", "shape", "bytes", "share"}};
    if (withStatistics) {
        for (const char* title : {"min", "max", "mean", "std", "zeros", "nan", "inf"})
            table.front().emplace_back(title);
    }
    for (const document::TensorRow& row : tensors.rows)
        table.push_back(cellsOf(tensors, row, withStatistics));
    std::vector<std::size_t> widths(table.front().size());
    for (const auto& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths[i] = std::max(widths[i], cells[i].size());
    }
    std::string text;
    for (const auto& cells : table) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += i < firstNumber ? fmt::format("{:<{}}", cells[i], widths[i])
                                    : fmt::format("{:>{}}", cells[i], widths[i]);
            text += i + 1 == cells.size() ? "\n" : "  ";
        }
    }
    std::set<std::string> storages;
    for (const document::TensorRow& row : tensors.rows)
        storages.insert(row.storage);
    return text + fmt::format("{} in {}, {}, {} of the file\n",
                              counted(std::ssize(tensors.rows), "tensor"),
                              counted(std::ssize(storages), "storage"),
                              counted(tensors.storageBytes(), "byte"),
                              percent(tensors.share(static_cast<double>(tensors.storageBytes()))));
}

Result<void> exportOne(TensorWork& work, const WeightsOptions& options, const Tensors& tensors,
                       const JobContext& job, json& files)
{
    if (tensors.rows.size() != 1) {
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("{} tensors do not fit into one file.", tensors.rows.size()),
                    options.exportTo, "Choose one with --name, or give a folder.");
    }
    const document::TensorRow& row = tensors.rows.front();
    if (const auto written = work.exportAs(options.exportTo, row.id, job); !written)
        return written;
    files.push_back({{"name", row.name}, {"file", options.exportTo}});
    return {};
}

Result<void> exportAll(TensorWork& work, const WeightsOptions& options, const Tensors& tensors,
                       const JobContext& job, json& files)
{
    const Result<ExportOutcome> outcome = work.exportTo(options.exportTo, tensors.ids(), job);
    if (!outcome)
        return tl::unexpected(outcome.error());
    std::map<std::int64_t, std::string> names;
    for (const document::TensorRow& row : tensors.rows)
        names.emplace(row.id, row.name);
    for (const ExportedTensor& file : outcome->files) {
        files.push_back({{"name", names.at(file.tensor)},
                         {"file", (std::filesystem::path(options.exportTo) / file.file).string()}});
    }
    for (const std::string& problem : outcome->problems)
        job.log(LogLevel::Warning, problem);
    return {};
}

void write(const WeightsOptions& options, const Tensors& tensors, const json& files, Output& out)
{
    if (!options.json) {
        out.write(asText(tensors, options.statistics));
        if (!options.exportTo.empty())
            out.write(fmt::format("{} written to {}\n", files.size(), options.exportTo));
        return;
    }
    json result = {{"document", documentToName(options)},
                   {"model_bytes", static_cast<std::int64_t>(tensors.modelBytes)},
                   {"bytes", tensors.storageBytes()},
                   {"tensors", json::array()}};
    for (const document::TensorRow& row : tensors.rows)
        result["tensors"].push_back(toJson(tensors, row, options.statistics));
    if (!options.exportTo.empty())
        result["files"] = files;
    out.writeJson(result);
}

Result<int> listOnly(const WeightsOptions& options, const CommandContext& context)
{
    const Result<Tensors> tensors = readTensors(options.file, options);
    if (!tensors)
        return tl::unexpected(tensors.error());
    write(options, *tensors, json::array(), context.out);
    return exitDone;
}

Result<int> workOnModel(const WeightsOptions& options, const CommandContext& context)
{
    const auto session = openWork(options, context.job);
    if (!session)
        return tl::unexpected(session.error());
    Result<Tensors> tensors = readTensors((*session)->document(), options);
    if (!tensors)
        return tl::unexpected(tensors.error());
    const Result<TensorWork*> work = (*session)->tensors();
    if (!work)
        return tl::unexpected(work.error());
    json files = json::array();
    if (!options.exportTo.empty()) {
        const auto exported = options.isOneFile()
                                  ? exportOne(**work, options, *tensors, context.job, files)
                                  : exportAll(**work, options, *tensors, context.job, files);
        if (!exported)
            return tl::unexpected(exported.error());
    }
    if (options.statistics && !tensors->rows.empty()) {
        const auto computed = (*work)->computeStatistics(tensors->ids(), context.job);
        if (!computed)
            return tl::unexpected(computed.error());
        tensors = readTensors((*session)->document(), options);
        if (!tensors)
            return tl::unexpected(tensors.error());
    }
    write(options, *tensors, files, context.out);
    return exitDone;
}

// Whether what is asked for is not all in the document.
bool needsModel(const WeightsOptions& options)
{
    if (!archive::isDocument(options.file) || !options.exportTo.empty() || !options.output.empty())
        return true;
    if (!options.statistics)
        return false;
    const Result<Tensors> tensors = readTensors(options.file, options);
    return tensors && std::any_of(tensors->rows.begin(), tensors->rows.end(),
                                  [&tensors](const document::TensorRow& row) {
                                      return !tensors->statistics.contains(row.id);
                                  });
}

// Made before the process gives its rights away.
std::filesystem::path makeExportFolder(const WeightsOptions& options)
{
    if (options.exportTo.empty())
        return {};
    std::error_code ignored; // the export says it
    std::filesystem::path folder = std::filesystem::absolute(options.exportTo, ignored);
    if (options.isOneFile())
        folder = folder.parent_path();
    else
        std::filesystem::create_directories(folder, ignored);
    return std::filesystem::is_directory(folder, ignored) ? folder : std::filesystem::path();
}

} // namespace

void addWeights(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand(
        "weights", "List parameters, buffers and constants; measure them; write them as .npy");
    const auto options = std::make_shared<WeightsOptions>();
    addFile(*command, *options);
    command->add_flag("--stats", options->statistics,
                      "Compute range, mean, deviation, zeros, NaN and Inf of every tensor");
    command
        ->add_option("--name", options->names,
                     "Only tensors whose name matches, such as 'layer1.*.weight'; may be given "
                     "several times")
        ->allow_extra_args(false);
    command->add_option("--export", options->exportTo,
                        "Write the tensors as .npy files into this folder, or one tensor into this "
                        "file if it ends in .npy");
    command->add_option("-o,--output", options->output,
                        "The document to keep the statistics in; without it, FILE if that is one");
    addOperatorLibraries(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        if (!needsModel(*options)) {
            plan.work = [options](const CommandContext& context) {
                return listOnly(*options, context);
            };
            return;
        }
        // All of them are read then.
        if (options->statistics || !options->exportTo.empty())
            options->verifiedWeights = std::numeric_limits<std::uint64_t>::max();
        planWork(plan, *options, [options](const CommandContext& context) {
            return workOnModel(*options, context);
        });
        plan.writableFolders.push_back(makeExportFolder(*options));
    });
}

} // namespace jitscope::cli
