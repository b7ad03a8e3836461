#include "profiler/record/type_observer_p.h"

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/passes/inline_fork_wait.h>

#include <string>
#include <utility>

namespace jitscope::record {

namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Stack;
using torch::jit::Value;
namespace prim = c10::prim;

ir::TensorType typeOf(const at::Tensor& tensor)
{
    ir::TensorType type{c10::toString(tensor.scalar_type()), std::nullopt, tensor.device().str()};
    if (tensor.is_nested()) // its sizes are no numbers
        return type;
    type.sizes.emplace();
    for (const std::int64_t size : tensor.sizes())
        type.sizes->push_back(std::to_string(size));
    return type;
}

bool mayBeTensor(const Value& value)
{
    const auto kind = value.type()->kind();
    if (kind == c10::TypeKind::OptionalType)
        return value.type()->expectRef<c10::OptionalType>().getElementType()->kind() ==
               c10::TypeKind::TensorType;
    return kind == c10::TypeKind::TensorType;
}

} // namespace

class TypeObserver::Observations
{
public:
    explicit Observations(std::function<void()> checkCancel) : m_checkCancel(std::move(checkCancel))
    {}

    std::size_t add(const ObservedType& place)
    {
        m_places.push_back({place, false});
        return m_places.size() - 1;
    }

    void see(std::size_t index, const c10::IValue& value)
    {
        m_checkCancel();
        if (!value.isTensor() || !value.toTensor().defined())
            return;
        ir::TensorType type = typeOf(value.toTensor());
        Seen& seen = m_places[index];
        seen.observed.type = seen.wasSeen ? ir::common(seen.observed.type, type) : std::move(type);
        seen.wasSeen = true;
    }

    [[nodiscard]] std::vector<ObservedType> types() const
    {
        std::vector<ObservedType> types;
        for (const Seen& seen : m_places) {
            if (seen.wasSeen)
                types.push_back(seen.observed);
        }
        return types;
    }

private:
    struct Seen
    {
        ObservedType observed;
        bool wasSeen = false;
    };
    std::function<void()> m_checkCancel;
    std::vector<Seen> m_places;
};

TypeObserver::TypeObserver(const Graph& graph, const torchscript::NodeIdentity& identity,
                           std::function<void()> checkCancel)
    : m_identity(identity),
      m_observations(std::make_shared<Observations>(std::move(checkCancel))),
      m_graph(const_cast<Graph&>(graph).copy()) // NOLINT: copy() only reads
{
    watch(*m_graph, true);
    // What is forked would be run by an executor of its own, which cannot have probes in its graph.
    InlineForkWait(m_graph);
}

TypeObserver::~TypeObserver() = default;

void TypeObserver::watch(Graph& graph, bool isMain)
{
    watch(*graph.block(), 0, isMain);
}

// Parameters are noted of a node's first block only, as the table observed_type has it.
void TypeObserver::watch(Block& block, ir::NodeKey owner, bool isFirst)
{
    const std::vector<Node*> nodes(block.nodes().begin(), block.nodes().end());
    for (Node* node : nodes) {
        const ir::NodeKey key = m_identity.keyOf(node);
        bool isFirstBlock = true;
        for (Block* inner : node->blocks())
            watch(*inner, key, std::exchange(isFirstBlock, false));
        if (node->kind() == prim::fork) {
            const std::shared_ptr<Graph> body = node->g(c10::attr::Subgraph)->copy();
            watch(*body, false);
            node->g_(c10::attr::Subgraph, body);
        }
        if (key == 0 || node->kind() == prim::Constant)
            continue;
        for (std::size_t i = 0; i < node->outputs().size(); ++i) {
            insertProbe(node->outputs()[i], node, nullptr,
                        {key, false, static_cast<std::uint32_t>(i), {}});
        }
    }
    if (!isFirst)
        return;
    for (std::size_t i = 0; i < block.inputs().size(); ++i) {
        insertProbe(block.inputs()[i], nullptr, &block,
                    {owner, true, static_cast<std::uint32_t>(i), {}});
    }
}

void TypeObserver::insertProbe(Value* value, Node* after, Block* startOf, const ObservedType& place)
{
    if (!mayBeTensor(*value))
        return;
    auto* probe = new torch::jit::ProfileIValueOp( // NOLINT: the graph owns its nodes
        value->owningGraph(),
        [observations = m_observations, index = m_observations->add(place)](Stack& stack) {
            stack.pop_back(); // the interpreter's number of the frame
            observations->see(index, stack.back());
        });
    probe->addInput(value);
    probe->addOutput()->setType(value->type());
    if (after != nullptr)
        probe->insertAfter(after);
    else
        startOf->prependNode(probe);
}

void TypeObserver::run(Stack& stack)
{
    torch::jit::Code code(m_graph, "types");
    torch::jit::InterpreterState(code).run(stack);
}

std::vector<ObservedType> TypeObserver::types() const
{
    return m_observations->types();
}

} // namespace jitscope::record
