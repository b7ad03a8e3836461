#include "core/scene/value_types_p.h"

#include "core/ir/names.h"
#include "core/ir/tensor_type.h"

#include <optional>
#include <tuple>

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

bool isComplete(std::string_view printed)
{
    const auto type = ir::tensorTypeOf(printed);
    return type && type->isComplete();
}

} // namespace

std::string ValueTypes::of(const GraphContext& context, ir::ValueId value) const
{
    const ir::Graph& graph = context.graph();
    const std::string_view stated = graph.text(graph.values[value].type);
    if (m_known == nullptr || !mayBeTensor(stated))
        return std::string(stated);
    if (isComplete(stated))
        return std::string(stated);
    std::string found = find(context, value, {}, 0);
    return found.empty() ? std::string(stated) : found;
}

// Whoever makes a value tells its type, unless that is a module that is called elsewhere too, with
// something else; then those who use it may know better.
std::string ValueTypes::find(const GraphContext& context, ir::ValueId value, Call call,
                             int depth) const
{
    if (depth > deepestCalls)
        return {};
    std::string made = ofMaker(context, value, call, depth);
    if (isComplete(made))
        return made;
    std::string used = ofUses(context, value, call, depth);
    return made.empty() || isComplete(used) ? used : made;
}

std::string ValueTypes::ofMaker(const GraphContext& context, ir::ValueId value, Call call,
                                int depth) const
{
    const ir::Graph& graph = context.graph();
    const ir::Value& v = graph.values[value];
    if (v.producer != ir::none) {
        const ir::Node& node = graph.nodes[v.producer];
        const auto outputs = graph.outputsOf(node);
        std::size_t index = 0;
        while (index < outputs.size() && outputs[index] != value)
            ++index;
        const ContextPtr callee = calleeOf(context, node);
        if (callee == nullptr)
            return m_known->output(graph, node, context.modulePathOf(node), index, call);
        const auto returned = callee->graph().returnsOf(callee->graph().blocks.at(0));
        return index < returned.size()
                   ? find(*callee, returned[index], callAt(context, v.producer, call), depth + 1)
                   : std::string();
    }
    // What the method that was run received it knows itself.
    const GraphOrigin& origin = context.origin();
    const auto parameters = graph.parametersOf(graph.blocks[0]);
    if (origin.selfPath != m_known->module() || origin.methodName != m_known->method())
        return {};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i] == value)
            return m_known->parameter(i);
    }
    return {};
}

std::string ValueTypes::ofUses(const GraphContext& context, ir::ValueId value, Call call,
                               int depth) const
{
    std::string best;
    std::size_t tried = 0;
    for (const ir::Use& use : context.uses().of(value)) {
        if (use.node == ir::none)
            continue;
        if (tried++ == mostUsesTried)
            break;
        std::string found = ofUse(context, use, call, depth);
        if (isComplete(found))
            return found;
        if (best.empty())
            best = std::move(found);
    }
    return best;
}

std::string ValueTypes::ofUse(const GraphContext& context, const ir::Use& use, Call call,
                              int depth) const
{
    const ir::Graph& graph = context.graph();
    const ir::Node& node = graph.nodes[use.node];
    const ContextPtr callee = calleeOf(context, node);
    if (callee == nullptr)
        return m_known->input(graph, node, context.modulePathOf(node), use.index, call);
    // A method receives itself first, as its call does; a function is not its own argument.
    const std::size_t index = graph.kind(node) == "prim::CallFunction" ? use.index - 1 : use.index;
    const auto parameters = callee->graph().parametersOf(callee->graph().blocks.at(0));
    return index < parameters.size() && depth < deepestCalls
               ? ofUses(*callee, parameters[index], callAt(context, use.node, call), depth + 1)
               : std::string();
}

// Counts the calls of one callee in a body; in what is inlined they stand in the same order.
KnownTypes::Call ValueTypes::callAt(const GraphContext& context, ir::NodeId call, Call around)
{
    const ir::Graph& graph = context.graph();
    const auto calleeName = [&](const ir::Node& node) {
        const auto inputs = graph.inputsOf(node);
        const ir::Attribute* name = graph.attribute(node, "name");
        return std::tuple(node.kind,
                          inputs.empty() ? std::string_view() : context.folded(inputs[0]).text,
                          name != nullptr ? graph.text(name->text) : std::string_view());
    };
    const auto wanted = calleeName(graph.nodes[call]);
    Call here{0, 0};
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        if (graph.nodes[id].kind != std::get<0>(wanted) || calleeName(graph.nodes[id]) != wanted)
            continue;
        here.index += id < call ? 1 : 0;
        ++here.total;
    }
    return {around.index * here.total + here.index, around.total * here.total};
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
