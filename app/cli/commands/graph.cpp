#include "app/cli/commands/dot_text.h"
#include "app/cli/commands/json_text.h"
#include "app/cli/commands/work.h"

#include "core/document/reader.h"
#include "core/ir/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace jitscope::cli {

namespace {

struct GraphOptions
{
    std::string file;
    std::vector<std::string> operatorLibraries;
    std::string function; // qualified name; else the method of the module
    std::string module;
    std::string method = "forward";
    std::string stage = "loaded";
    std::string format = "text";
};

using GraphPointer = std::shared_ptr<const ir::Graph>;

tl::unexpected<Error> noMethod(const GraphOptions& options)
{
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The model has no method '{}' in the module '{}'.", options.method,
                            options.module),
                options.file, "`jitscope-cli info` lists the methods.");
}

tl::unexpected<Error> noFunction(const GraphOptions& options)
{
    return fail(ErrorCode::InvalidArgument,
                fmt::format("There is no function '{}'.", options.function), options.file,
                "`jitscope-cli info` lists the functions.");
}

Result<GraphPointer> loadedGraph(const document::Reader& reader, const GraphOptions& options)
{
    const auto functions = reader.rows<document::FunctionRow>();
    if (!functions)
        return tl::unexpected(functions.error());
    const auto modules = reader.rows<document::ModuleRow>();
    if (!modules)
        return tl::unexpected(modules.error());
    const auto methods = reader.rows<document::MethodRow>();
    if (!methods)
        return tl::unexpected(methods.error());
    if (!options.function.empty()) {
        for (const document::FunctionRow& row : *functions) {
            if (row.name == options.function)
                return reader.graph(row.graph);
        }
        return noFunction(options);
    }
    for (const document::ModuleRow& module : *modules) {
        for (const document::MethodRow& method : *methods) {
            if (module.path != options.module || method.module != module.id ||
                method.name != options.method)
                continue;
            for (const document::FunctionRow& row : *functions) {
                if (row.id == method.function)
                    return reader.graph(row.graph);
            }
        }
    }
    return noMethod(options);
}

// The stage with the number, or the first of the method with the kind.
Result<GraphPointer> stageGraph(const document::Reader& reader, const GraphOptions& options)
{
    const auto stages = reader.rows<document::StageRow>();
    if (!stages)
        return tl::unexpected(stages.error());
    std::int64_t id = 0;
    const char* end = options.stage.data() + options.stage.size();
    const bool isNumber = std::from_chars(options.stage.data(), end, id).ptr == end;
    for (const document::StageRow& row : *stages) {
        const bool isAsked = isNumber ? row.id == id
                                      : row.kind == options.stage && row.module == options.module &&
                                            row.method == options.method;
        if (isAsked && row.graph != 0)
            return reader.graph(row.graph);
        if (isAsked)
            return loadedGraph(reader, options);
    }
    return fail(ErrorCode::InvalidArgument,
                fmt::format("The document has no stage '{}' of that method.", options.stage),
                options.file, "`jitscope-cli info` lists the stages.");
}

Result<GraphPointer> graphOfDocument(const GraphOptions& options)
{
    const Result<document::Reader> reader = document::Reader::open(options.file);
    if (!reader)
        return tl::unexpected(reader.error());
    return options.stage == "loaded" ? loadedGraph(*reader, options) : stageGraph(*reader, options);
}

Result<GraphPointer> loadedGraph(torchscript::Session& session, const GraphOptions& options,
                                 const JobContext& job)
{
    const Result<ir::Program> program = session.program(job);
    if (!program)
        return tl::unexpected(program.error());
    std::optional<ir::FunctionId> function;
    if (!options.function.empty()) {
        function = program->functionNamed(options.function);
        if (!function)
            return noFunction(options);
    } else if (const std::optional<ir::ModuleId> module = program->moduleAt(options.module)) {
        for (const ir::Method& method : program->modules[*module].methods) {
            if (method.name == options.method)
                function = method.function;
        }
    }
    if (!function)
        return noMethod(options);
    return std::make_shared<const ir::Graph>(program->functions[*function].graph);
}

Result<GraphPointer> graphOfModel(const GraphOptions& options, const JobContext& job)
{
    if (options.stage != "loaded" && options.stage != "inlined") {
        return fail(
            ErrorCode::InvalidArgument,
            fmt::format("A model has no stage '{}', only loaded and inlined.", options.stage),
            options.file, "Give a .jitscope document for the others.");
    }
    const auto session = openModel(options.file, options.operatorLibraries, job);
    if (!session)
        return tl::unexpected(session.error());
    if (options.stage == "loaded")
        return loadedGraph(**session, options, job);
    Result<torchscript::Stage> stage = (*session)->inlined(options.module, options.method, job);
    if (!stage)
        return tl::unexpected(stage.error());
    return std::make_shared<const ir::Graph>(std::move(stage->graph));
}

void write(const ir::Graph& graph, const GraphOptions& options, Output& out)
{
    if (options.format == "json")
        out.writeJson(graphToJson(graph));
    else if (options.format == "dot")
        out.write(dotText(graph));
    else
        out.write(ir::print(graph, {.locations = true, .modulePaths = options.stage != "loaded"}));
}

} // namespace

void addGraph(CLI::App& app, Plan& plan)
{
    CLI::App* command = app.add_subcommand("graph", "Print the graph of a method or function");
    const auto options = std::make_shared<GraphOptions>();
    command->add_option("FILE", options->file, "A TorchScript model or a .jitscope document")
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
    command->add_option("--format", options->format, "text, json, or dot (for Graphviz)")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json", "dot"}));
    command
        ->add_option("-L,--op-library", options->operatorLibraries,
                     "A shared library that registers operators; may be given several times")
        ->allow_extra_args(false);
    command->callback([options, &plan] {
        plan.touchesModel = !isDocument(options->file);
        plan.work = [options,
                     fromModel = plan.touchesModel](const CommandContext& context) -> Result<int> {
            const Result<GraphPointer> graph =
                fromModel ? graphOfModel(*options, context.job) : graphOfDocument(*options);
            if (!graph)
                return tl::unexpected(graph.error());
            write(**graph, *options, context.out);
            return exitDone;
        };
    });
}

} // namespace jitscope::cli
