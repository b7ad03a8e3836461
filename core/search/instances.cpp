#include "core/search/function_instances.h"
#include "core/search/index_p.h"

#include "core/ir/names.h"

#include <algorithm>
#include <set>

namespace jitscope::search {

namespace {

// Finds functions by what a graph says of them: the qualified name, or only its last part.
class FunctionNames
{
public:
    explicit FunctionNames(std::span<const document::FunctionRow> functions)
    {
        for (std::uint32_t i = 0; i < functions.size(); ++i) {
            if (functions[i].is_method != 0)
                continue;
            m_byName.emplace(functions[i].name, i);
            m_byLastPart.emplace(ir::lastPart(functions[i].name), i);
        }
    }

    [[nodiscard]] std::uint32_t find(std::string_view name) const
    {
        if (const auto found = m_byName.find(name); found != m_byName.end())
            return found->second;
        const auto found = m_byLastPart.find(ir::lastPart(name));
        return found == m_byLastPart.end() ? ir::none : found->second;
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> m_byName;
    std::unordered_map<std::string_view, std::uint32_t> m_byLastPart;
};

void addCallees(const ir::Graph& graph, const FunctionNames& names, std::set<std::uint32_t>& found)
{
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) != "prim::CallFunction" || node.inputs.count == 0)
            continue;
        const ir::Value& callee = graph.values[graph.inputsOf(node)[0]];
        if (callee.producer == ir::none)
            continue;
        const std::string_view type = graph.text(callee.type);
        const ir::Attribute* name = graph.attribute(graph.nodes[callee.producer], "name");
        std::uint32_t function =
            type.find('.') != std::string_view::npos ? names.find(type) : ir::none;
        if (function == ir::none && name != nullptr)
            function = names.find(ir::unquoted(graph.text(name->text)));
        if (function != ir::none)
            found.insert(function);
    }
}

// Which functions each function calls, by their rows.
using Callees = std::vector<std::set<std::uint32_t>>;

std::vector<Place> placesOf(const Corpus& corpus, const Callees& callees)
{
    std::unordered_map<std::int64_t, std::uint32_t> functionById;
    for (std::uint32_t i = 0; i < corpus.functions.size(); ++i)
        functionById.emplace(corpus.functions[i].id, i);
    std::unordered_map<std::int64_t, std::vector<std::uint32_t>> methodsOf; // by id of the module
    for (const document::MethodRow& row : corpus.methods) {
        if (const auto found = functionById.find(row.function); found != functionById.end())
            methodsOf[row.module].push_back(found->second);
    }

    std::vector<Place> places;
    std::vector<bool> isPlaced(corpus.functions.size());
    for (std::uint32_t module = 0; module < corpus.modules.size(); ++module) {
        const auto methods = methodsOf.find(corpus.modules[module].id);
        if (methods == methodsOf.end())
            continue;
        // Its methods first, then what they call.
        std::vector<std::uint32_t> reached;
        std::set<std::uint32_t> seen;
        const auto reach = [&reached, &seen](std::uint32_t function) {
            if (seen.insert(function).second)
                reached.push_back(function);
        };
        for (const std::uint32_t function : methods->second)
            reach(function);
        for (std::size_t i = 0; i < reached.size(); ++i) {
            for (const std::uint32_t callee : callees[reached[i]])
                reach(callee);
        }
        for (const std::uint32_t function : reached) {
            isPlaced[function] = true;
            places.push_back({module, function});
        }
    }
    // What nothing calls is there to be found all the same.
    for (std::uint32_t function = 0; function < corpus.functions.size(); ++function) {
        if (!isPlaced[function])
            places.push_back({ir::none, function});
    }
    return places;
}

} // namespace

std::vector<Place> placesOf(const Corpus& corpus, std::span<const Part> parts)
{
    const FunctionNames names(corpus.functions);
    Callees callees(corpus.functions.size());
    for (const Part& part : parts) {
        if (part.function != ir::none)
            addCallees(*part.graph, names, callees[part.function]);
    }
    return placesOf(corpus, callees);
}

Result<FunctionInstances> functionInstances(const Corpus& corpus, const GraphSource& graphs,
                                            const CancelToken& cancel)
{
    const FunctionNames names(corpus.functions);
    Callees callees(corpus.functions.size());
    for (std::uint32_t i = 0; i < corpus.functions.size(); ++i) {
        if (cancel.isCancelled())
            return cancelled();
        const Result<std::shared_ptr<const ir::Graph>> graph = graphs(corpus.functions[i].graph);
        if (!graph)
            return tl::unexpected(graph.error());
        std::vector<Part> parts;
        addParts(parts, {*graph, graph->get(), corpus.functions[i].graph, i});
        for (const Part& part : parts)
            addCallees(*part.graph, names, callees[i]);
    }
    FunctionInstances instances;
    for (const Place& place : placesOf(corpus, callees)) {
        const document::FunctionRow& function = corpus.functions[place.function];
        if (function.is_method == 0 && place.module != ir::none)
            instances[function.name].push_back(corpus.modules[place.module].path);
    }
    return instances;
}

} // namespace jitscope::search
