#include "core/torchscript/structural_inliner_p.h"

#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/graph_converter_p.h"

#include <optional>
#include <stdexcept>
#include <vector>

namespace jitscope::torchscript {

namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::GraphFunction;
using torch::jit::Node;
using torch::jit::Value;
namespace attr = torch::jit::attr;
namespace prim = torch::jit::prim;

// Far beyond any model; a crafted file could double its size with every call.
constexpr std::size_t mostNodes = 8'000'000;
constexpr int deepestCall = 500;
constexpr std::size_t nodesBetweenChecks = 512;

struct Stopped
{};

std::string joined(const std::string& path, const std::string& name)
{
    return path.empty() ? name : path + "." + name;
}

class Inliner
{
public:
    Inliner(const InterfaceCalls& interfaces, NodeIdentity& identity, const JobContext& job)
        : m_interfaces(interfaces), m_identity(identity), m_job(job)
    {}

    InlinedGraph run(const GraphFunction& function, const std::string& path)
    {
        m_result.graph = function.graph()->copy();
        if (!m_result.graph->inputs().empty())
            m_paths.emplace(m_result.graph->inputs()[0], path);
        expand(*m_result.graph->block(), {path, m_identity.strings().intern(path), 0, 0});
        return std::move(m_result);
    }

private:
    // The body that nodes were written in.
    struct Frame
    {
        std::string path;
        ir::StringId pathId = 0;
        ir::StringId callChain = 0; // of the call that the body replaces
        int depth = 0;
    };

    void expand(Block& block, const Frame& frame)
    {
        expand(block.nodes().begin() == block.nodes().end() ? block.return_node()
                                                            : *block.nodes().begin(),
               block.return_node(), frame);
    }

    // The nodes from `first` up to, not including, `end` of the same block.
    void expand(Node* first, Node* end, const Frame& frame)
    {
        for (Node* node = first; node != end;) {
            Node* next = node->next();
            if (const auto* callee = calleeOf(*node))
                expandCall(node, *callee, frame);
            else
                keep(node, frame);
            node = next;
        }
    }

    void keep(Node* node, const Frame& frame)
    {
        if (++m_nodes % nodesBetweenChecks == 0)
            check();
        name(node, frame);
        for (Block* block : node->blocks())
            expand(*block, frame);
        for (const auto& graph : subgraphsOf(*node)) {
            for (std::size_t i = 0; i < graph->inputs().size() && i < node->inputs().size(); ++i) {
                if (const auto path = m_paths.find(node->inputs()[i]); path != m_paths.end())
                    m_paths.emplace(graph->inputs()[i], path->second);
                else if (isModule(*node->inputs()[i]))
                    m_paths.emplace(graph->inputs()[i], pathOf(node->inputs()[i], frame));
                else if (auto read = attributePath(node->inputs()[i]))
                    m_paths.emplace(graph->inputs()[i], *std::move(read));
            }
            expand(*graph->block(), frame);
        }
    }

    void name(Node* node, const Frame& frame)
    {
        const ir::NodeKey loaded = m_identity.keyOf(node);
        NodeRecord record = m_identity.record(loaded);
        record.modulePath = frame.pathId;
        if (record.python != 0)
            record.callChain = chain(record, frame.callChain);
        const ir::NodeKey key = m_identity.add(record);
        m_identity.tag(node, key);
        m_result.loadedKeys.emplace(key, loaded);
    }

    // The node's own line, then the calls that led to its body, outermost last.
    ir::StringId chain(const NodeRecord& record, ir::StringId callers)
    {
        if (callers == 0 || isTraced(record))
            return record.callChain;
        const auto key = (static_cast<std::uint64_t>(record.callChain) << 32U) | callers;
        const auto [entry, isNew] = m_chains.try_emplace(key, 0);
        if (isNew) {
            std::string text(m_identity.strings().at(record.callChain));
            text += "\n";
            text += m_identity.strings().at(callers);
            entry->second = m_identity.strings().intern(text);
        }
        return entry->second;
    }

    [[nodiscard]] bool isTraced(const NodeRecord& record) const
    {
        const SourceMap& sources = m_identity.sources();
        return sources.fragment(sources.location(record.python).fragment).isTrace;
    }

    // The function that a call node calls, when its body is known.
    [[nodiscard]] const GraphFunction* calleeOf(const Node& node) const
    {
        torch::jit::Function* function = nullptr;
        if (node.kind() == prim::CallFunction)
            function = node.input(0)->type()->expectRef<c10::FunctionType>().function();
        else if (node.kind() == prim::CallMethod) {
            auto type = node.input(0)->type()->cast<c10::ClassType>();
            if (!type && calledInterface(node))
                type = objectBehind(node.input(0));
            if (type)
                function = type->findMethod(node.s(attr::name));
        }
        return function == nullptr ? nullptr : torch::jit::tryToGraphFunction(*function);
    }

