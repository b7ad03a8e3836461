#include "views/weights/attribute_nodes_p.h"

#include <QPointer>

namespace jitscope::views {

namespace {

// The reads of `path` from the graph's own instance: a chain of prim::GetAttr that begins at its
// first input.
std::vector<ir::NodeKey> readsIn(const ir::Graph& graph, const std::string& path)
{
    std::vector<ir::NodeKey> found;
    if (graph.blocks.empty() || graph.parametersOf(graph.blocks.front()).empty())
        return found;
    const ir::ValueId self = graph.parametersOf(graph.blocks.front()).front();
    const auto attributeName = [&graph](const ir::Node& node) {
        const ir::Attribute* name = graph.attribute(node, "name");
        return name == nullptr ? std::string() : std::string(graph.text(name->text));
    };
    std::vector<std::string> paths(graph.values.size()); // of values that were read so far
    std::vector<bool> isInstance(graph.values.size(), false);
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) != "prim::GetAttr" || graph.inputsOf(node).size() != 1 ||
            graph.outputsOf(node).size() != 1)
            continue;
        const ir::ValueId from = graph.inputsOf(node).front();
        const ir::ValueId to = graph.outputsOf(node).front();
        if (from != self && !isInstance[from])
            continue;
        paths[to] = from == self ? attributeName(node) : paths[from] + "." + attributeName(node);
        isInstance[to] = true;
        if (paths[to] == path)
            found.push_back(node.key);
    }
    return found;
}

class Search : public std::enable_shared_from_this<Search>
{
public:
    Search(DocumentModel& document, QObject* context,
           std::function<void(std::vector<document::NodeRef>)> done)
        : m_document(document), m_context(context), m_done(std::move(done))
    {}

    // An instance, the graphs of its methods, and the path from it.
    struct Step
    {
        std::string module;
        std::string path;
        std::int64_t graph = 0;
    };

    void start(std::vector<Step> steps)
    {
        m_steps = std::move(steps);
        next();
    }

private:
    void next()
    {
        // The nearest instance that reads it is the one that is meant.
        const bool isFarther = !m_found.empty() && m_place < m_steps.size() &&
                               m_steps[m_place].module != m_found.front().modulePath;
        if (m_place == m_steps.size() || isFarther)
            return m_done(std::move(m_found));
        const Step step = m_steps[m_place++];
        m_document.requestGraph(
            step.graph, m_context,
            [self = shared_from_this(), step](const std::shared_ptr<const ir::Graph>& graph) {
                if (graph) {
                    for (const ir::NodeKey key : readsIn(*graph, step.path))
                        self->m_found.push_back({step.module, key, key});
                }
                self->next();
            });
    }

    DocumentModel& m_document;
    QPointer<QObject> m_context;
    std::function<void(std::vector<document::NodeRef>)> m_done;
    std::vector<Step> m_steps;
    std::size_t m_place = 0;
    std::vector<document::NodeRef> m_found;
};

} // namespace

void findAttributeReads(DocumentModel& document, const std::string& module, const std::string& name,
                        QObject* context, std::function<void(std::vector<document::NodeRef>)> done)
{
    const auto content = document.content();
    std::vector<Search::Step> steps;
    std::string from = module;
    std::string path = name;
    for (;;) {
        if (const document::ModuleRow* instance = content->moduleAt(from)) {
            for (const document::MethodRow& method : content->methods) {
                const document::FunctionRow* function =
                    method.module == instance->id ? content->function(method.function) : nullptr;
                if (function != nullptr)
                    steps.push_back({from, path, function->graph});
            }
        }
        if (from.empty())
            break;
        const std::size_t dot = from.rfind('.');
        path.insert(0, from.substr(dot == std::string::npos ? 0 : dot + 1) + ".");
        from.resize(dot == std::string::npos ? 0 : dot);
    }
    std::make_shared<Search>(document, context, std::move(done))->start(std::move(steps));
}

} // namespace jitscope::views
