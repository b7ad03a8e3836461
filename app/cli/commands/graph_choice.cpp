#include "app/cli/commands/graph_choice.h"

#include "app/cli/session/printed_ir.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace jitscope::cli {

namespace {

struct Tables
{
    std::vector<document::FunctionRow> functions;
    std::vector<document::ModuleRow> modules;
    std::vector<document::MethodRow> methods;
};

Result<Tables> readTables(const document::Reader& reader)
{
    auto functions = reader.rows<document::FunctionRow>();
    if (!functions)
        return tl::unexpected(functions.error());
    auto modules = reader.rows<document::ModuleRow>();
    if (!modules)
        return tl::unexpected(modules.error());
    auto methods = reader.rows<document::MethodRow>();
    if (!methods)
        return tl::unexpected(methods.error());
    return Tables{*std::move(functions), *std::move(modules), *std::move(methods)};
}

template <typename Row, typename Matches>
const Row* firstThat(const std::vector<Row>& rows, Matches matches)
{
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found == rows.end() ? nullptr : &*found;
}

// A function that is a method is shown as that of the first instance that has it.
Result<ChosenGraph> namedFunction(const Tables& tables, const GraphChoice& choice)
{
    const auto* function =
        firstThat(tables.functions, [&](const auto& row) { return row.name == choice.function; });
    if (function == nullptr)
        return noFunction(choice);
    ChosenGraph chosen;
    chosen.graph = function->graph;
    const auto* method =
        firstThat(tables.methods, [&](const auto& row) { return row.function == function->id; });
    if (method == nullptr)
        return chosen;
    const auto* module =
        firstThat(tables.modules, [&](const auto& row) { return row.id == method->module; });
    chosen.method = method->name;
    if (module != nullptr)
        chosen.module = module->path;
    return chosen;
}

Result<ChosenGraph> loadedGraph(const document::Reader& reader, const GraphChoice& choice)
{
    const Result<Tables> tables = readTables(reader);
    if (!tables)
        return tl::unexpected(tables.error());
    if (!choice.function.empty())
        return namedFunction(*tables, choice);
    const auto* module =
        firstThat(tables->modules, [&](const auto& row) { return row.path == choice.module; });
    if (module == nullptr)
        return noMethod(choice);
    const auto* method = firstThat(tables->methods, [&](const auto& row) {
        return row.module == module->id && row.name == choice.method;
    });
    if (method == nullptr)
        return noMethod(choice);
    const auto* function =
        firstThat(tables->functions, [&](const auto& row) { return row.id == method->function; });
    if (function == nullptr)
        return noMethod(choice);
    return ChosenGraph{1, function->graph, choice.module, choice.method};
}

std::string shownMethod(const GraphChoice& choice)
{
    return choice.module.empty() ? choice.method
                                 : fmt::format("{}.{}", choice.module, choice.method);
}

// What can be done instead: the stages that there are of the method, or how to make the first.
std::string otherStages(const document::Reader& reader,
                        const std::vector<document::StageRow>& stages, const GraphChoice& choice)
{
    std::string others;
    for (const document::StageRow& row : stages) {
        if (row.kind != "loaded" && row.module == choice.module && row.method == choice.method)
            others += fmt::format("{}{} ({})", others.empty() ? "" : ", ", row.id, row.label);
    }
    if (!others.empty())
        return fmt::format("Of {} it has the stages {}.", shownMethod(choice), others);
    const Result<std::string> kind = reader.info("model_kind");
    if (kind && (*kind == printedIrKind || *kind == "bytecode"))
        return "It has no model whose calls could be expanded; leave --stage away.";
    const Result<std::string> model = reader.info("model_path");
    return fmt::format("A pass or a run of the method adds it to the document; without, ask the "
                       "model: `jitscope-cli graph {} --stage inlined`.",
                       model && !model->empty() ? *model : std::string("MODEL"));
}

tl::unexpected<Error> noStage(const document::Reader& reader,
                              const std::vector<document::StageRow>& stages,
                              const GraphChoice& choice)
{
    const bool isOfMethod = choice.stage == "inlined";
    if (isOfMethod) {
        if (const Result<ChosenGraph> loaded = loadedGraph(reader, choice); !loaded)
            return tl::unexpected(loaded.error()); // there is no such method at all
    }
    return fail(ErrorCode::InvalidArgument,
                isOfMethod ? fmt::format("The document has no stage '{}' of {}.", choice.stage,
                                         shownMethod(choice))
                           : fmt::format("The document has no stage '{}'.", choice.stage),
                choice.file,
                isOfMethod ? otherStages(reader, stages, choice)
                           : "`jitscope-cli info` lists the stages.");
}

} // namespace

tl::unexpected<Error> noMethod(const GraphChoice& choice)
{
    return fail(ErrorCode::InvalidArgument,
                choice.module.empty()
                    ? fmt::format("The model itself has no method '{}'.", choice.method)
                    : fmt::format("The model has no method '{}' in the module '{}'.", choice.method,
                                  choice.module),
                choice.file, "`jitscope-cli info` lists the methods.");
}

tl::unexpected<Error> noFunction(const GraphChoice& choice)
{
    return fail(ErrorCode::InvalidArgument,
                fmt::format("There is no function '{}'.", choice.function), choice.file,
                "`jitscope-cli info` lists the functions.");
}

Result<ChosenGraph> chooseGraph(const document::Reader& reader, const GraphChoice& choice)
{
    if (choice.stage == "loaded")
        return loadedGraph(reader, choice);
    const auto stages = reader.rows<document::StageRow>();
    if (!stages)
        return tl::unexpected(stages.error());
    std::int64_t id = 0;
    const char* end = choice.stage.data() + choice.stage.size();
    const bool isNumber = std::from_chars(choice.stage.data(), end, id).ptr == end;
    // The stage with the number, or the first of the method with the kind.
    for (const document::StageRow& row : *stages) {
        const bool isAsked = isNumber ? row.id == id
                                      : row.kind == choice.stage && row.module == choice.module &&
                                            row.method == choice.method;
        if (isAsked && row.graph != 0)
            return ChosenGraph{row.id, row.graph, row.module, row.method};
        if (isAsked)
            return loadedGraph(reader, choice);
    }
    return noStage(reader, *stages, choice);
}

} // namespace jitscope::cli
