#include "app/cli/session/model_file.h"

#include "core/archive/served_model.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

Result<ModelFile> unpackModel(const std::filesystem::path& file, const archive::Report& report,
                              const archive::InspectOptions& options)
{
    const std::string& record = report.served->serialized;
    std::error_code error;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path(error) / "served-model";
    std::filesystem::create_directories(folder, error);
    ModelFile model{folder / std::filesystem::path(record).filename(), {}, record, report};
    if (const Result<void> done = archive::extractServedModel(file, record, model.path); !done)
        return tl::unexpected(done.error());
    Result<archive::Report> inner = archive::inspect(model.path, options);
    if (!inner)
        return tl::unexpected(inner.error());
    model.report = *std::move(inner);
    return model;
}

} // namespace

bool isBytecodeOnly(const archive::Report& report)
{
    return report.kind == archive::Kind::LiteInterpreter &&
           report.verdict == archive::Verdict::Ok && !report.hasCode;
}

bool hasBytecodeInstead(const archive::Report& report, const Error& failure)
{
    return report.kind == archive::Kind::LiteInterpreter && failure.code == ErrorCode::UnusableFile;
}

Result<ModelFile> findModel(const std::filesystem::path& file,
                            const archive::InspectOptions& options)
{
    Result<archive::Report> report = archive::inspect(file, options);
    if (!report)
        return tl::unexpected(report.error());
    return findModel(file, *std::move(report), options);
}

void logRemarks(const ModelFile& model, const JobContext& job)
{
    const auto log = [&job](const archive::Report& report) {
        for (const archive::Problem& remark : report.problems) {
            const Error sentence{ErrorCode::UnusableFile, remark.message, remark.record,
                                 remark.remedy};
            job.log(LogLevel::Warning, sentence.message());
        }
    };
    if (model.archive)
        log(*model.archive);
    log(model.report);
}

Result<ModelFile> findModel(const std::filesystem::path& file, archive::Report report,
                            const archive::InspectOptions& options)
{
    ModelFile model{file, std::move(report), {}, {}};
    std::string shown = file.string();
    if (model.report.kind == archive::Kind::TorchServe &&
        model.report.verdict == archive::Verdict::Ok) {
        Result<ModelFile> inner = unpackModel(file, model.report, options);
        if (!inner)
            return inner;
        model = *std::move(inner);
        shown = fmt::format("{}: {}", file.string(), model.insideOf);
    }
    if (isBytecodeOnly(model.report) || model.report.kind == archive::Kind::PrintedIr)
        return model;
    if (const Result<void> loadable = archive::checkLoadable(model.report, shown); !loadable)
        return tl::unexpected(loadable.error());
    return model;
}

} // namespace jitscope::cli
