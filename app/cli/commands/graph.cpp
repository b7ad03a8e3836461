#include "app/cli/commands/dot_text.h"
#include "app/cli/commands/graph_choice.h"
#include "app/cli/commands/graph_picture.h"
#include "app/cli/commands/json_text.h"
#include "app/cli/commands/text_file.h"
#include "app/cli/commands/work.h"
#include "app/cli/session/bytecode_program.h"
#include "app/cli/session/model_file.h"
#include "app/cli/session/model_program.h"
#include "app/cli/session/printed_ir.h"

#include "core/archive/preflight.h"
#include "core/ir/print.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

struct GraphOptions : GraphChoice
{
    bool hasMethod = false; // the user gave it
    std::vector<std::string> operatorLibraries;
    std::string format = "text";
    std::string output; // a file; empty for standard output
    PictureSettings picture;
    std::string theme = "light";
};

Result<GraphPointer> loadedGraph(const ir::Program& program, const GraphOptions& options)
{
    std::optional<ir::FunctionId> function;
    if (!options.function.empty()) {
        function = program.functionNamed(options.function);
        if (!function)
            return noFunction(options);
    } else if (const std::optional<ir::ModuleId> module = program.moduleAt(options.module)) {
        for (const ir::Method& method : program.modules[*module].methods) {
            if (method.name == options.method)
                function = method.function;
        }
    }
    if (!function)
        return noMethod(options);
    return std::make_shared<const ir::Graph>(program.functions[*function].graph);
}

Result<void> checkStageOfModel(const GraphOptions& options)
{
    if (options.stage != "loaded" && options.stage != "inlined") {
        return fail(
            ErrorCode::InvalidArgument,
            fmt::format("A model has no stage '{}', only loaded and inlined.", options.stage),
            options.file, "Give a .jitscope document for the others.");
    }
    return {};
}

Result<GraphPointer> graphOfModel(archive::Report report, const GraphOptions& options,
                                  const JobContext& job)
{
    const Result<ModelFile> model = findModel(options.file, std::move(report), {weightsVerified});
    if (!model)
        return tl::unexpected(model.error());
    logRemarks(*model, job);
    const std::vector<std::filesystem::path> libraries = librariesOf(options.operatorLibraries);
    if (options.stage == "loaded") {
        const Result<ModelProgram> read = readModelProgram(*model, libraries, job);
        if (!read)
            return tl::unexpected(read.error());
        return loadedGraph(read->program, options);
    }
    if (isBytecodeOnly(model->report) || options.method.ends_with(bytecodeMark)) {
        return fail(ErrorCode::InvalidArgument, "Bytecode has no calls to expand.", options.file,
                    "Leave --stage away.");
    }
    torchscript::LoadOptions loading;
    loading.operatorLibraries = libraries;
    const auto session = torchscript::Session::load(model->path, loading, job);
    if (!session)
        return tl::unexpected(session.error());
    Result<torchscript::Stage> stage = (*session)->inlined(options.module, options.method, job);
    if (!stage)
        return tl::unexpected(stage.error());
    return std::make_shared<const ir::Graph>(std::move(stage->graph));
}

std::string textOf(const ir::Graph& graph, const GraphOptions& options)
{
    if (options.format == "json")
        return jsonText(graphToJson(graph));
    if (options.format == "dot")
        return dotText(graph);
    return ir::print(graph, {.locations = true, .modulePaths = true});
}

Result<std::string> textOfDocument(const GraphOptions& options, const JobContext& job)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    const Result<ChosenGraph> chosen = chooseGraph(*reader, options);
    if (!chosen)
        return tl::unexpected(chosen.error());
    if (options.format == "svg")
        return pictureOf(*reader, *chosen, options, options.picture, job);
    const Result<GraphPointer> graph = reader->graph(chosen->graph);
    if (!graph)
        return tl::unexpected(graph.error());
    return textOf(**graph, options);
}

// A picture needs what a document knows of a model: a temporary one is made.
Result<std::string> pictureOfModel(const GraphOptions& options, const JobContext& job)
{
    WorkOptions work;
    work.file = options.file;
    work.operatorLibraries = options.operatorLibraries;
    const auto session = openWork(work, job);
    if (!session)
        return tl::unexpected(session.error());
    GraphOptions asDocument = options;
    if (options.stage == "inlined") {
        const Result<std::int64_t> stage = (*session)->inlined(options.module, options.method, job);
        if (!stage)
            return tl::unexpected(stage.error());
        asDocument.stage = std::to_string(*stage);
    }
    asDocument.file = (*session)->document().string();
    Result<std::string> text = textOfDocument(asDocument, job);
    if (!text && text.error().where == asDocument.file)
        text.error().where = options.file;
    return text;
}

