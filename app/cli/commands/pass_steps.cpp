#include "app/cli/commands/pass_steps.h"

#include "app/cli/commands/text_file.h"
#include "app/cli/session/pass_arguments.h"

#include "core/document/reader.h"
#include "core/torchscript/pass_list.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::cli {

namespace {

std::vector<pipeline::KnownPass> knownPasses()
{
    std::vector<pipeline::KnownPass> known;
    for (const torchscript::PassInfo& info : torchscript::passCatalogue()) {
        pipeline::KnownPass& pass = known.emplace_back();
        pass.name = info.name;
        for (const torchscript::PassArgument& argument : info.arguments)
            pass.arguments.push_back(argument.name);
    }
    return known;
}

Result<std::vector<pipeline::Step>> readSteps(const StepOptions& options)
{
    if (!options.pipeline.empty()) {
        const Result<std::string> text = readTextFile(options.pipeline, pipeline::largestFile);
        if (!text)
            return tl::unexpected(text.error());
        return pipeline::read(*text, options.pipeline);
    }
    std::vector<pipeline::Step> steps;
    for (const std::string& text : options.apply) {
        Result<pipeline::Step> step = pipeline::readStep(text);
        if (!step)
            return tl::unexpected(step.error());
        steps.push_back(*std::move(step));
    }
    return steps;
}

} // namespace

void addSteps(CLI::App& command, StepOptions& options)
{
    CLI::Option* apply =
        command
            .add_option("--apply", options.apply,
                        "Passes to apply one after the other, separated by commas; with "
                        "arguments: name:argument=value")
            ->delimiter(',')
            ->allow_extra_args(false);
    command
        .add_option("--pipeline", options.pipeline,
                    "A file that lists the passes to apply: one a line with # before comments, or "
                    "JSON")
        ->excludes(apply);
}

Result<std::vector<pipeline::Step>> stepsOf(const StepOptions& options)
{
    Result<std::vector<pipeline::Step>> steps = readSteps(options);
    if (!steps)
        return steps;
    const Result<void> checked = pipeline::check(*steps, knownPasses(), options.pipeline);
    if (!checked)
        return tl::unexpected(checked.error());
    return steps;
}

Result<std::vector<pipeline::Step>> stepsThatMade(const std::filesystem::path& document,
                                                  std::int64_t stage)
{
    const Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    const auto rows = reader->rows<document::StageRow>();
    if (!rows)
        return tl::unexpected(rows.error());
    std::vector<pipeline::Step> steps;
    // A chain of parents is no longer than there are stages, whatever a broken document says.
    for (std::size_t i = 0; i <= rows->size() && stage != 0; ++i) {
        const auto row = std::find_if(rows->begin(), rows->end(),
                                      [stage](const auto& r) { return r.id == stage; });
        if (row == rows->end() || row->kind == "executed") {
            return fail(
                ErrorCode::InvalidArgument,
                row == rows->end()
                    ? fmt::format("The document has no stage {}.", stage)
                    : fmt::format("Stage {} is the plan of a run, which no pass made.", stage),
                document.string(), "`jitscope-cli info` lists the stages.");
        }
        if (row->kind != "pass")
            break;
        pipeline::Step& step = steps.emplace_back();
        step.pass = row->pass;
        step.arguments = passArgumentsOf(*row);
        stage = row->parent;
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
}

} // namespace jitscope::cli
