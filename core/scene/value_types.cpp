#include "core/scene/value_types_p.h"

#include "core/ir/names.h"
#include "core/ir/tensor_type.h"

#include <optional>

namespace jitscope::scene {

namespace {

constexpr int deepestCalls = 24;         // calls in calls that a value is followed into
constexpr std::size_t mostUsesTried = 3; // of a parameter

bool mayBeTensor(std::string_view type)
{
    if (type.ends_with('?'))
        type.remove_suffix(1);
    return ir::tensorTypeOf(type).has_value();
}

} // namespace

std::string ValueTypes::of(const GraphContext& context, ir::ValueId value) const
{
    const ir::Graph& graph = context.graph();
    const std::string_view stated = graph.text(graph.values[value].type);
    if (m_known == nullptr || !mayBeTensor(stated))
        return std::string(stated);
    if (const auto type = ir::tensorTypeOf(stated); type && type->isComplete())
        return std::string(stated);
    std::string found = find(context, value, 0);
    return found.empty() ? std::string(stated) : found;
}

std::string ValueTypes::find(const GraphContext& context, ir::ValueId value, int depth) const
{
    if (depth > deepestCalls)
        return {};
    const ir::Graph& graph = context.graph();
    const ir::Value& v = graph.values[value];
    if (v.producer != ir::none) {
        const ir::Node& node = graph.nodes[v.producer];
        const auto outputs = graph.outputsOf(node);
        std::size_t index = 0;
        while (index < outputs.size() && outputs[index] != value)
            ++index;
        if (const ContextPtr callee = calleeOf(context, node)) {
            const auto returned = callee->graph().returnsOf(callee->graph().blocks.at(0));
            return index < returned.size() ? find(*callee, returned[index], depth + 1)
                                           : std::string();
        }
        return m_known->output(graph, node, context.modulePathOf(node), index);
    }
    // What the method that was run received it knows itself; any other parameter is told by who
    // uses it.
    const GraphOrigin& origin = context.origin();
    const bool isOfGraph = v.block == 0;
    if (isOfGraph && origin.selfPath == m_known->module() &&
        origin.methodName == m_known->method()) {
        const auto parameters = graph.parametersOf(graph.blocks[0]);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (parameters[i] == value)
                return m_known->parameter(i);
        }
    }
    std::size_t tried = 0;
    for (const ir::Use& use : context.uses().of(value)) {
        if (use.node == ir::none)
            continue;
        if (tried++ == mostUsesTried)
            break;
        if (std::string found = ofUse(context, use, depth); !found.empty())
            return found;
    }
    return {};
}

std::string ValueTypes::ofUse(const GraphContext& context, const ir::Use& use, int depth) const
{
    const ir::Graph& graph = context.graph();
    const ir::Node& node = graph.nodes[use.node];
    const ContextPtr callee = calleeOf(context, node);
    if (callee == nullptr)
        return m_known->input(graph, node, context.modulePathOf(node), use.index);
    // A method receives itself first, as its call does; a function is not its own argument.
    const std::size_t index = graph.kind(node) == "prim::CallFunction" ? use.index - 1 : use.index;
    const auto parameters = callee->graph().parametersOf(callee->graph().blocks.at(0));
    return index < parameters.size() ? find(*callee, parameters[index], depth + 1) : std::string();
}

ContextPtr ValueTypes::calleeOf(const GraphContext& context, const ir::Node& node) const
{
    const ir::Graph& graph = context.graph();
    const auto inputs = graph.inputsOf(node);
    if (!context.origin().isLoaded || inputs.empty())
        return nullptr;
    const FoldedValue& callee = context.folded(inputs[0]);
    const std::string_view kind = graph.kind(node);
    if (kind == "prim::CallFunction" && callee.kind == FoldedValue::Kind::Function) {
        const auto* function = m_outline.function(callee.text);
        return function != nullptr ? m_bodies({function, context.origin().selfPath, false})
                                   : nullptr;
    }
    if (kind != "prim::CallMethod" || callee.kind != FoldedValue::Kind::Module)
        return nullptr;
    const ir::Attribute* name = graph.attribute(node, "name");
    const auto* function = m_outline.method(
        callee.text, name != nullptr ? ir::unquoted(graph.text(name->text)) : "forward");
    return function != nullptr ? m_bodies({function, callee.text, true}) : nullptr;
}

} // namespace jitscope::scene
