#include "app/cli/commands/work.h"

#include "app/cli/commands/text_file.h"

#include "core/archive/preflight.h"
#include "core/document/copy.h"

namespace jitscope::cli {

namespace {

// Beside the one of the CUDA driver, in the scratch folder of the process.
std::filesystem::path temporaryDocument()
{
    std::error_code ignored;
    return std::filesystem::temp_directory_path(ignored) / "document.jitscope";
}

} // namespace

void addFile(CLI::App& command, WorkOptions& options)
{
    command.add_option("FILE", options.file, "A TorchScript model or a .jitscope document")
        ->required();
}

void addOperatorLibraries(CLI::App& command, WorkOptions& options)
{
    command
        .add_option("-L,--op-library", options.operatorLibraries,
                    "A shared library that registers operators, such as torchvision/_C.so; may be "
                    "given several times")
        ->allow_extra_args(false);
}

void addStart(CLI::App& command, WorkOptions& options)
{
    command.add_option("--module", options.module,
                       "Path of the module instance, such as layer1.0; the root if not given");
    command.add_option("--method", options.method, "The method")->capture_default_str();
    command.add_option("--stage", options.stage,
                       "Start from this stage of the document instead of the inlined method");
}

void addJson(CLI::App& command, bool& json)
{
    command.add_flag("--json", json, "Print the result as one JSON object");
}

void planWork(Plan& plan, const WorkOptions& options, CommandWork work)
{
    plan.work = std::move(work);
    plan.touchesModel = true;
    plan.writableFolders.push_back(folderOf(documentToName(options)));
}

std::string documentToName(const WorkOptions& options)
{
    if (!options.output.empty())
        return options.output;
    return archive::isDocument(options.file) ? options.file : std::string();
}

std::vector<std::filesystem::path> librariesOf(const std::vector<std::string>& options)
{
    return {options.begin(), options.end()};
}

Result<std::unique_ptr<DocumentSession>> openWork(const WorkOptions& options, const JobContext& job)
{
    OpenRequest request;
    request.operatorLibraries = librariesOf(options.operatorLibraries);
    request.verifiedWeights = options.verifiedWeights;
    request.inspected = options.inspected;
    request.shown = options.file;
    const std::string named = documentToName(options);
    request.document = named.empty() ? temporaryDocument() : std::filesystem::path(named);
    if (archive::isDocument(options.file)) {
        request.existing = Existing::Continue;
        std::error_code ignored;
        if (!std::filesystem::equivalent(options.file, request.document, ignored)) {
            if (const Result<void> copied = document::copyDocument(options.file, request.document);
                !copied)
                return tl::unexpected(copied.error());
        }
    } else {
        if (options.stage != 0) {
            return fail(ErrorCode::InvalidArgument, "A model has no stages yet.", options.file,
                        "Give a .jitscope document, or leave --stage away.");
        }
        request.existing = Existing::Replace;
        request.model = options.file;
    }
    return DocumentSession::open(request, {}, job);
}

Result<std::int64_t> startingStage(DocumentSession& session, const WorkOptions& options,
                                   const JobContext& job)
{
    if (options.stage != 0)
        return options.stage;
    return session.inlined(options.module, options.method, job);
}

} // namespace jitscope::cli
