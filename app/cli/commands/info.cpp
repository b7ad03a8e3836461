#include "app/cli/commands/json_text.h"
#include "app/cli/commands/messages_to_user.h"
#include "app/cli/commands/operator_list.h"
#include "app/cli/commands/program_json.h"
#include "app/cli/commands/report_json.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/bytecode_program.h"
#include "app/cli/session/model_file.h"
#include "app/cli/session/printed_ir.h"

#include "core/archive/preflight.h"
#include "core/document/reader.h"

#include <fmt/format.h>

#include <limits>

namespace jitscope::cli {

using nlohmann::json;

namespace {

struct InfoOptions : WorkOptions
{
    bool withInlined = false;
    bool withOperators = false;
    bool verify = false;
};

// Weights that are read to check them without being asked to: a second on a slow disk.
constexpr std::uint64_t weightsVerified = 64u << 20;

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

// Functions and tensors of bytecode without code.
Result<void> addBytecode(json& out, const ModelFile& model, const InfoOptions& options)
{
    Result<ir::Program> program = readBytecodeProgram(model.path, model.report);
    if (!program)
        return tl::unexpected(program.error());
    addProgram(out, *program);
    out["tensors"] = describedTensors(model.report);
    for (const std::string& problem : program->problems)
        out["problems"].push_back(toJson({"unreadable-part", {}, problem, {}}));
    for (json& method : out["methods"]) {
        if (options.withInlined)
            method["inlined_error"] = "Bytecode has no calls to expand.";
    }
    return {};
}

Result<void> addModel(json& out, const ModelFile& model, const InfoOptions& options,
                      const JobContext& job)
{
    if (isBytecodeOnly(model.report))
        return addBytecode(out, model, options);
    const auto session = loadModel(model.path, options.operatorLibraries, job);
    if (!session && hasBytecodeInstead(model.report, session.error())) {
        out["has_code"] = false;
        out["problems"].push_back(toJson({"code-unusable", session.error().where,
                                          session.error().what, session.error().remedy}));
        return addBytecode(out, model, options);
    }
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

bool holdsModel(const archive::Report& report)
{
    return report.kind == archive::Kind::TorchServe && report.verdict == archive::Verdict::Ok;
}

std::uint64_t sumOf(const json& list, const char* field)
{
    std::uint64_t sum = 0;
    for (const json& entry : list)
        sum += entry.value(field, std::uint64_t{0});
    return sum;
}

// What only some kinds of file have.
std::string factsAsText(const json& out)
{
    std::string text;
    if (out.contains("served")) {
        const json& served = out["served"];
        text += fmt::format("  serves {} {} with handler {}; model {}\n",
                            served["name"].get<std::string>(), served["version"].get<std::string>(),
                            served["handler"].get<std::string>(),
                            served["serialized"].get<std::string>());
    }
    if (out.contains("bytecode")) {
        text += fmt::format("  bytecode of version {}{}\n",
                            out["bytecode"]["version"].get<std::int64_t>(),
                            out.value("has_code", false)
                                ? "; the file holds the TorchScript code as well, which is shown"
                                : " and no TorchScript code");
        for (const json& function : out["bytecode"]["functions"]) {
            text += fmt::format("  {:>7} instructions  {}\n",
                                function["instructions"].get<std::uint64_t>(),
                                function["name"].get<std::string>());
        }
    }
    for (const json& inputs : out.value("sample_inputs", json::array())) {
        std::string arguments;
        for (const json& argument : inputs["arguments"])
            arguments += (arguments.empty() ? "" : ", ") + argument.get<std::string>();
        text +=
            fmt::format("  traced {} with ({})\n", inputs["method"].get<std::string>(), arguments);
    }
    if (out.contains("checksums")) {
        const json& sums = out["checksums"];
        const auto failed = sums["failed"].get<std::uint64_t>();
        const auto unverified = sums["unverified"].get<std::uint64_t>();
        if (failed != 0 || unverified != 0)
            text += fmt::format("  checksums: {} hold, {} do not, {} ({} MB) not looked at{}\n",
                                sums["verified"].get<std::uint64_t>(), failed, unverified,
                                sums["unverified_bytes"].get<std::uint64_t>() >> 20U,
                                unverified == 0 ? "" : " (--verify does)");
    }
    return text;
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
    text += "\n" + factsAsText(out);
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
    } else if (!report.tensors.empty()) {
        out["tensors"] = describedTensors(report);
    }
    write(context.out, out, options.json);
    if (report.verdict == archive::Verdict::Ok)
        return exitDone;
    if (const Result<void> loadable = archive::checkLoadable(report, options.file); !loadable)
        tellError(loadable.error());
    return exitUnusableFile;
}

// What the model inside a TorchServe archive is, beside what the archive says.
void addInner(json& out, const ModelFile& model)
{
    const json inner = toJson(model.report);
    for (const json& problem : inner["problems"])
        out["problems"].push_back(problem);
    for (const char* field :
         {"file_format_version", "byte_order", "origin", "has_code", "called_operators", "classes",
          "custom_classes", "runs_at_load", "sample_inputs", "bytecode"}) {
        if (inner.contains(field))
            out[field] = inner[field];
    }
    out["served"]["kind"] = inner["kind"];
}

Result<int> readModel(const archive::Report& report, const InfoOptions& options,
                      const CommandContext& context)
{
    json out = toJson(report);
    const Result<ModelFile> model = findModel(options.file, report);
    if (!model) {
        return reject(context.out, std::move(out),
                      archive::verdictName(archive::Verdict::Unsupported), model.error(),
                      "inner-model", options.json);
    }
    if (!model->insideOf.empty())
        addInner(out, *model);
    json facts = out;
    if (const Result<void> added = addModel(out, *model, options, context.job); !added) {
        if (added.error().code == ErrorCode::Cancelled)
            return tl::unexpected(added.error());
        return reject(context.out, std::move(facts),
                      archive::verdictName(archive::Verdict::Damaged), added.error(), "load-failed",
                      options.json);
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
    command->add_flag("--verify", options->verify,
                      "Check the checksums of all weights, however large they are");
    addOperatorLibraries(*command, *options);
    addJson(*command, options->json);
    command->callback([options, &plan] {
        archive::InspectOptions inspection;
        inspection.verifiedWeights =
            options->verify ? std::numeric_limits<std::uint64_t>::max() : weightsVerified;
        const auto report =
            std::make_shared<Result<archive::Report>>(archive::inspect(options->file, inspection));
        const bool isModel = *report && (archive::checkLoadable(**report, options->file) ||
                                         isBytecodeOnly(**report) || holdsModel(**report));
        plan.touchesModel = isModel;
        plan.work = [options, report, isModel](const CommandContext& context) -> Result<int> {
            if (!*report)
                return tl::unexpected(report->error());
            return isModel ? readModel(**report, *options, context)
                           : inspectOnly(**report, *options, context);
        };
        plan.afterCrash = [options, report](Output& out, const Error& error) {
            return reject(out, toJson(**report), archive::verdictName(archive::Verdict::Damaged),
                          error, "crash", options->json);
        };
    });
}

} // namespace jitscope::cli
