#include "profiler/record/instrumentation_p.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/runtime/custom_operator.h>
#include <torch/csrc/jit/runtime/operator.h>

namespace jitscope::record {

namespace {

using torch::jit::Function;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Operation;
using torch::jit::Value;
namespace aten = c10::aten;
namespace attr = c10::attr;
namespace prim = c10::prim;

c10::Symbol callSymbol()
{
    return c10::Symbol::fromQualString("jitscope::call");
}
c10::Symbol beginSymbol()
{
    return c10::Symbol::fromQualString("jitscope::begin");
}
c10::Symbol endSymbol()
{
    return c10::Symbol::fromQualString("jitscope::end");
}
c10::Symbol probeAttribute()
{
    return c10::Symbol::attr("probe");
}

template <typename Probe>
Probe* probeOf(const Node* node)
{
    return reinterpret_cast<Probe*>(
        node->i(probeAttribute())); // NOLINT: the attribute is a pointer that we put there
}

void setProbe(Node* node, const void* probe)
{
    node->i_(probeAttribute(), reinterpret_cast<std::int64_t>(probe)); // NOLINT
}

void collect(torch::jit::Block* block, std::vector<Node*>& nodes)
{
    for (Node* node : block->nodes()) {
        nodes.push_back(node);
        for (torch::jit::Block* inner : node->blocks())
            collect(inner, nodes);
    }
}

std::vector<Node*> nodesInOrder(Graph& graph)
{
    std::vector<Node*> nodes;
    collect(graph.block(), nodes);
    return nodes;
}

// Replaces `old` by `made`, which has as many outputs.
void replace(Node* old, Node* made)
{
    made->copyMetadata(old);
    for (std::size_t i = 0; i < old->outputs().size(); ++i)
        made->outputs()[i]->copyMetadata(old->outputs()[i]);
    made->insertBefore(old);
    old->replaceAllUsesWith(made);
    old->destroy();
}

Value* insertFunctionConstant(Node* before, Function* function)
{
    const torch::jit::WithInsertPoint place(before);
    Graph& graph = *before->owningGraph();
    Node* constant = graph.create(prim::Constant, 1);
    constant->s_(attr::name, function->name());
    constant->output()->setType(c10::FunctionType::create(function));
    graph.insertNode(constant);
    return constant->output();
}

// The function that a prim::CallMethod calls; null for one of an interface, which is only known
// when it runs.
Function* calledMethod(Node* node)
{
    const auto type = node->inputs()[0]->type()->cast<c10::ClassType>();
    return type ? type->findMethod(node->s(attr::name)) : nullptr;
}

// Whether the interpreter is through with a node in one go.
bool staysOnThread(const Node& node)
{
    return node.blocks().empty() && node.kind() != prim::CallFunction &&
           node.kind() != prim::CallMethod && node.kind() != prim::fork &&
           node.kind() != prim::awaitable && node.kind() != aten::wait;
}

} // namespace

void registerProbeOperators()
{
    if (!torch::jit::getAllOperatorsFor(callSymbol()).empty())
        return;
    // Registered by symbol: an operator with a schema is shared by all nodes with that schema, and
    // would call one node's probe for all (CodeImpl's operator table, 2.11.0).
    constexpr auto effects = c10::AliasAnalysisKind::CONSERVATIVE;
    const torch::jit::RegisterOperators operators(
        {torch::jit::Operator(
             callSymbol(),
             [](const Node* node) -> Operation {
                 return [probe = probeOf<OperatorProbe>(node)](torch::jit::Stack& stack) {
                     probe->call(stack);
                 };
             },
             effects),
         torch::jit::Operator(
             beginSymbol(),
             [](const Node* node) -> Operation {
                 return [probe = probeOf<MarkProbe>(node)](torch::jit::Stack& stack) {
                     probe->begin(stack);
                 };
             },
             effects),
         torch::jit::Operator(
             endSymbol(),
             [](const Node* node) -> Operation {
                 return [probe = probeOf<MarkProbe>(node)](torch::jit::Stack& stack) {
                     probe->end(stack);
                 };
             },
             effects)});
}

bool isExecuted(Node* node)
{
    return node->kind() != prim::Constant && node->kind() != prim::profile &&
           node->kind() != prim::profile_ivalue;
}

bool isOperatorCall(Node* node)
{
    if (!node->blocks().empty())
        return false;
    // The kinds that CodeImpl::emitNode turns into instructions of their own (LibTorch 2.11.0).
    switch (node->kind()) {
    case prim::RaiseException:
    case prim::TupleIndex:
    case prim::Drop:
    case prim::Constant:
    case prim::If:
    case prim::Loop:
    case aten::wait:
    case prim::Param:
    case prim::CallFunction:
    case prim::CallMethod:
    case prim::TypeCheck:
    case prim::BailOut:
    case prim::profile_ivalue:
    case prim::profile:
    case prim::GetAttr:
    case prim::SetAttr:
    case prim::ListUnpack:
    case prim::TupleConstruct:
    case prim::ListConstruct:
    case prim::DictConstruct:
    case prim::CreateObject:
    case prim::isinstance:
    case prim::TupleSlice:
    case prim::fork:
    case prim::awaitable:
    case aten::warn:
    case prim::Enter:
    case prim::Exit:
    case prim::Uninitialized:
    case prim::dtype:
    case prim::device:
    case aten::dim:
    case prim::is_cuda:
    case aten::__not__:
    case aten::format:
    case aten::__is__:
    case aten::__isnot__:
    case prim::NumToTensor:
    case prim::tolist:
    case prim::Return:
        return false;
    default:
        break;
    }
    const torch::jit::Operator* op = node->maybeOperator();
    if (op == nullptr)
        return false;
    return c10::toString(op->schema().operator_name()).rfind("aten::__getitem__.Dict", 0) != 0;
}

InstrumentedGraph::InstrumentedGraph(const Graph& original, std::span<const ir::NodeKey> keys,
                                     const std::string& function, Recording& recording,
                                     CalleeMap& callees)
    : m_recording(recording),
      m_callees(callees),
      m_graph(const_cast<Graph&>(original).copy()) // NOLINT: copy() only reads
{
    const std::vector<Node*> originals =
        nodesInOrder(const_cast<Graph&>(original)); // NOLINT: to read operators
    const std::vector<Node*> copies = nodesInOrder(*m_graph);
    TORCH_CHECK(originals.size() == copies.size() && keys.size() == copies.size(),
                "The copy of a graph has another order than the graph.");
    for (std::size_t i = 0; i < copies.size(); ++i) {
        if (isExecuted(copies[i]))
            instrument(copies[i], originals[i], keys[i]);
    }
    m_code = std::make_unique<torch::jit::Code>(m_graph, function);
}

void InstrumentedGraph::instrument(Node* copy, Node* original, ir::NodeKey key)
{
    if (isOperatorCall(copy)) {
        wrapOperator(copy, original, key);
        return;
    }
    if (copy->kind() == prim::fork || copy->kind() == prim::awaitable)
        redirectFork(copy);
    mark(redirectCalls(copy), key);
}

void InstrumentedGraph::wrapOperator(Node* copy, Node* original, ir::NodeKey key)
{
    const torch::jit::Operator& op = original->getOperator();
    const bool pushesCount = op.schema().is_vararg() && op.hasOperation();
    m_operators.push_back({m_recording, original->getOperation(), key, pushesCount,
                           static_cast<std::int64_t>(original->inputs().size())});
    Node* call = m_graph->create(callSymbol(), copy->inputs(), copy->outputs().size());
    setProbe(call, &m_operators.back());
    replace(copy, call);
}

Node* InstrumentedGraph::redirectCalls(Node* node)
{
    if (node->kind() == prim::CallFunction) {
        Function* callee = node->inputs()[0]->type()->expectRef<c10::FunctionType>().function();
        if (torch::jit::tryToGraphFunction(*callee) != nullptr)
            node->replaceInput(0, insertFunctionConstant(node, m_callees.recorded(*callee)));
        return node;
    }
    if (node->kind() != prim::CallMethod)
        return node;
    Function* callee = calledMethod(node);
    if (callee == nullptr || torch::jit::tryToGraphFunction(*callee) == nullptr)
        return node;
    std::vector<Value*> inputs{insertFunctionConstant(node, m_callees.recorded(*callee))};
    inputs.insert(inputs.end(), node->inputs().begin(), node->inputs().end());
    Node* call = m_graph->create(prim::CallFunction, inputs, node->outputs().size());
    replace(node, call);
    return call;
}

// The body becomes one call of a function that records.
void InstrumentedGraph::redirectFork(Node* node)
{
    const std::shared_ptr<Graph> body = node->g(attr::Subgraph);
    Function* recorded = m_callees.recordedBody(body);
    auto calling = std::make_shared<Graph>();
    Node* constant = calling->create(prim::Constant, 1);
    constant->s_(attr::name, recorded->name());
    constant->output()->setType(c10::FunctionType::create(recorded));
    std::vector<Value*> inputs{constant->output()};
    for (Value* input : body->inputs())
        inputs.push_back(calling->addInput()->copyMetadata(input));
    calling->appendNode(constant);
    Node* call = calling->create(prim::CallFunction, inputs, 1);
    call->output()->setType(body->outputs().at(0)->type());
    calling->appendNode(call);
    calling->registerOutput(call->output());
    node->g_(attr::Subgraph, calling);
}

void InstrumentedGraph::mark(Node* node, ir::NodeKey key)
{
    m_marks.push_back({m_recording, key, staysOnThread(*node)});
    Node* begin = m_graph->create(beginSymbol(), 1);
    begin->output()->setType(c10::IntType::get());
    setProbe(begin, &m_marks.back());
    begin->insertBefore(node);
    Node* end = m_graph->create(endSymbol(), {begin->output()}, 0);
    setProbe(end, &m_marks.back());
    end->insertAfter(node);
}

} // namespace jitscope::record
