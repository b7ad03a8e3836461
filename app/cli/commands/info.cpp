#include "app/cli/commands/json_text.h"
#include "app/cli/commands/messages_to_user.h"
#include "app/cli/commands/operator_list.h"
#include "app/cli/commands/program_json.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/printed_ir.h"

#include "core/archive/preflight.h"
#include "core/document/reader.h"

#include <fmt/format.h>

namespace jitscope::cli {

using nlohmann::json;

namespace {

struct InfoOptions : WorkOptions
{
    bool withInlined = false;
    bool withOperators = false;
};

json toJson(const archive::Problem& problem)
{
    return {{"code", problem.code},
            {"record", problem.record},
            {"message", problem.message},
            {"remedy", problem.remedy}};
}

json toJson(const archive::Report& report)
{
    json out = {{"kind", archive::kindName(report.kind)},
                {"verdict", archive::verdictName(report.verdict)},
                {"problems", json::array()}};
    if (const std::string_view format = archive::formatName(report.kind); !format.empty())
        out["format"] = format;
    for (const archive::Problem& problem : report.problems)
        out["problems"].push_back(toJson(problem));
    if (!report.producer.empty())
        out["producer"] = report.producer;
    if (report.fileFormatVersion)
        out["file_format_version"] = *report.fileFormatVersion;
    if (!report.byteOrder.empty())
        out["byte_order"] = report.byteOrder;
    if (report.kind == archive::Kind::TorchScript)
        out["origin"] = archive::originName(report.origin);
    if (!report.modelHash.empty())
        out["model_hash"] = report.modelHash;
    return out;
}

// The table `info` and how much there is of the rest.
Result<json> documentFacts(const document::Reader& reader)
{
    json facts = json::object();
    const auto rows = reader.rows<document::InfoRow>();
    if (!rows)
        return tl::unexpected(rows.error());
    for (const document::InfoRow& row : *rows) {
        if (row.name != "writer") // of the moment
            facts[row.name] = row.value;
    }
    const auto stages = reader.rows<document::StageRow>();
    if (!stages)
        return tl::unexpected(stages.error());
    facts["stages"] = json::array();
    for (const document::StageRow& row : *stages) {
        facts["stages"].push_back({{"id", row.id},
                                   {"parent", row.parent},
                                   {"kind", row.kind},
                                   {"label", row.label},
                                   {"module", row.module},
                                   {"method", row.method}});
    }
    const auto runs = reader.rows<document::RunRow>();
    if (!runs)
        return tl::unexpected(runs.error());
    facts["runs"] = json::array();
    for (const document::RunRow& row : *runs) {
        facts["runs"].push_back({{"id", row.id},
                                 {"stage", row.stage},
                                 {"executed_stage", row.executed_stage},
                                 {"device", row.device},
                                 {"iterations", row.iterations},
                                 {"state", row.state},
                                 {"verdict", row.verdict}});
    }
    return facts;
}

Result<void> addDocument(json& out, const InfoOptions& options)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    Result<json> facts = documentFacts(*reader);
    if (!facts)
        return tl::unexpected(facts.error());
    out["document"] = *std::move(facts);
    if (options.withOperators) {
        const auto functions = reader->rows<document::FunctionRow>();
        if (!functions)
            return tl::unexpected(functions.error());
        OperatorList operators;
        for (const document::FunctionRow& row : *functions) {
            const auto graph = reader->graph(row.graph);
            if (!graph)
                return tl::unexpected(graph.error());
            operators.add(**graph);
        }
        out["operators"] = operators.toJson();
    }
    return addProgram(out, *reader);
}

Result<void> addModel(json& out, const InfoOptions& options, const JobContext& job)
{
    const auto session = openModel(options.file, options.operatorLibraries, job);
    if (!session)
        return tl::unexpected(session.error());
    const Result<ir::Program> program = (*session)->program(job);
    if (!program)
        return tl::unexpected(program.error());
    addProgram(out, *program);
    for (const std::string& problem : program->problems)
        out["problems"].push_back(toJson({"unreadable-part", {}, problem, {}}));
    if (options.withOperators) {
        OperatorList operators;
        for (const ir::Function& function : program->functions)
            operators.add(function.graph);
        out["operators"] = operators.toJson();
    }
    if (!options.withInlined)
        return {};
    for (json& method : out["methods"]) {
        if (job.isCancelled())
            return cancelled();
        const Result<torchscript::Stage> stage =
            (*session)->inlined(method["module"], method["name"], job);
        if (stage)
            method["inlined"] = countsToJson(stage->graph);
        else
            method["inlined_error"] = stage.error().message();
    }
    return {};
}

std::uint64_t sumOf(const json& list, const char* field)
{
    std::uint64_t sum = 0;
    for (const json& entry : list)
        sum += entry.value(field, std::uint64_t{0});
    return sum;
}

std::string asText(const json& out)
{
    std::string text =
        fmt::format("{}: {}", out[out.contains("format") ? "format" : "kind"].get<std::string>(),
                    out["verdict"].get<std::string>());
    if (out.contains("origin"))
        text += ", " + out["origin"].get<std::string>();
    if (out.contains("file_format_version"))
        text += fmt::format(", file format {}", out["file_format_version"].get<std::int64_t>());
    if (out.contains("producer"))
        text += ", written by " + out["producer"].get<std::string>();
    text += "\n";
    for (const json& problem : out["problems"]) {
        const auto record = problem["record"].get<std::string>();
        text += fmt::format("  {}{} {}\n", problem["message"].get<std::string>(),
                            record.empty() ? "" : " (" + record + ")",
                            problem["remedy"].get<std::string>());
    }
    if (out.contains("tensors")) {
        text += fmt::format("{} tensors, {} bytes\n", out["tensors"].size(),
                            sumOf(out["tensors"], "bytes"));
    }
    if (out.contains("functions")) {
        text += fmt::format("{} functions, {} nodes; {} methods of module instances\n",
                            out["functions"].size(), sumOf(out["functions"], "nodes"),
                            out["methods"].size());
        for (const json& function : out["functions"]) {
            text += fmt::format("  {:>7} nodes  {}\n", function["nodes"].get<std::uint64_t>(),
                                function["name"].get<std::string>());
        }
    }
    if (out.contains("missing_operators")) {
        for (const json& missing : out["missing_operators"])
            text += missingSentence(missing) + "\n";
    }
    if (out.contains("operators")) {
        text += "operators:\n";
        for (const json& entry : out["operators"]) {
            text += fmt::format(
                "  {:>7} x  {}\n             {}\n", entry["count"].get<std::uint64_t>(),
                entry["kind"].get<std::string>(), entry.value("note", "There is no note on it."));
        }
    }
    return text;
}

void write(Output& out, const json& facts, bool json)
{
    if (json)
        out.writeJson(facts);
    else
        out.write(asText(facts));
}

// The file cannot be used: still tells what it is.
int reject(Output& out, json facts, std::string_view verdict, const Error& error,
           std::string_view code, bool asJson)
{
    facts["verdict"] = verdict;
    facts["problems"].push_back(toJson({std::string(code), error.where, error.what, error.remedy}));
    write(out, facts, asJson);
    tellError(error);
    return exitCode(error.code);
}

Result<int> inspectOnly(const archive::Report& report, const InfoOptions& options,
                        const CommandContext& context)
{
    json out = toJson(report);
    if (report.kind == archive::Kind::PrintedIr) {
        const Result<ir::Program> program = readPrintedFile(options.file, context.job);
        if (!program && program.error().code == ErrorCode::Cancelled)
            return tl::unexpected(program.error());
        if (!program)
            return reject(context.out, std::move(out),
                          archive::verdictName(archive::Verdict::Damaged), program.error(),
                          "syntax", options.json);
        addProgram(out, *program);
    }
    if (report.kind == archive::Kind::JitscopeDocument) {
        if (const Result<void> added = addDocument(out, options); !added)
            return tl::unexpected(added.error());
    }
    write(context.out, out, options.json);
    if (report.verdict == archive::Verdict::Ok)
        return exitDone;
    if (const Result<void> loadable = archive::checkLoadable(report, options.file); !loadable)
        tellError(loadable.error());
    return exitUnusableFile;
}

Result<int> readModel(const archive::Report& report, const InfoOptions& options,
                      const CommandContext& context)
{
    json out = toJson(report);
    if (const Result<void> added = addModel(out, options, context.job); !added) {
        if (added.error().code == ErrorCode::Cancelled)
            return tl::unexpected(added.error());
        return reject(context.out, toJson(report), archive::verdictName(archive::Verdict::Damaged),
                      added.error(), "load-failed", options.json);
    }
    write(context.out, out, options.json);
    return exitDone;
}

} // namespace

void addInfo(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand("info", "Tell what a file is and what it holds");
    const auto options = std::make_shared<InfoOptions>();
    addFile(*command, *options);
    command->get_option("FILE")->description("Any file; best a TorchScript model or a document");
    command->add_flag("--inline", options->withInlined,
                      "Also count every method with all its calls expanded");
    command->add_flag("--operators", options->withOperators,
                      "Also list the operators with what they do");
    addOperatorLibraries(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        const auto report =
            std::make_shared<Result<archive::Report>>(archive::inspect(options->file));
        const bool loadable = *report && archive::checkLoadable(**report, options->file);
        plan.touchesModel = loadable;
        plan.work = [options, report, loadable](const CommandContext& context) -> Result<int> {
            if (!*report)
                return tl::unexpected(report->error());
            return loadable ? readModel(**report, *options, context)
                            : inspectOnly(**report, *options, context);
        };
        plan.afterCrash = [options, report](Output& out, const Error& error) {
            return reject(out, toJson(**report), archive::verdictName(archive::Verdict::Damaged),
                          error, "crash", options->json);
        };
    });
}

} // namespace jitscope::cli
