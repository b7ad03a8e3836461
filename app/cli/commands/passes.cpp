#include "app/cli/commands/json_text.h"
#include "app/cli/commands/pass_steps.h"
#include "app/cli/commands/text_file.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/pass_descriptions.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

struct PassesOptions : WorkOptions, StepOptions
{
    bool list = false;
    std::string savePipeline; // a file; empty for none
};

Result<int> listPasses(const PassesOptions& options, const CommandContext& context)
{
    const std::vector<protocol::PassDescription> passes = passDescriptions();
    if (options.json) {
        context.out.writeJson(nlohmann::json(passes));
        return exitDone;
    }
    std::string category;
    for (const protocol::PassDescription& pass : passes) {
        if (pass.category != category) {
            category = pass.category;
            context.out.write(fmt::format("{}\n", category));
        }
        context.out.write(fmt::format("  {:<32} {}\n", pass.name, pass.effect));
        for (const auto& argument : pass.arguments) {
            context.out.write(fmt::format("  {:<32}   {}={}: {}\n", "", argument.name,
                                          argument.defaultValue, argument.meaning));
        }
        if (!pass.available)
            context.out.write(fmt::format("  {:<32}   not available: {}\n", "", pass.reason));
    }
    return exitDone;
}

std::string difference(const torchscript::PassOutcome& outcome)
{
    std::map<std::string, std::int64_t> changes;
    for (const auto& [kind, n] : outcome.kindsBefore)
        changes[kind] -= static_cast<std::int64_t>(n);
    for (const auto& [kind, n] : outcome.kindsAfter)
        changes[kind] += static_cast<std::int64_t>(n);
    std::string text;
    for (const auto& [kind, n] : changes) {
        if (n != 0)
            text += fmt::format("    {:+} {}\n", n, kind);
    }
    return text;
}

nlohmann::json toJson(const std::string& pass, const AppliedPass& applied)
{
    const torchscript::PassOutcome& outcome = applied.outcome;
    return {{"stage", applied.stage},
            {"pass", pass},
            {"changed", outcome.changed},
            {"message", outcome.message},
            {"duration_ns", outcome.durationNs},
            {"before", countsToJson(outcome.before, outcome.kindsBefore)},
            {"after", countsToJson(outcome.after, outcome.kindsAfter)}};
}

Result<void> savePipeline(const PassesOptions& options, const std::filesystem::path& document,
                          std::int64_t stage)
{
    if (options.savePipeline.empty())
        return {};
    const Result<std::vector<pipeline::Step>> steps = stepsThatMade(document, stage);
    if (!steps)
        return tl::unexpected(steps.error());
    if (steps->empty()) {
        return fail(ErrorCode::InvalidArgument, fmt::format("No pass has led to stage {}.", stage),
                    options.file, "Choose another with --stage; `jitscope-cli info` lists them.");
    }
    return writeTextFile(options.savePipeline, pipeline::write(*steps));
}

Result<int> applyPasses(const PassesOptions& options, const CommandContext& context)
{
    const Result<std::vector<pipeline::Step>> steps = stepsOf(options);
    if (!steps)
        return tl::unexpected(steps.error());
    const auto session = openWork(options, context.job);
    if (!session)
        return tl::unexpected(session.error());
    Result<std::int64_t> stage = startingStage(**session, options, context.job);
    if (!stage)
        return tl::unexpected(stage.error());
    nlohmann::json result = {{"document", documentToName(options)},
                             {"start", *stage},
                             {"stages", nlohmann::json::array()}};
    for (const pipeline::Step& call : *steps) {
        const Result<AppliedPass> applied =
            (*session)->apply(*stage, call.pass, call.arguments, context.job);
        if (!applied)
            return tl::unexpected(applied.error());
        stage = applied->stage;
        result["stages"].push_back(toJson(call.pass, *applied));
        if (!options.json) {
            const torchscript::PassOutcome& outcome = applied->outcome;
            context.out.write(fmt::format(
                "{}: {} nodes, {} after it{}\n{}{}", call.pass, outcome.before.nodes,
                outcome.after.nodes, outcome.changed ? "" : " (nothing changed)",
                outcome.message.empty() ? std::string() : fmt::format("    {}\n", outcome.message),
                difference(outcome)));
        }
    }
    if (options.json)
        context.out.writeJson(result);
    if (const Result<void> saved = savePipeline(options, (*session)->document(), *stage); !saved)
        return tl::unexpected(saved.error());
    return exitDone;
}

// Nothing is applied: the passes that made a stage are read from the document.
Result<int> saveOnly(const PassesOptions& options)
{
    if (const Result<void> saved = savePipeline(options, options.file, options.stage); !saved)
        return tl::unexpected(saved.error());
    return exitDone;
}

} // namespace

void addPasses(CLI::App& app, Plan& plan)
{
    CLI::App* command =
        app.add_subcommand("passes", "Apply passes to a method, or list the passes there are");
    const auto options = std::make_shared<PassesOptions>();
    addFile(*command, *options);
    command->get_option("FILE")->required(false);
    command->add_flag("--list", options->list, "List the passes");
    addSteps(*command, *options);
    command->add_option("--save-pipeline", options->savePipeline,
                        "Write the passes that lead to the last stage, or without --apply and "
                        "--pipeline to --stage, as a file for --pipeline");
    command->add_option("-o,--output", options->output,
                        "The document to write; without it, FILE if that is a document");
    addOperatorLibraries(*command, *options);
    addStart(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        if (options->list) {
            plan.work = [options](const CommandContext& context) {
                return listPasses(*options, context);
            };
            return;
        }
        if (options->file.empty())
            throw CLI::RequiredError("FILE (or --list)");
        if (options->apply.empty() && options->pipeline.empty()) {
            if (options->savePipeline.empty() || options->stage == 0)
                throw CLI::RequiredError("--apply or --pipeline (or --list)");
            plan.work = [options](const CommandContext&) { return saveOnly(*options); };
            return;
        }
        planWork(plan, *options, [options](const CommandContext& context) {
            return applyPasses(*options, context);
        });
        plan.writableFolders.push_back(folderOf(options->savePipeline));
    });
}

} // namespace jitscope::cli
