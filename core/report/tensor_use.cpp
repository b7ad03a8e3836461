#include "core/report/tensor_use_p.h"

#include "core/ir/names.h"

#include <deque>
#include <set>

namespace jitscope::report {

namespace {

std::string joined(std::string_view path, std::string_view name)
{
    return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

bool isObject(std::string_view type)
{
    return type.starts_with("__torch__");
}

class UseFinder
{
public:
    explicit UseFinder(const ModelFacts& facts) : m_facts(facts)
    {
        for (const document::MethodRow& method : facts.methods) {
            if (const ModuleFacts* module = facts.moduleWithId(method.module))
                m_functions.emplace(std::pair(module->row.path, method.name), method.function);
        }
    }

    std::vector<const TensorFacts*> run()
    {
        for (const document::MethodRow& method : m_facts.methods) {
            const ModuleFacts* module = m_facts.moduleWithId(method.module);
            if (module != nullptr && module->row.path.empty())
                call("", method.name);
        }
        for (const FunctionFacts& function : m_facts.functions) {
            if (function.row.is_method == 0)
                read(*function.graph, {});
        }
        followAll();
        std::vector<const TensorFacts*> unused;
        for (const TensorFacts& tensor : m_facts.tensors) {
            if (tensor.row.role != "parameter" && tensor.row.role != "buffer")
                continue;
            if (!m_read.contains(tensor.row.name) &&
                !m_looseNames.contains(std::string(lastPart(tensor.row.name, '.'))))
                unused.push_back(&tensor);
        }
        return unused;
    }

private:
    using Modules = std::unordered_map<ir::ValueId, std::string>; // the instance a value is

    void call(const std::string& path, const std::string& method)
    {
        if (m_functions.contains({path, method}) && m_called.emplace(path, method).second)
            m_pending.emplace_back(path, method);
    }

    void followAll()
    {
        while (!m_pending.empty()) {
            const auto [path, method] = m_pending.front();
            m_pending.pop_front();
            const FunctionFacts* function = m_facts.function(m_functions.at({path, method}));
            if (function == nullptr)
                continue;
            const ir::Graph& graph = *function->graph;
            const auto parameters = graph.parametersOf(graph.blocks.at(0));
            Modules modules;
            if (!parameters.empty() && isObject(graph.text(graph.values[parameters[0]].type)))
                modules.emplace(parameters[0], path);
            read(graph, std::move(modules));
        }
    }

    void read(const ir::Graph& graph, Modules modules)
    {
        for (const ir::Node& node : graph.nodes) {
            const std::string_view kind = graph.kind(node);
            const auto inputs = graph.inputsOf(node);
            if (kind == "prim::GetAttr" || kind == "prim::SetAttr")
                readAttribute(graph, node, modules);
            else if (kind == "prim::CallMethod" && !inputs.empty())
                readCall(graph, node, modules);
            for (const ir::Attribute& attribute : graph.attributesOf(node)) {
                for (const ir::Graph& subgraph : graph.subgraphsOf(attribute))
                    readSubgraph(graph, node, subgraph, modules);
            }
        }
    }

    void readAttribute(const ir::Graph& graph, const ir::Node& node, Modules& modules)
    {
        const ir::Attribute* attribute = graph.attribute(node, "name");
        const auto inputs = graph.inputsOf(node);
        if (attribute == nullptr || inputs.empty())
            return;
        const std::string name(ir::unquoted(graph.text(attribute->text)));
        const auto owner = modules.find(inputs[0]);
        if (owner == modules.end()) {
            m_looseNames.insert(name);
            return;
        }
        std::string path = joined(owner->second, name);
        const auto outputs = graph.outputsOf(node);
        if (m_facts.module(path) != nullptr && !outputs.empty())
            modules.emplace(outputs[0], std::move(path));
        else
            m_read.insert(std::move(path));
    }

    void readCall(const ir::Graph& graph, const ir::Node& node, const Modules& modules)
    {
        const ir::Attribute* attribute = graph.attribute(node, "name");
        if (attribute == nullptr)
            return;
        const std::string method(ir::unquoted(graph.text(attribute->text)));
        const auto owner = modules.find(graph.inputsOf(node)[0]);
        if (owner != modules.end()) {
            call(owner->second, method);
            return;
        }
        // Of a module that is not known: all that have such a method may be meant.
        if (!m_looseMethods.insert(method).second)
            return;
        for (const ModuleFacts& module : m_facts.modules)
            call(module.row.path, method);
    }

    void readSubgraph(const ir::Graph& graph, const ir::Node& node, const ir::Graph& subgraph,
                      const Modules& modules)
    {
        const auto inputs = graph.inputsOf(node);
        const auto parameters = subgraph.parametersOf(subgraph.blocks.at(0));
        Modules inner;
        for (std::size_t i = 0; i < std::min(inputs.size(), parameters.size()); ++i) {
            if (const auto found = modules.find(inputs[i]); found != modules.end())
                inner.emplace(parameters[i], found->second);
        }
        read(subgraph, std::move(inner));
    }

    const ModelFacts& m_facts;
    std::map<std::pair<std::string, std::string>, std::int64_t> m_functions; // by path and method
    std::set<std::pair<std::string, std::string>> m_called;
    std::deque<std::pair<std::string, std::string>> m_pending;
    std::set<std::string> m_read;       // paths of attributes
    std::set<std::string> m_looseNames; // attributes of objects that are not known
    std::set<std::string> m_looseMethods;
};

} // namespace

std::vector<const TensorFacts*> unusedTensors(const ModelFacts& facts)
{
    return UseFinder(facts).run();
}

} // namespace jitscope::report
