#include "core/torchscript/program_builder_p.h"

#include "core/archive/record_content.h"
#include "core/support/utf8.h"
#include "core/torchscript/exceptions_p.h"

#include <torch/csrc/jit/api/function_impl.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace jitscope::torchscript {

namespace {

using torch::jit::Function;
using torch::jit::Graph;
using torch::jit::Node;
namespace prim = torch::jit::prim;

// Of the class of its first argument, whatever that is called.
bool isMethod(const Function& function)
{
    const auto& arguments = function.getSchema().arguments();
    if (arguments.empty())
        return false;
    const auto owner = arguments.front().type()->cast<c10::ClassType>();
    return owner && (owner->findMethod(function.name()) == &function ||
                     owner->findHook(function.name()) == &function);
}

// A file may nest or share objects without end.
constexpr std::size_t mostInstances = 1'000'000;
constexpr std::size_t deepestInstance = 1000;

std::string joined(const std::string& path, const std::string& name)
{
    return path.empty() ? name : path + "." + name;
}

void addInstances(const torch::jit::Module& module, const std::string& path, ir::ModuleId parent,
                  std::vector<const void*>& above, std::vector<ModuleInstance>& all)
{
    const void* object = module._ivalue().get();
    if (all.size() >= mostInstances || above.size() >= deepestInstance ||
        std::find(above.begin(), above.end(), object) != above.end())
        return;
    const auto id = static_cast<ir::ModuleId>(all.size());
    all.push_back({path, module, parent});
    above.push_back(object);
    const auto& type = module.type();
    for (std::size_t slot = 0; slot < type->numAttributes(); ++slot) {
        const c10::IValue& value = module._ivalue()->getSlot(slot);
        if (value.isModule())
            addInstances(value.toModule(), joined(path, type->getAttributeName(slot)), id, above,
                         all);
    }
    above.pop_back();
}

// Collects functions in the order in which they are met.
class FunctionList
{
public:
    void add(Function* function)
    {
        if (function == nullptr || torch::jit::tryToGraphFunction(*function) == nullptr)
            return;
        if (m_seen.insert(function).second)
            m_functions.push_back(function);
    }

    // Appends what is reached through calls, as the list grows.
    void addReached()
    {
        for (std::size_t i = 0; i < m_functions.size(); ++i) {
            const auto* function = torch::jit::tryToGraphFunction(*m_functions[i]);
            forEachNode(*function->graph(), true, [this](Node* node) { addCallee(*node); });
        }
    }

    [[nodiscard]] std::vector<Function*> take() { return std::move(m_functions); }

private:
    void addCallee(const Node& node)
    {
        if (node.kind() == prim::Constant && node.outputs().size() == 1) {
            if (const auto type = node.output()->type()->cast<c10::FunctionType>())
                add(type->function());
        } else if (node.kind() == prim::CallMethod) {
            if (const auto type = node.input(0)->type()->cast<c10::ClassType>())
                add(type->findMethod(node.s(torch::jit::attr::name)));
        }
    }

    std::vector<Function*> m_functions;
    std::unordered_set<Function*> m_seen;
};

// Gives the nodes of one function their keys.
class FunctionTagger
{
public:
    FunctionTagger(const Function& function, const Graph& graph, NodeIdentity& identity,
                   SourceMap& sources)
        : m_name(toUtf8(function.name())),
          m_graph(graph),
          m_identity(identity),
          m_sources(sources),
          m_qualified(identity.strings().intern(toUtf8(function.qualname().qualifiedName())))
    {}

    NodeMark operator()(const Node& node, ir::NodeId id)
    {
        if (const ir::NodeKey known = m_identity.keyOf(&node); known != 0)
            return {known, {}};
        NodeRecord record;
        record.function = m_qualified;
        record.ordinal = node.owningGraph() == &m_graph ? id : ir::none;
        record.python = m_sources.find(node.sourceRange());
        if (record.python != 0)
            record.callChain = chain(record.python);
        setCodeLine(record, node.sourceRange());
        const ir::NodeKey key = m_identity.add(record);
        m_identity.tag(const_cast<Node*>(&node), key);
        return {key, {}};
    }

private:
    // The nodes of a function stand in one file, mostly.
    void setCodeLine(NodeRecord& record, const torch::jit::SourceRange& range)
    {
        const auto& source = range.source();
        if (!source || !source->filename())
            return;
        if (source.get() != m_codeSource) {
            m_codeSource = source.get();
            m_codeFile = m_identity.strings().intern(toUtf8(*source->filename()));
        }
        record.codeFile = m_codeFile;
        record.codeLine = static_cast<std::uint32_t>(source->lineno_for_offset(range.start())) + 1;
    }

    ir::StringId chain(SourceMap::Id id)
    {
        const auto [entry, isNew] = m_chains.try_emplace(id, 0);
        if (isNew) {
            const SourceMap::Location& at = m_sources.location(id);
            const SourceMap::Fragment& from = m_sources.fragment(at.fragment);
            std::string text = from.text;
            if (!from.isTrace)
                text = from.file + "(" + std::to_string(at.line) + "): " + m_name;
            while (text.ends_with('\n'))
                text.pop_back();
            entry->second = m_identity.strings().intern(toUtf8(text));
        }
        return entry->second;
    }