    // The type of the module that a value of an interface stands for, where the file tells. The
    // value is of that type from then on, as its body expects.
    [[nodiscard]] c10::ClassTypePtr objectBehind(Value* value) const
    {
        const auto path = attributePath(value);
        const c10::ClassTypePtr type = path ? m_interfaces.moduleAt(*path) : nullptr;
        if (type)
            value->setType(type);
        return type;
    }

    // The path of what is read from attributes all the way from an object whose path is known.
    [[nodiscard]] std::optional<std::string> attributePath(const Value* value) const
    {
        const Node* node = value->node();
        if (node->kind() == prim::Param) {
            const auto known = m_paths.find(value);
            const bool isOfGraph = node->owningBlock()->owningNode() == nullptr;
            return isOfGraph && known != m_paths.end() ? std::optional(known->second)
                                                       : std::nullopt;
        }
        if (node->kind() != prim::GetAttr || m_interfaces.isAssigned(node->s(attr::name)))
            return std::nullopt;
        const auto owner = attributePath(node->input());
        return owner ? std::optional(joined(*owner, node->s(attr::name))) : std::nullopt;
    }

    void expandCall(Node* call, const GraphFunction& callee, const Frame& frame)
    {
        if (frame.depth >= deepestCall)
            throw std::runtime_error("The calls of the model are nested more than " +
                                     std::to_string(deepestCall) + " deep, in " +
                                     callee.qualname().qualifiedName() + ".");
        Frame inner{frame.path, frame.pathId, callChain(*call, frame), frame.depth + 1};
        Node* constant = nullptr;
        if (call->kind() == prim::CallFunction) {
            constant = call->input(0)->node();
            call->removeInput(0);
        } else if (isModule(*call->input(0))) {
            inner.path = pathOf(call->input(0), frame);
            inner.pathId = m_identity.strings().intern(inner.path);
        }
        Node* before = call->prev();
        insertBody(call, callee);
        if (constant != nullptr && !constant->hasUses())
            destroy(constant, before);
        expand(before->next(), call, inner);
        call->destroy();
    }

    ir::StringId callChain(const Node& call, const Frame& frame)
    {
        const NodeRecord& record = m_identity.record(m_identity.keyOf(&call));
        return record.python == 0 ? frame.callChain : chain(record, frame.callChain);
    }

    static void insertBody(Node* call, const GraphFunction& callee)
    {
        const torch::jit::WithInsertPoint guard(call);
        const auto body = callee.graph();
        const std::vector<Value*> outputs =
            torch::jit::insertGraph(*call->owningGraph(), *body, call->inputs());
        if (outputs.size() != call->outputs().size())
            throw std::runtime_error("A call of " + callee.qualname().qualifiedName() + " has " +
                                     std::to_string(call->outputs().size()) +
                                     " results, the function " + std::to_string(outputs.size()) +
                                     ".");
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            if (call->outputs()[i]->hasDebugName())
                outputs[i]->setDebugName(call->outputs()[i]->debugName());
            call->outputs()[i]->replaceAllUsesWith(outputs[i]);
        }
    }

    // The constant that named the function may be the node just before the body.
    static void destroy(Node* constant, Node*& before)
    {
        if (constant == before)
            before = before->prev();
        constant->destroy();
    }

    static bool isModule(const Value& value)
    {
        const auto type = value.type()->cast<c10::ClassType>();
        return type && type->is_module();
    }

    // The path of a module-typed value: the attribute reads from a self whose path is known.
    std::string pathOf(Value* value, const Frame& frame)
    {
        const auto known = m_paths.find(value);
        if (known != m_paths.end())
            return known->second;
        Node* node = value->node();
        std::string path = frame.path;
        if (node->kind() == prim::GetAttr)
            path = joined(pathOf(node->input(), frame), node->s(attr::name));
        else if (node->kind() == prim::unchecked_cast)
            path = pathOf(node->input(), frame);
        m_paths.emplace(value, path);
        return path;
    }

    void check() const
    {
        if (m_job.isCancelled())
            throw Stopped{};
        if (m_nodes > mostNodes)
            throw std::runtime_error("The model has more than " + std::to_string(mostNodes) +
                                     " nodes when its calls are expanded.");
        if (m_nodes % (nodesBetweenChecks * 16) == 0)
            m_job.progress("inlining");
    }

    const InterfaceCalls& m_interfaces;
    NodeIdentity& m_identity;
    const JobContext& m_job;
    InlinedGraph m_result;
    std::unordered_map<const Value*, std::string> m_paths;
    std::unordered_map<std::uint64_t, ir::StringId> m_chains;
    std::size_t m_nodes = 0;
};

} // namespace

Result<InlinedGraph> inlineCalls(const GraphFunction& function, const std::string& path,
                                 const InterfaceCalls& interfaces, NodeIdentity& identity,
                                 const JobContext& job)
{
    try {
        return Inliner(interfaces, identity, job).run(function, path);
    } catch (const Stopped&) {
        return cancelled();
    } catch (...) {
        return tl::unexpected<Error>(modelError(joined(path, function.name())));
    }
}

} // namespace jitscope::torchscript
