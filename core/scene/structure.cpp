#include "core/scene/structure_p.h"

#include "core/ir/names.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace jitscope::scene {

namespace {

constexpr int deepest = 32; // calls in calls

// FNV-1a over words and texts. Two graphs that differ look alike once in 2^64 times.
class Hasher
{
public:
    void add(std::uint64_t word)
    {
        for (int byte = 0; byte < 8; ++byte) {
            m_hash = (m_hash ^ (word & 0xffU)) * 1099511628211U;
            word >>= 8U;
        }
    }
    void add(std::string_view text)
    {
        for (const char c : text)
            m_hash = (m_hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
        add(text.size());
    }
    [[nodiscard]] std::uint64_t value() const { return m_hash; }

private:
    std::uint64_t m_hash = 14695981039346656037U;
};

void addNode(Hasher& hasher, const ir::Graph& graph, const ir::Node& node)
{
    hasher.add(graph.kind(node));
    hasher.add(node.outputs.count);
    hasher.add(node.blocks.count);
    for (const ir::Attribute& attribute : graph.attributesOf(node)) {
        hasher.add(graph.text(attribute.name));
        // Tensors are told by their shape: their values are what training made of them.
        if (attribute.tensors.count == 0)
            hasher.add(graph.text(attribute.text));
        for (const ir::TensorConstant& tensor : graph.tensorsOf(attribute)) {
            hasher.add(graph.text(tensor.dtype));
            for (const std::int64_t size : graph.shapeOf(tensor))
                hasher.add(static_cast<std::uint64_t>(size));
        }
    }
}

} // namespace

bool Structure::areAlike(const Box& a, const Box& b)
{
    if (a.kind != BoxKind::Module || b.kind != BoxKind::Module || a.title != b.title ||
        a.rows != b.rows || a.inputs.size() != b.inputs.size() ||
        a.outputs.size() != b.outputs.size() || a.canOpen() != b.canOpen() ||
        !haveLikeTensors(a.modulePath, b.modulePath))
        return false;
    if (!a.canOpen())
        return true;
    const auto* bodyA = std::get_if<BodyInside>(&a.inside->what);
    const auto* bodyB = std::get_if<BodyInside>(&b.inside->what);
    if (bodyA != nullptr && bodyB != nullptr && bodyA->function == bodyB->function)
        return true;
    const std::optional<Hash> hashA = hashOf(a);
    return hashA && hashA == hashOf(b);
}

bool Structure::haveLikeTensors(const std::string& a, const std::string& b) const
{
    const auto inA = m_outline.tensorsBelow(a);
    const auto inB = m_outline.tensorsBelow(b);
    return std::equal(inA.begin(), inA.end(), inB.begin(), inB.end(),
                      [&](const document::TensorRow* x, const document::TensorRow* y) {
                          return x->shape == y->shape && x->dtype == y->dtype &&
                                 std::string_view(x->name).substr(a.size()) ==
                                     std::string_view(y->name).substr(b.size());
                      });
}

std::optional<Structure::Hash> Structure::hashOf(const Box& box)
{
    if (const auto* body = std::get_if<BodyInside>(&box.inside->what))
        return hashOf(*body->function, body->selfPath, 0);
    if (const auto* region = std::get_if<RegionInside>(&box.inside->what))
        return hashOf(*region);
    return std::nullopt;
}

std::optional<Structure::Hash> Structure::hashOf(const document::FunctionRow& function,
                                                 const std::string& selfPath, int depth)
{
    if (const auto found = m_functions.find(function.id); found != m_functions.end())
        return found->second;
    if (depth > deepest)
        return std::nullopt;
    m_functions.emplace(function.id, std::nullopt); // a function that calls itself is like no other
    const Result<std::shared_ptr<const ir::Graph>> read = m_graphs(function.graph);
    if (!read)
        return std::nullopt;
    const ir::Graph& graph = **read;
    Hasher hasher;
    // The instance that a value is, for calls: self and what is read of it.
    std::unordered_map<ir::ValueId, std::string> instances;
    const auto parameters = graph.parametersOf(graph.blocks.at(0));
    if (function.is_method != 0 && !parameters.empty())
        instances.emplace(parameters.front(), selfPath);
    for (const ir::Node& node : graph.nodes) {
        addNode(hasher, graph, node);
        const auto inputs = graph.inputsOf(node);
        for (const ir::ValueId input : inputs)
            hasher.add(input);
        const ir::Attribute* name = graph.attribute(node, "name");
        const auto self = inputs.empty() ? instances.end() : instances.find(inputs[0]);
        if (name == nullptr || self == instances.end())
            continue;
        const std::string_view text = ir::unquoted(graph.text(name->text));
        if (graph.kind(node) == "prim::GetAttr" && node.outputs.count == 1) {
            std::string path =
                self->second.empty() ? std::string(text) : self->second + "." + std::string(text);
            if (m_outline.module(path) != nullptr)
                instances.emplace(graph.outputsOf(node)[0], std::move(path));
        } else if (graph.kind(node) == "prim::CallMethod") {
            const document::FunctionRow* callee = m_outline.method(self->second, text);
            const std::optional<Hash> below =
                callee != nullptr ? hashOf(*callee, self->second, depth + 1) : std::nullopt;
            if (!below)
                return std::nullopt;
            hasher.add(*below);
        }
    }
    for (const ir::ValueId value : graph.returnsOf(graph.blocks.at(0)))
        hasher.add(value);
    m_functions[function.id] = hasher.value();
    return hasher.value();
}

Structure::Hash Structure::hashOf(const RegionInside& region)
{
    const ir::Graph& graph = region.context->graph();
    Hasher hasher;
    std::unordered_map<ir::ValueId, std::uint64_t> numbers; // in order of appearance
    const auto number = [&numbers](ir::ValueId value) {
        return numbers.emplace(value, numbers.size()).first->second;
    };
    for (const ir::NodeId member : region.members) {
        for (ir::NodeId id = member; id < region.context->subtreeEnd(member); ++id) {
            const ir::Node& node = graph.nodes[id];
            addNode(hasher, graph, node);
            const std::string_view path = graph.text(node.modulePath);
            hasher.add(path.substr(std::min(path.size(), region.modulePath.size())));
            for (const ir::ValueId input : graph.inputsOf(node))
                hasher.add(number(input));
            for (const ir::ValueId output : graph.outputsOf(node))
                hasher.add(number(output));
            for (const ir::BlockId block : graph.blocksOf(node)) {
                for (const ir::ValueId value : graph.parametersOf(graph.blocks[block]))
                    hasher.add(number(value));
                for (const ir::ValueId value : graph.returnsOf(graph.blocks[block]))
                    hasher.add(number(value));
            }
        }
    }
    return hasher.value();
}

} // namespace jitscope::scene
