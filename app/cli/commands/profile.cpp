#include "app/cli/commands/json_text.h"
#include "app/cli/commands/pass_steps.h"
#include "app/cli/commands/work.h"

#include "core/document/reader.h"
#include "core/support/counted.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

struct ProfileOptions : WorkOptions, StepOptions
{
    record::RunRequest request;
    std::string mode = "executor";
};

// The query of docs/command-line.md.
constexpr std::string_view mostExpensive =
    "SELECT n.kind, n.module_path, n.file, n.line, count(*) AS calls, sum(s.duration) AS total\n"
    "FROM node_slice s JOIN node_named n ON n.key = s.node\n"
    "WHERE s.run = {} AND s.iteration >= 0\n"
    "GROUP BY s.node ORDER BY total DESC LIMIT 10";

constexpr double nanosecondsInMillisecond = 1e6;

Result<document::SqlTable> mostExpensiveNodes(const std::filesystem::path& document,
                                              std::int64_t run)
{
    const Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    return reader->query(fmt::format(mostExpensive, run));
}

nlohmann::json toJson(const ProfileOptions& options, std::int64_t stage, const RecordedRun& run,
                      const document::SqlTable& expensive)
{
    const record::Verdict& verdict = run.outcome.verdict;
    nlohmann::json result = {{"document", documentToName(options)},
                             {"run", run.run},
                             {"stage", stage},
                             {"executed_stage", run.executedStage},
                             {"mode", options.mode},
                             {"device", options.request.device},
                             {"inputs", run.outcome.inputs},
                             {"outputs", run.outcome.outputs},
                             {"iterations", nlohmann::json::array()},
                             {"executed", verdict.executed},
                             {"recorded", verdict.recorded},
                             {"dropped", verdict.dropped},
                             {"launched", verdict.launched},
                             {"kernels", verdict.kernels},
                             {"unattributed", verdict.unattributed},
                             {"outputs_equal", !verdict.outputsEqual   ? "unchecked"
                                               : *verdict.outputsEqual ? "yes"
                                                                       : "no"},
                             {"remarks", verdict.remarks},
                             {"most_expensive", nlohmann::json::array()}};
    for (const record::IterationTimes& times : run.outcome.iterations) {
        result["iterations"].push_back({{"number", times.number},
                                        {"duration_ns", times.end - times.start},
                                        {"compile_ns", times.compileNs}});
    }
    for (const std::vector<std::string>& row : expensive.rows) {
        result["most_expensive"].push_back({{"kind", row[0]},
                                            {"module", row[1]},
                                            {"file", row[2]},
                                            {"line", std::stoll(row[3])},
                                            {"calls", std::stoll(row[4])},
                                            {"total_ns", std::stoll(row[5])}});
    }
    return result;
}

void writeText(const RecordedRun& run, const document::SqlTable& expensive, Output& out)
{
    const record::Verdict& verdict = run.outcome.verdict;
    for (const record::IterationTimes& times : run.outcome.iterations) {
        out.write(fmt::format(
            "{} {}: {:.3f} ms{}\n", times.number < 0 ? "warm-up" : "iteration",
            times.number < 0 ? -times.number : times.number,
            static_cast<double>(times.end - times.start) / nanosecondsInMillisecond,
            times.compileNs > 0
                ? fmt::format("; {:.3f} ms to make its plan",
                              static_cast<double>(times.compileNs) / nanosecondsInMillisecond)
                : ""));
    }
    out.write(fmt::format("{} executed, {} recorded",
                          counted(static_cast<std::int64_t>(verdict.executed), "node"),
                          verdict.recorded));
    if (verdict.launched > 0)
        out.write(fmt::format("; {} launched, {} recorded",
                              counted(static_cast<std::int64_t>(verdict.launched), "kernel"),
                              verdict.kernels));
    if (verdict.outputsEqual) {
        out.write(*verdict.outputsEqual ? "; outputs equal those of the stock executor"
                                        : "; outputs differ from those of the stock executor");
    }
    out.write("\n");
    for (const std::string& remark : verdict.remarks)
        out.write(remark + "\n");
    out.write("\n    total ms  calls  node\n");
    for (const std::vector<std::string>& row : expensive.rows) {
        out.write(fmt::format("{:>12.3f} {:>6}  {}{}{}\n",
                              std::stod(row[5]) / nanosecondsInMillisecond, row[4], row[0],
                              row[1].empty() ? "" : fmt::format(" in {}", row[1]),
                              row[3] == "0" ? "" : fmt::format(" ({}:{})", row[2], row[3])));
    }
}

Result<int> profile(ProfileOptions& options, const CommandContext& context)
{
    options.request.mode =
        options.mode == "interpret" ? record::Mode::Interpret : record::Mode::Executor;
    const Result<std::vector<pipeline::Step>> steps = stepsOf(options);
    if (!steps)
        return tl::unexpected(steps.error());
    const auto session = openWork(options, context.job);
    if (!session)
        return tl::unexpected(session.error());
    Result<std::int64_t> stage = startingStage(**session, options, context.job);
    if (!stage)
        return tl::unexpected(stage.error());
    for (const pipeline::Step& call : *steps) {
        const Result<AppliedPass> applied =
            (*session)->apply(*stage, call.pass, call.arguments, context.job);
        if (!applied)
            return tl::unexpected(applied.error());
        stage = applied->stage;
    }
    const Result<RecordedRun> run = (*session)->run(*stage, options.request, context.job);
    if (!run)
        return tl::unexpected(run.error());
    const Result<document::SqlTable> expensive =
        mostExpensiveNodes((*session)->document(), run->run);
    if (!expensive)
        return tl::unexpected(expensive.error());
    if (options.json)
        context.out.writeJson(toJson(options, *stage, *run, *expensive));
    else
        writeText(*run, *expensive, context.out);
    return exitDone;
}

} // namespace

void addProfile(CLI::App& app, Plan& plan)
{
    CLI::App* command =
        app.add_subcommand("profile", "Run a method and record the time of every executed node");
    const auto options = std::make_shared<ProfileOptions>();
    options->request.iterations = 10;
    options->request.warmups = 2;
    addFile(*command, *options);
    command
        ->add_option("--input", options->request.inputs,
                     "One argument of the method, in order: 1x3x224x224, int64:8:0..1000, "
                     "zeros:2x4, 2.5, true, none, 'text', [a, b], file.pt, file.npy; those not "
                     "given are generated")
        ->allow_extra_args(false);
    command->add_option("--device", options->request.device, "cpu, cuda:0, ...")
        ->capture_default_str();
    command->add_option("--iterations", options->request.iterations, "Recorded iterations")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    command
        ->add_option("--warmups", options->request.warmups,
                     "Iterations before them, which are not recorded")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000000));
    command
        ->add_option("--threads", options->request.threads,
                     "Intra-op threads; 0: as LibTorch "
                     "chooses")
        ->capture_default_str()
        ->check(CLI::Range(0, 4096));
    command->add_flag("!--no-shapes", options->request.observeTypes,
                      "Do not run once more to see the shapes of all values");
    addSteps(*command, *options);
    command
        ->add_option("--mode", options->mode,
                     "executor: follow the executor's own plan; interpret: the stage as it stands")
        ->capture_default_str()
        ->check(CLI::IsMember({"executor", "interpret"}));
    command->add_option("-o,--output", options->output,
                        "The document to write; without it, FILE if that is a document");
    addOperatorLibraries(*command, *options);
    addStart(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        planWork(plan, *options,
                 [options](const CommandContext& context) { return profile(*options, context); });
    });
}

} // namespace jitscope::cli