// The first graph of the text, unless another is named.
Result<std::string> textOfPrintedIr(const GraphOptions& asked, const JobContext& job)
{
    if (asked.stage != "loaded") {
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("Printed IR has no stage '{}', only loaded.", asked.stage),
                    asked.file, "Leave --stage away.");
    }
    const Result<ir::Program> program = readPrintedFile(asked.file, job);
    if (!program)
        return tl::unexpected(program.error());
    GraphOptions options = asked;
    if (!options.hasMethod && options.function.empty())
        options.method = program->modules.front().methods.front().name;
    if (options.format == "svg")
        return pictureOfModel(options, job);
    const Result<GraphPointer> graph = loadedGraph(*program, options);
    if (!graph)
        return tl::unexpected(graph.error());
    return textOf(**graph, options);
}

Result<std::string> textOfModel(const GraphOptions& options, const JobContext& job)
{
    Result<archive::Report> report = archive::inspect(options.file, {weightsVerified});
    if (report && report->kind == archive::Kind::PrintedIr)
        return textOfPrintedIr(options, job);
    if (const Result<void> possible = checkStageOfModel(options); !possible)
        return tl::unexpected(possible.error());
    if (options.format == "svg")
        return pictureOfModel(options, job);
    if (!report)
        return tl::unexpected(report.error());
    const Result<GraphPointer> graph = graphOfModel(*std::move(report), options, job);
    if (!graph)
        return tl::unexpected(graph.error());
    return textOf(**graph, options);
}

} // namespace

void addGraph(CLI::App& app, Plan& plan)
{
    CLI::App* command =
        app.add_subcommand("graph", "Print or draw the graph of a method or function");
    const auto options = std::make_shared<GraphOptions>();
    command
        ->add_option("FILE", options->file,
                     "A TorchScript model, a .jitscope document, or a text with printed IR")
        ->required();
    command->add_option("--module", options->module,
                        "Path of the module instance, such as layer1.0; the root if not given");
    CLI::Option* method =
        command->add_option("--method", options->method, "The method")->capture_default_str();
    command
        ->add_option("--function", options->function,
                     "A function by its qualified name, instead of a method")
        ->excludes(method)
        ->excludes("--module");
    command
        ->add_option("--stage", options->stage,
                     "loaded, inlined (all calls expanded), or the number of a document's stage")
        ->capture_default_str();
    command->add_option("--format", options->format, "text, json, dot (for Graphviz), or svg")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json", "dot", "svg"}));
    command->add_option("-o,--output", options->output,
                        "The file to write; standard output if not given");
    command
        ->add_option("--depth", options->picture.depth,
                     "svg: how many modules within one another are opened")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    command->add_flag("--leaves", options->picture.leaves,
                      "svg: open modules that are one operator, such as Conv2d, too");
    command->add_option("--theme", options->theme, "svg: light or dark")
        ->capture_default_str()
        ->check(CLI::IsMember({"light", "dark"}));
    command->add_flag("--raw", options->picture.rawSsa,
                      "svg: every node as a box, nothing folded or grouped");
    command
        ->add_option("-L,--op-library", options->operatorLibraries,
                     "A shared library that registers operators; may be given several times")
        ->allow_extra_args(false);
    command->callback([options, method, &plan] {
        options->hasMethod = method->count() != 0;
        options->picture.isDark = options->theme == "dark";
        plan.touchesModel = !archive::isDocument(options->file);
        plan.writableFolders = {folderOf(options->output)};
        plan.work = [options,
                     fromModel = plan.touchesModel](const CommandContext& context) -> Result<int> {
            const Result<std::string> text = fromModel ? textOfModel(*options, context.job)
                                                       : textOfDocument(*options, context.job);
            if (!text)
                return tl::unexpected(text.error());
            if (options->output.empty()) {
                context.out.write(*text);
                return exitDone;
            }
            if (const Result<void> written = writeTextFile(options->output, *text); !written)
                return tl::unexpected(written.error());
            return exitDone;
        };
    });
}

} // namespace jitscope::cli
