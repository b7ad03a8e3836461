#include "app/cli/commands/program_json.h"
#include "app/cli/commands/work.h"

#include "core/archive/preflight.h"
#include "core/document/reader.h"
#include "core/support/counted.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace jitscope::cli {

namespace {

struct Sizes
{
    std::string modules;
    std::string functions;
    std::string nodes;
    std::string tensors;
};

Result<Sizes> sizesOf(const std::filesystem::path& document)
{
    const Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    const Result<document::SqlTable> counts =
        reader->query("SELECT (SELECT count(*) FROM module), (SELECT count(*) FROM function), "
                      "(SELECT count(*) FROM node WHERE stage = 1), (SELECT count(*) FROM tensor)");
    if (!counts)
        return tl::unexpected(counts.error());
    const std::vector<std::string>& row = counts->rows.at(0);
    return Sizes{row[0], row[1], row[2], row[3]};
}

Result<int> openModel(const WorkOptions& options, const CommandContext& context)
{
    if (archive::isDocument(options.file)) {
        return fail(ErrorCode::InvalidArgument, "The file is a document already.", options.file,
                    "`info`, `graph` and `sql` read it; the window opens it.");
    }
    const auto session = openWork(options, context.job);
    if (!session)
        return tl::unexpected(session.error());
    const Result<Sizes> sizes = sizesOf((*session)->document());
    if (!sizes)
        return tl::unexpected(sizes.error());
    if (options.json) {
        context.out.writeJson(
            nlohmann::json{{"document", options.output},
                           {"model_hash", (*session)->modelHash()},
                           {"modules", std::stoll(sizes->modules)},
                           {"functions", std::stoll(sizes->functions)},
                           {"nodes", std::stoll(sizes->nodes)},
                           {"tensors", std::stoll(sizes->tensors)},
                           {"problems", (*session)->problems()},
                           {"missing_operators", missingToJson((*session)->missingOperators())}});
        return exitDone;
    }
    context.out.write(fmt::format(
        "{}: {}, {} with {}, {}\n", options.output, counted(std::stoll(sizes->modules), "module"),
        counted(std::stoll(sizes->functions), "function"),
        counted(std::stoll(sizes->nodes), "node"), counted(std::stoll(sizes->tensors), "tensor")));
    for (const std::string& problem : (*session)->problems())
        context.job.log(LogLevel::Warning, problem);
    for (const nlohmann::json& missing : missingToJson((*session)->missingOperators()))
        context.job.log(LogLevel::Warning, missingSentence(missing));
    return exitDone;
}

} // namespace

void addOpen(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand("open", "Make a document of a model");
    const auto options = std::make_shared<WorkOptions>();
    addFile(*command, *options);
    command
        ->add_option("-o,--output", options->output,
                     "The .jitscope document to write; an older one is replaced")
        ->required();
    addOperatorLibraries(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        planWork(plan, *options,
                 [options](const CommandContext& context) { return openModel(*options, context); });
    });
}

} // namespace jitscope::cli
