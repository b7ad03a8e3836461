#include "app/cli/commands/json_text.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/pass_descriptions.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

struct PassesOptions : WorkOptions
{
    bool list = false;
    std::vector<std::string> apply;
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

Result<int> applyPasses(const PassesOptions& options, const CommandContext& context)
{
    const Result<std::vector<PassCall>> calls = passCalls(options.apply);
    if (!calls)
        return tl::unexpected(calls.error());
    const auto session = openWork(options, context.job);
    if (!session)
        return tl::unexpected(session.error());
    Result<std::int64_t> stage = startingStage(**session, options, context.job);
    if (!stage)
        return tl::unexpected(stage.error());
    nlohmann::json result = {{"document", documentToName(options)},
                             {"start", *stage},
                             {"stages", nlohmann::json::array()}};
    for (const PassCall& call : *calls) {
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
    command
        ->add_option("--apply", options->apply,
                     "Passes to apply one after the other, separated by commas; with arguments: "
                     "name:argument=value")
        ->delimiter(',')
        ->allow_extra_args(false);
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
        if (options->apply.empty())
            throw CLI::RequiredError("--apply (or --list)");
        planWork(plan, *options, [options](const CommandContext& context) {
            return applyPasses(*options, context);
        });
    });
}

} // namespace jitscope::cli
