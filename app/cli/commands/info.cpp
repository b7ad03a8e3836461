#include "app/cli/commands/info_text.h"
#include "app/cli/commands/json_text.h"
#include "app/cli/commands/messages_to_user.h"
#include "app/cli/commands/operator_list.h"
#include "app/cli/commands/program_json.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/bytecode_program.h"
#include "app/cli/session/model_file.h"
#include "app/cli/session/model_program.h"
#include "app/cli/session/printed_ir.h"
#include "app/cli/session/report_json.h"

#include "core/archive/preflight.h"
#include "core/document/reader.h"

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

constexpr auto noCallsToExpand = "Bytecode has no calls to expand.";

// The table `info` and how much there is of the rest.
Result<json> documentFacts(const document::Reader& reader)
{
    json facts = json::object();
    const auto rows = reader.rows<document::InfoRow>();
    if (!rows)
        return tl::unexpected(rows.error());
    for (const document::InfoRow& row : *rows) {
        if (row.name == "file_facts")
            facts[row.name] = json::parse(row.value, nullptr, false);
        else if (row.name != "writer") // of the moment
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

Result<void> addInlined(json& method, torchscript::Session* session, const JobContext& job)
{
    if (job.isCancelled())
        return cancelled();
    if (session == nullptr || method["name"].get<std::string>().ends_with(bytecodeMark)) {
        method["inlined_error"] = noCallsToExpand;
        return {};
    }
    const Result<torchscript::Stage> stage =
        session->inlined(method["module"], method["name"], job);
    if (stage)
        method["inlined"] = countsToJson(stage->graph);
    else
        method["inlined_error"] = stage.error().message();
    return {};
}

Result<void> addModel(json& out, const ModelFile& model, const InfoOptions& options,
                      const JobContext& job)
{
    const Result<ModelProgram> read =
        readModelProgram(model, librariesOf(options.operatorLibraries), job);
    if (!read)
        return tl::unexpected(read.error());
    if (const std::optional<Error>& failure = read->codeFailure) {
        out["has_code"] = false;
        out["problems"].push_back(
            toJson({"code-unusable", failure->where, failure->what, failure->remedy}));
    }
    const ir::Program& program = read->program;
    addProgram(out, program);
    for (const std::string& problem : program.problems)
        out["problems"].push_back(toJson({"unreadable-part", {}, problem, {}}));
    if (options.withOperators) {
        OperatorList operators;
        for (const ir::Function& function : program.functions)
            operators.add(function.graph);
        out["operators"] = operators.toJson();
    }
    if (!options.withInlined)
        return {};
    for (json& method : out["methods"]) {
        if (const Result<void> added = addInlined(method, read->session.get(), job); !added)
            return added;
    }
    return {};
}

bool holdsModel(const archive::Report& report)
{
    return report.kind == archive::Kind::TorchServe && report.verdict == archive::Verdict::Ok;
}

void write(Output& out, const json& facts, bool json)
{
    if (json)
        out.writeJson(facts);
    else
        out.write(infoText(facts));
}

int exitOf(const json& facts)
{
    for (const json& problem : facts["problems"]) {
        if (archive::isFinding(problem["code"].get<std::string>()))
            return exitFindings;
    }
    return exitDone;
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
        json facts = out;
        if (const Result<void> added = addDocument(out, options); !added)
            return reject(context.out, std::move(facts),
                          archive::verdictName(archive::Verdict::Damaged), added.error(),
                          "document", options.json);
    } else if (!report.tensors.empty()) {
        out["tensors"] = describedTensors(report);
    }
    write(context.out, out, options.json);
    if (report.verdict == archive::Verdict::Ok)
        return exitOf(out);
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
    const Result<ModelFile> model = findModel(options.file, report, {options.verifiedWeights});
    if (!model) {
        return reject(context.out, std::move(out),
                      archive::verdictName(archive::Verdict::Unsupported), model.error(),
                      "inner-model", options.json);
    }
    if (!model->insideOf.empty())
        addInner(out, *model);
    json facts = out;
    if (const Result<void> added = addModel(out, *model, options, context.job); !added) {
        const ErrorCode code = added.error().code;
        if (code == ErrorCode::Cancelled)
            return tl::unexpected(added.error());
        // An operator library that was given cannot be opened: that says nothing of the model.
        if (code == ErrorCode::InvalidArgument || code == ErrorCode::Unavailable)
            return reject(context.out, std::move(facts), archive::verdictName(report.verdict),
                          added.error(), "operator-library", options.json);
        return reject(context.out, std::move(facts),
                      archive::verdictName(archive::Verdict::Damaged), added.error(), "load-failed",
                      options.json);
    }
    write(context.out, out, options.json);
    return exitOf(out);
}

// There is nothing to look at. A program that reads the answer gets one all the same.
int noFile(const Error& error, const InfoOptions& options, Output& out)
{
    const archive::Problem problem{"no-file", error.where, error.what, error.remedy};
    if (options.json) {
        out.writeJson(json{{"kind", archive::kindName(archive::Kind::Unknown)},
                           {"verdict", archive::verdictName(archive::Verdict::Refused)},
                           {"problems", json::array({toJson(problem)})}});
    }
    tellError(error);
    return exitCode(error.code);
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
        if (options->verify)
            options->verifiedWeights = std::numeric_limits<std::uint64_t>::max();
        const auto report = std::make_shared<Result<archive::Report>>(
            archive::inspect(options->file, {options->verifiedWeights}));
        const bool isModel = *report && (archive::checkLoadable(**report, options->file) ||
                                         isBytecodeOnly(**report) || holdsModel(**report));
        plan.touchesModel = isModel;
        plan.work = [options, report, isModel](const CommandContext& context) -> Result<int> {
            if (!*report)
                return noFile(report->error(), *options, context.out);
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
