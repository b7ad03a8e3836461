#include "core/ir/text_program.h"

#include "core/ir/names.h"
#include "core/ir/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace jitscope::ir {

namespace {

constexpr std::string_view classPrefix = "__torch__.";

// A longer path is no module's; every part of one costs a module.
constexpr std::size_t longestPath = 500;
constexpr std::ptrdiff_t deepestPath = 50;

bool isClass(std::string_view type)
{
    return type.starts_with(classPrefix);
}

// The type of the first parameter if that is an object; empty if there is none.
std::string_view selfType(const Graph& graph)
{
    const auto parameters = graph.parametersOf(graph.blocks.at(0));
    if (parameters.empty())
        return {};
    const Value& first = graph.values[parameters[0]];
    const std::string_view type = graph.text(first.type);
    return isClass(type) && graph.text(first.name).starts_with("self") ? type : std::string_view();
}

// What is known of the modules: their types, by path.
class ModuleTree
{
public:
    void add(const Graph& graph)
    {
        std::map<ValueId, std::string> paths;
        if (const std::string_view type = selfType(graph); !type.empty()) {
            paths[graph.parametersOf(graph.blocks[0])[0]] = {};
            note({}, type);
        }
        for (const Node& node : graph.nodes) {
            if (node.modulePath != 0)
                note(std::string(graph.text(node.modulePath)), {});
            const auto inputs = graph.inputsOf(node);
            const auto outputs = graph.outputsOf(node);
            const Attribute* name = graph.attribute(node, "name");
            if (graph.kind(node) != "prim::GetAttr" || name == nullptr || inputs.size() != 1 ||
                outputs.size() != 1)
                continue;
            const auto owner = paths.find(inputs[0]);
            const std::string_view type = graph.text(graph.values[outputs[0]].type);
            if (owner == paths.end() || !isClass(type))
                continue;
            const std::string last(unquoted(graph.text(name->text)));
            const std::string path = owner->second.empty() ? last : owner->second + "." + last;
            if (note(path, type))
                paths[outputs[0]] = path;
        }
    }

    // The root first, a module before its children.
    [[nodiscard]] std::vector<Module> modules() const
    {
        std::vector<Module> all{{.path = {}, .typeName = {}, .className = {}, .methods = {}}};
        std::map<std::string, ModuleId> ids{{"", 0}};
        for (const auto& [path, type] : m_types) {
            if (path.empty()) {
                setType(all[0], type);
                continue;
            }
            Module module;
            module.path = path;
            module.parent = ids.at(above(path));
            setType(module, type);
            ids.emplace(path, static_cast<ModuleId>(all.size()));
            all.push_back(std::move(module));
        }
        return all;
    }

private:
    static std::string above(const std::string& path)
    {
        const std::size_t dot = path.find_last_of('.');
        return dot == std::string::npos ? std::string() : path.substr(0, dot);
    }

    static void setType(Module& module, const std::string& type)
    {
        module.typeName = type;
        module.className = type.substr(type.find_last_of('.') + 1);
    }

    // Modules around it are there too, though nothing may be known of them.
    bool note(const std::string& path, std::string_view type)
    {
        if (path.size() > longestPath || std::count(path.begin(), path.end(), '.') > deepestPath)
            return false;
        std::string& known = m_types[path];
        if (known.empty())
            known = type;
        for (std::string around = path; !around.empty();) {
            around = above(around);
            m_types.try_emplace(around);
        }
        return true;
    }

    // In order of path, so that a module comes before those in it.
    std::map<std::string, std::string> m_types;
};

class MethodNames
{
public:
    explicit MethodNames(bool several) : m_several(several) {}

    std::string of(const ReadGraph& read)
    {
        std::string name = read.title;
        if (name.empty())
            name = m_several ? fmt::format("graph_{}", ++m_untitled) : "graph";
        const std::string wanted = name;
        for (int i = 2; !m_taken.insert(name).second; ++i)
            name = fmt::format("{} ({})", wanted, i);
        return name;
    }

private:
    bool m_several;
    int m_untitled = 0;
    std::set<std::string> m_taken;
};

// Nodes of subgraphs have no ordinal: they are not nodes of the function's own graph.
void nameNodes(Graph& graph, const std::string& function, bool isOwn)
{
    const StringId name = graph.strings.intern(function);
    for (NodeId id = 0; id < graph.nodes.size(); ++id) {
        graph.nodes[id].function = name;
        graph.nodes[id].ordinal = isOwn ? id : none;
    }
    for (Graph& subgraph : graph.subgraphs)
        nameNodes(subgraph, function, false);
}

std::string schemaOf(const Graph& graph, const std::string& name)
{
    const auto list = [&graph](std::span<const ValueId> values, bool withNames) {
        std::string text;
        for (const ValueId id : values) {
            const Value& value = graph.values[id];
            text += text.empty() ? "" : ", ";
            text += graph.text(value.type);
            if (withNames)
                text += " " + std::string(graph.text(value.name));
        }
        return text;
    };
    const Block& body = graph.blocks.at(0);
    return fmt::format("{}({}) -> ({})", name, list(graph.parametersOf(body), true),
                       list(graph.returnsOf(body), false));
}

} // namespace

bool hasScopes(const Graph& graph)
{
    return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                       [](const Node& node) { return node.modulePath != 0; });
}

Result<Program> readPrintedProgram(std::string_view text, const CancelToken& cancel)
{
    Result<std::vector<ReadGraph>> graphs = readPrinted(text, cancel);
    if (!graphs)
        return tl::unexpected(graphs.error());
    Program program;
    ModuleTree tree;
    MethodNames names(graphs->size() > 1);
    std::vector<Method> methods;
    for (ReadGraph& read : *graphs) {
        const std::string method = names.of(read);
        Function function;
        const std::string self(selfType(read.graph));
        function.name = self.empty() ? method : fmt::format("{}.{}", self, method);
        function.schema = schemaOf(read.graph, method);
        function.isMethod = !self.empty();
        tree.add(read.graph);
        nameNodes(read.graph, function.name, true);
        function.graph = std::move(read.graph);
        methods.push_back({method, static_cast<FunctionId>(program.functions.size())});
        program.functions.push_back(std::move(function));
    }
    program.modules = tree.modules();
    program.modules.front().methods = std::move(methods);
    return program;
}

} // namespace jitscope::ir
