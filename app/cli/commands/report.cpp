#include "app/cli/commands/messages_to_user.h"
#include "app/cli/commands/text_file.h"
#include "app/cli/commands/work.h"

#include "core/archive/preflight.h"
#include "core/report/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace jitscope::cli {

namespace {

struct ReportOptions : WorkOptions
{};

std::string now()
{
    const std::time_t seconds =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(seconds));
}

std::uint64_t sizeOf(const std::filesystem::path& file)
{
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

report::Source sourceOf(const ReportOptions& options, const archive::Report& inspection)
{
    report::Source source;
    source.file = options.file;
    source.inspection = inspection;
    source.fileSize = sizeOf(options.file);
    source.madeAt = now();
    return source;
}

Result<void> write(const report::Source& source, const ReportOptions& options, Output& out,
                   const JobContext& job)
{
    const Result<std::string> html = report::html(source, job);
    if (!html)
        return tl::unexpected(html.error());
    if (!options.output.empty())
        return writeTextFile(options.output, *html);
    out.write(*html);
    return {};
}

Result<int> reportDocument(const ReportOptions& options, const CommandContext& context)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    report::Source source = report::sourceOf(*reader);
    source.madeAt = now();
    if (const Result<void> written = write(source, options, context.out, context.job); !written)
        return tl::unexpected(written.error());
    return exitDone;
}

// The page says what the file is; the exit code that it is no model.
Result<int> reportFile(const archive::Report& inspection, const ReportOptions& options,
                       const CommandContext& context)
{
    report::Source source = sourceOf(options, inspection);
    if (const Result<void> written = write(source, options, context.out, context.job); !written)
        return tl::unexpected(written.error());
    if (const Result<void> loadable = archive::checkLoadable(inspection, options.file); !loadable)
        tellError(loadable.error());
    return exitUnusableFile;
}

// A model that cannot be read still gets a page with the reason.
Result<int> reportFailure(const archive::Report& inspection, const Error& failure,
                          const ReportOptions& options, Output& out, const JobContext& job)
{
    report::Source source = sourceOf(options, inspection);
    source.failure = failure;
    if (const Result<void> written = write(source, options, out, job); !written)
        return tl::unexpected(written.error());
    tellError(failure);
    return exitCode(failure.code);
}

Result<int> reportModel(const archive::Report& inspection, const ReportOptions& options,
                        const CommandContext& context)
{
    WorkOptions work = options;
    work.output.clear(); // of the page; the document is temporary
    work.inspected = inspection;
    const auto session = openWork(work, context.job);
    if (!session && session.error().code == ErrorCode::Cancelled)
        return tl::unexpected(session.error());
    if (!session)
        return reportFailure(inspection, session.error(), options, context.out, context.job);
    const Result<document::Reader> reader = document::Reader::open((*session)->document());
    if (!reader)
        return tl::unexpected(reader.error());
    report::Source source = sourceOf(options, inspection);
    source.document = &*reader;
    source.problems = (*session)->problems();
    for (const ir::MissingOperator& missing : (*session)->missingOperators())
        source.stubbedOperators.push_back(missing.name);
    if (const Result<void> written = write(source, options, context.out, context.job); !written)
        return tl::unexpected(written.error());
    const bool hasFindings =
        !source.problems.empty() ||
        std::any_of(inspection.problems.begin(), inspection.problems.end(),
                    [](const archive::Problem& p) { return archive::isFinding(p.code); });
    return hasFindings ? exitFindings : exitDone;
}

} // namespace

void addReport(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand(
        "report", "Write one HTML page about a model that can be mailed or kept");
    const auto options = std::make_shared<ReportOptions>();
    addFile(*command, *options);
    command->get_option("FILE")->description(
        "A TorchScript model or a .jitscope document; of any other file the page says what it is");
    command->add_option("-o,--output", options->output,
                        "The page to write; standard output if not given");
    addOperatorLibraries(*command, *options);
    command->callback([options, &plan] {
        const auto inspection = std::make_shared<Result<archive::Report>>(
            archive::inspect(options->file, {weightsVerified}));
        const bool isModel = *inspection && archive::checkLoadable(**inspection, options->file);
        plan.touchesModel = isModel;
        plan.writableFolders = {folderOf(options->output)};
        plan.work = [options, inspection, isModel](const CommandContext& context) -> Result<int> {
            if (!*inspection)
                return tl::unexpected(inspection->error());
            if (isModel)
                return reportModel(**inspection, *options, context);
            return (*inspection)->kind == archive::Kind::JitscopeDocument
                       ? reportDocument(*options, context)
                       : reportFile(**inspection, *options, context);
        };
        plan.afterCrash = [options, inspection](Output& out, const Error& error) {
            const Result<int> code = reportFailure(**inspection, error, *options, out, {});
            if (!code)
                tellError(code.error());
            return code ? *code : exitCode(code.error().code);
        };
    });
}

} // namespace jitscope::cli
