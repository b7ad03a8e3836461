#include "app/cli/commands/program_json.h"

#include "app/cli/commands/json_text.h"

#include "core/ir/names.h"
#include "core/ir/tensor_role.h"

#include <fmt/format.h>

#include <map>

namespace jitscope::cli {

using nlohmann::json;

namespace {

json toJson(const ir::MissingOperator& missing)
{
    return {{"name", missing.name},     {"library", missing.library},
            {"calls", missing.calls},   {"needed_by", missing.neededBy},
            {"key", missing.firstCall}, {"guessed", missing.isGuessed}};
}

// Calls through interfaces, each with what it may reach.
class InterfaceCallList
{
public:
    void add(std::int64_t call, const std::string& caller, const std::string& candidate)
    {
        json& entry = m_calls[call];
        if (entry.is_null())
            entry = {{"key", call}, {"function", caller}, {"candidates", json::array()}};
        entry["candidates"].push_back(candidate);
    }

    json take()
    {
        json list = json::array();
        for (auto& [key, entry] : m_calls)
            list.push_back(std::move(entry));
        return list;
    }

private:
    std::map<std::int64_t, json> m_calls; // by key
};

void findCallers(const ir::Graph& graph, const std::string& function,
                 std::map<ir::NodeKey, std::string>& callers)
{
    for (const ir::Node& node : graph.nodes) {
        if (const auto found = callers.find(node.key); found != callers.end())
            found->second = function;
    }
    for (const ir::Graph& subgraph : graph.subgraphs)
        findCallers(subgraph, function, callers);
}

json interfaceCalls(const ir::Program& program)
{
    std::map<ir::NodeKey, std::string> callers;
    for (const ir::CallCandidate& candidate : program.candidates)
        callers.emplace(candidate.call, std::string());
    if (!callers.empty()) {
        for (const ir::Function& function : program.functions)
            findCallers(function.graph, function.name, callers);
    }
    InterfaceCallList list;
    for (const ir::CallCandidate& candidate : program.candidates)
        list.add(candidate.call, callers.at(candidate.call),
                 program.functions[candidate.function].name);
    return list.take();
}

Result<json> interfaceCalls(const document::Reader& reader)
{
    const Result<document::SqlTable> table = reader.query(
        "SELECT c.node, n.function, f.name FROM call_candidate c JOIN node_named n ON n.key = "
        "c.node JOIN function f ON f.id = c.function ORDER BY c.node, c.function");
    if (!table)
        return tl::unexpected(table.error());
    InterfaceCallList list;
    for (const std::vector<std::string>& row : table->rows)
        list.add(std::stoll(row[0]), row[1], row[2]);
    return list.take();
}

Result<void> addFunctions(json& out, const document::Reader& reader)
{
    const auto functions = reader.rows<document::FunctionRow>();
    if (!functions)
        return tl::unexpected(functions.error());
    out["functions"] = json::array();
    for (const document::FunctionRow& row : *functions) {
        const auto graph = reader.graph(row.graph);
        if (!graph)
            return tl::unexpected(graph.error());
        json entry = countsToJson(**graph);
        entry["name"] = row.name;
        out["functions"].push_back(std::move(entry));
    }
    const Result<document::SqlTable> methods =
        reader.query("SELECT m.path, x.name, f.name FROM method x JOIN module m ON m.id = x.module "
                     "JOIN function f ON f.id = x.function ORDER BY x.rowid");
    if (!methods)
        return tl::unexpected(methods.error());
    out["methods"] = json::array();
    for (const std::vector<std::string>& row : methods->rows)
        out["methods"].push_back({{"module", row[0]}, {"name", row[1]}, {"function", row[2]}});
    return {};
}

} // namespace

void addProgram(json& out, const ir::Program& program)
{
    out["tensors"] = json::array();
    for (const ir::Tensor& tensor : program.tensors) {
        out["tensors"].push_back({{"name", tensor.name},
                                  {"role", ir::roleName(tensor.role)},
                                  {"dtype", tensor.dtype},
                                  {"shape", tensor.shape},
                                  {"bytes", tensor.bytes}});
    }
    out["functions"] = json::array();
    for (const ir::Function& function : program.functions) {
        json entry = countsToJson(function.graph);
        entry["name"] = function.name;
        out["functions"].push_back(std::move(entry));
    }
    out["methods"] = json::array();
    for (const ir::Module& module : program.modules) {
        for (const ir::Method& method : module.methods) {
            out["methods"].push_back({{"module", module.path},
                                      {"name", method.name},
                                      {"function", program.functions[method.function].name}});
        }
    }
    out["interface_calls"] = interfaceCalls(program);
    out["missing_operators"] = missingToJson(program.missingOperators);
}

Result<void> addProgram(json& out, const document::Reader& reader)
{
    const auto tensors = reader.rows<document::TensorRow>();
    if (!tensors)
        return tl::unexpected(tensors.error());
    out["tensors"] = json::array();
    for (const document::TensorRow& row : *tensors) {
        out["tensors"].push_back({{"name", row.name},
                                  {"role", row.role},
                                  {"dtype", row.dtype},
                                  {"shape", json::parse(row.shape, nullptr, false)},
                                  {"bytes", row.bytes}});
    }
    if (const Result<void> added = addFunctions(out, reader); !added)
        return added;
    Result<json> calls = interfaceCalls(reader);
    if (!calls)
        return tl::unexpected(calls.error());
    out["interface_calls"] = *std::move(calls);
    const auto missing = reader.rows<document::MissingOperatorRow>();
    if (!missing)
        return tl::unexpected(missing.error());
    out["missing_operators"] = json::array();
    for (const document::MissingOperatorRow& row : *missing) {
        out["missing_operators"].push_back(toJson(
            {row.name, row.library, row.is_guessed != 0, static_cast<std::uint64_t>(row.calls),
             static_cast<ir::NodeKey>(row.first_call), row.needed_by}));
    }
    return {};
}

json missingToJson(const std::vector<ir::MissingOperator>& operators)
{
    json list = json::array();
    for (const ir::MissingOperator& missing : operators)
        list.push_back(toJson(missing));
    return list;
}

std::string missingSentence(const json& missing)
{
    const auto library = missing["library"].get<std::string>();
    const auto name = missing["name"].get<std::string>();
    const std::string remedy =
        ir::isOfLibTorch(name)
            ? ": this version of LibTorch does not have it. Run the model with the version of "
              "PyTorch that saved it, or save it again with this one."
        : library.empty()
            ? " without the library that registers it (--op-library)."
            : fmt::format(" without the operator library of {} (--op-library).", library);
    return fmt::format("{} can be read but not run{} It is needed by {}.{}", name, remedy,
                       missing["needed_by"].get<std::string>(),
                       missing["guessed"].get<bool>()
                           ? " Its schema is guessed from the calls; its results count as tensors."
                           : "");
}

} // namespace jitscope::cli