    std::string m_name;
    const Graph& m_graph;
    NodeIdentity& m_identity;
    SourceMap& m_sources;
    ir::StringId m_qualified = 0;
    const torch::jit::Source* m_codeSource = nullptr; // held by the nodes
    ir::StringId m_codeFile = 0;
    std::unordered_map<SourceMap::Id, ir::StringId> m_chains;
};

ir::Graph emptyGraph()
{
    ir::Graph graph;
    graph.blocks.emplace_back();
    return graph;
}

} // namespace

std::vector<ModuleInstance> instancesOf(const torch::jit::Module& root)
{
    std::vector<ModuleInstance> all;
    std::vector<const void*> above;
    addInstances(root, {}, ir::none, above, all);
    return all;
}

std::vector<Function*> functionsOf(const std::vector<ModuleInstance>& instances,
                                   const torch::jit::CompilationUnit& unit)
{
    FunctionList list;
    std::unordered_set<const c10::ClassType*> types;
    for (const ModuleInstance& instance : instances) {
        if (!types.insert(instance.module.type().get()).second)
            continue;
        for (Function* method : instance.module.type()->methods())
            list.add(method);
    }
    for (Function* function : unit.get_functions())
        list.add(function);
    list.addReached();
    return list.take();
}

Result<std::vector<ir::Function>> convertFunctions(const std::vector<Function*>& functions,
                                                   NodeIdentity& identity, SourceMap& sources,
                                                   SchemaTexts& schemas, const JobContext& job,
                                                   std::vector<std::string>& problems)
{
    std::vector<ir::Function> converted;
    converted.reserve(functions.size());
    for (Function* from : functions) {
        if (job.isCancelled())
            return cancelled();
        ir::Function to;
        to.name = toUtf8(from->qualname().qualifiedName());
        try {
            const auto graph = torch::jit::toGraphFunction(*from).graph();
            FunctionTagger tagger(*from, *graph, identity, sources);
            to.graph = convert(*graph, identity, schemas, std::ref(tagger));
            std::ostringstream schema;
            schema << from->getSchema();
            to.schema = toUtf8(schema.str());
            to.isMethod = isMethod(*from);
        } catch (...) {
            problems.push_back("The graph of " + to.name +
                               " cannot be read: " + summary(currentExceptionMessage()));
            to.graph = emptyGraph();
        }
        converted.push_back(std::move(to));
    }
    return converted;
}

std::vector<ir::Module> describeModules(const std::vector<ModuleInstance>& instances,
                                        const std::vector<Function*>& functions)
{
    std::unordered_map<const Function*, ir::FunctionId> ids;
    for (std::size_t i = 0; i < functions.size(); ++i)
        ids.emplace(functions[i], static_cast<ir::FunctionId>(i));
    std::vector<ir::Module> modules;
    modules.reserve(instances.size());
    for (const ModuleInstance& from : instances) {
        ir::Module to;
        to.path = toUtf8(from.path);
        to.parent = from.parent;
        const auto& type = from.module.type();
        if (const auto name = type->name()) {
            to.typeName = toUtf8(name->qualifiedName());
            to.className = toUtf8(name->name());
        }
        for (const Function* method : type->methods()) {
            if (const auto id = ids.find(method); id != ids.end())
                to.methods.push_back({toUtf8(method->name()), id->second});
        }
        modules.push_back(std::move(to));
    }
    return modules;
}

namespace {

void collectCodeLines(const ir::Graph& graph, const NodeIdentity& identity,
                      const std::unordered_map<std::string_view, std::uint32_t>& files,
                      std::vector<ir::CodeLine>& lines)
{
    for (const ir::Node& node : graph.nodes) {
        const NodeRecord& record = identity.record(node.key);
        const auto file = files.find(identity.strings().at(record.codeFile));
        if (record.codeFile != 0 && file != files.end())
            lines.push_back({node.key, file->second, record.codeLine});
    }
    for (const ir::Graph& subgraph : graph.subgraphs)
        collectCodeLines(subgraph, identity, files, lines);
}

} // namespace

std::vector<ir::CodeLine> describeCodeLines(const ir::Program& program,
                                            const NodeIdentity& identity)
{
    std::unordered_map<std::string_view, std::uint32_t> files;
    std::deque<std::string> modules;
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const std::string& record = program.code[i].record;
        files.emplace(record, static_cast<std::uint32_t>(i));
        // The sources of a flatbuffer are named by what they define.
        files.emplace(modules.emplace_back(archive::codeModule(record)),
                      static_cast<std::uint32_t>(i));
    }
    std::vector<ir::CodeLine> lines;
    for (const ir::Function& function : program.functions)
        collectCodeLines(function.graph, identity, files, lines);
    std::sort(lines.begin(), lines.end(),
              [](const ir::CodeLine& a, const ir::CodeLine& b) { return a.node < b.node; });
    return lines;
}

std::vector<ir::SourceFragment> describeSources(const SourceMap& sources)
{
    std::vector<ir::SourceFragment> fragments;
    std::unordered_set<std::string> traced;
    for (const SourceMap::Fragment& from : sources.fragments()) {
        if (from.file.empty())
            continue;
        // The text of a traced node is its call stack, not source; only its file is worth a
        // mention.
        if (!from.isTrace)
            fragments.push_back({toUtf8(from.file), from.firstLine, toUtf8(from.text)});
        else if (traced.insert(from.file).second)
            fragments.push_back({toUtf8(from.file), 1, {}});
    }
    return fragments;
}

} // namespace jitscope::torchscript
