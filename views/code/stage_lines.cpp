#include "views/code/stage_lines_p.h"

#include <algorithm>
#include <unordered_map>

namespace jitscope::views {

namespace {

constexpr std::int64_t loadedStage = 1;
const NodesByLine noLines;

void append(NodesByLine& lines, std::int64_t line, ir::NodeKey key)
{
    std::vector<ir::NodeKey>& keys = lines[static_cast<int>(line)];
    if (keys.empty() || keys.back() != key)
        keys.push_back(key);
}

} // namespace

StageLines::StageLines(const document::NodeIndex& index, const ir::Graph* graph)
{
    if (graph != nullptr) {
        addGraph(index, *graph);
        return;
    }
    for (const document::NamedNode& node : index.nodes()) {
        if (node.stage != loadedStage)
            continue;
        m_nodes.push_back(node.key);
        if (!addPython(node, node.key))
            m_withoutPython.push_back(node.key);
        addSerialized(node, node.key);
    }
}

const NodesByLine& StageLines::python(const std::string& file) const
{
    const auto found = m_python.find(file);
    return found == m_python.end() ? noLines : found->second;
}

const NodesByLine& StageLines::serialized(std::int64_t code) const
{
    const auto found = m_serialized.find(code);
    return found == m_serialized.end() ? noLines : found->second;
}

void StageLines::addGraph(const document::NodeIndex& index, const ir::Graph& graph)
{
    for (const ir::Node& node : graph.nodes) {
        if (node.key != 0)
            add(index, node.key);
    }
    for (const ir::Graph& subgraph : graph.subgraphs)
        addGraph(index, subgraph);
}

void StageLines::add(const document::NodeIndex& index, ir::NodeKey key)
{
    m_nodes.push_back(key);
    const document::NamedNode* own = index.node(key);
    const bool isOwn = own != nullptr && addPython(*own, key);
    bool isKnown = isOwn;
    for (const document::NodeRef& origin : index.origins(key)) {
        const document::NamedNode* written = index.node(origin.loaded);
        if (written == nullptr)
            continue;
        addSerialized(*written, key);
        if (!isOwn)
            isKnown = addPython(*written, key) || isKnown;
    }
    if (!isKnown)
        m_withoutPython.push_back(key);
}

bool StageLines::addPython(const document::NamedNode& written, ir::NodeKey key)
{
    if (written.file.empty() || written.line <= 0)
        return false;
    append(m_python[written.file], written.line, key);
    return true;
}

void StageLines::addSerialized(const document::NamedNode& written, ir::NodeKey key)
{
    if (written.code != 0 && written.codeLine > 0)
        append(m_serialized[written.code], written.codeLine, key);
}

std::vector<const document::NamedNode*> writtenIn(const document::NodeIndex& index, ir::NodeKey key)
{
    std::vector<const document::NamedNode*> nodes;
    const document::NamedNode* own = index.node(key);
    if (own == nullptr)
        return nodes;
    if (own->stage == loadedStage)
        return {own};
    for (const document::NodeRef& origin : index.origins(key)) {
        const document::NamedNode* node = index.node(origin.loaded);
        if (node != nullptr && std::find(nodes.begin(), nodes.end(), node) == nodes.end())
            nodes.push_back(node);
    }
    if (nodes.empty())
        nodes.push_back(own);
    return nodes;
}

std::vector<const document::NamedNode*> writtenAs(const document::NodeIndex& index,
                                                  const document::NodeRef& ref)
{
    return writtenIn(index, ref.loaded != 0 ? ref.loaded : ref.key);
}

std::vector<document::NodeRef> refsOf(const std::vector<ir::NodeKey>& keys,
                                      const document::NodeIndex& index,
                                      const DocumentContent& content,
                                      const search::FunctionInstances& callers)
{
    std::unordered_map<std::string, std::vector<std::string>> instances; // by function
    const auto instancesOf = [&](const std::string& function) -> const std::vector<std::string>& {
        const auto [entry, isNew] = instances.try_emplace(function);
        const document::FunctionRow* row = isNew ? content.functionNamed(function) : nullptr;
        if (row == nullptr)
            return entry->second;
        if (row->is_method == 0) {
            if (const auto found = callers.find(function); found != callers.end())
                entry->second = found->second;
            return entry->second;
        }
        std::unordered_map<std::int64_t, const std::string*> paths;
        for (const document::ModuleRow& module : content.modules)
            paths.emplace(module.id, &module.path);
        for (const document::MethodRow& method : content.methods) {
            const auto path = paths.find(method.module);
            if (method.function == row->id && path != paths.end())
                entry->second.push_back(*path->second);
        }
        return entry->second;
    };
    std::vector<document::NodeRef> refs;
    for (const ir::NodeKey key : keys) {
        const document::NamedNode* node = index.node(key);
        if (node != nullptr && node->stage == loadedStage) {
            const std::vector<std::string>& paths = instancesOf(node->function);
            for (const std::string& path : paths)
                refs.push_back(index.refOf(path, key));
            if (paths.empty()) // of a function that nothing calls
                refs.push_back(index.refOf({}, key));
            continue;
        }
        std::vector<document::NodeRef> origins = index.origins(key);
        if (origins.empty())
            origins.push_back({node == nullptr ? std::string() : node->modulePath, 0, key});
        refs.insert(refs.end(), origins.begin(), origins.end());
    }
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
    return refs;
}

std::int64_t shownGraph(const DocumentModel& document, const Selection& selection)
{
    const document::StageRow* stage = document.stage(document.currentStage());
    if (stage == nullptr || stage->graph != 0)
        return stage == nullptr ? 0 : stage->graph;
    const DocumentContent& content = *document.content();
    const document::FunctionRow* function = nullptr;
    if (!selection.nodes().empty()) {
        const document::NamedNode* node =
            document.nodeIndex()->node(selection.nodes().front().loaded);
        if (node != nullptr)
            function = content.functionNamed(node->function);
    } else if (selection.hasModule()) {
        const document::ModuleRow* module = content.moduleAt(selection.module().toStdString());
        if (module != nullptr)
            function = content.functionOf(module->id, "forward");
    }
    if (function == nullptr)
        function = content.functionOf(1, "forward");
    if (function == nullptr && !content.functions.empty())
        function = &content.functions.front();
    return function == nullptr ? 0 : function->graph;
}

} // namespace jitscope::views
