#include "core/scene/graph_context_p.h"

#include "core/ir/names.h"
#include "core/scene/constant_text.h"
#include "core/support/counted.h"
#include "core/support/utf8.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace jitscope::scene {

namespace {

using Kind = FoldedValue::Kind;

constexpr std::size_t longestText =
    60; // of a folded constant, in bytes; the rest is in the properties

std::string oneLine(std::string text)
{
    for (char& c : text) {
        if (c == '\n' || c == '\t')
            c = ' ';
    }
    return shortened(text, longestText);
}

std::string tensorText(const ir::Graph& graph, const ir::TensorConstant& tensor)
{
    std::string sizes;
    for (const std::int64_t size : graph.shapeOf(tensor))
        sizes += (sizes.empty() ? "" : "\u00d7") + std::to_string(size);
    if (sizes.empty()) {
        const std::string_view preview = graph.text(tensor.preview);
        return preview.empty() ? std::string(graph.text(tensor.dtype)) : std::string(preview);
    }
    return fmt::format("{} {}", graph.text(tensor.dtype), sizes);
}

} // namespace

GraphContext::GraphContext(std::shared_ptr<const ir::Graph> owner, const ir::Graph& graph,
                           GraphOrigin origin, const ModelOutline& outline, bool fold)
    : m_owner(std::move(owner)),
      m_graph(graph),
      m_origin(std::move(origin)),
      m_uses(graph),
      m_mutations(graph),
      m_fold(fold),
      m_folded(graph.values.size()),
      m_isFolded(graph.nodes.size(), false),
      m_subtreeEnd(graph.nodes.size())
{
    const auto parameters = m_graph.parametersOf(m_graph.blocks.at(0));
    for (std::size_t i = 0; i < parameters.size() && i < m_origin.parameterModules.size(); ++i) {
        if (m_origin.parameterModules[i] != noModule)
            m_folded[parameters[i]] = {Kind::Module, m_origin.parameterModules[i]};
    }
    const auto count = static_cast<ir::NodeId>(graph.nodes.size());
    for (ir::NodeId id = 0; id < count; ++id) {
        m_subtreeEnd[id] = id + 1;
        foldNode(id, outline);
    }
    // A node's nested nodes follow it, so going backwards every node is complete when its owner is
    // reached.
    for (ir::NodeId id = count; id-- > 0;) {
        const ir::NodeId above = m_graph.blocks[m_graph.nodes[id].owner].owner;
        if (above != ir::none)
            m_subtreeEnd[above] = std::max(m_subtreeEnd[above], m_subtreeEnd[id]);
    }
}

void GraphContext::foldNode(ir::NodeId id, const ModelOutline& outline)
{
    const ir::Node& node = m_graph.nodes[id];
    const std::string_view kind = m_graph.kind(node);
    if (node.outputs.count != 1)
        return;
    bool folded = false;
    if (kind == "prim::Constant") {
        m_folded[m_graph.outputsOf(node)[0]] = constantOf(node);
        folded = true;
    } else if (kind == "prim::GetAttr") {
        folded = foldAttribute(node, outline);
    } else if (m_fold && (kind == "prim::ListConstruct" || kind == "prim::TupleConstruct")) {
        folded = foldConstruct(id);
    }
    m_isFolded[id] = folded && m_fold;
    FoldedValue& value = m_folded[m_graph.outputsOf(node)[0]];
    if (!m_fold && value.kind != Kind::Module && value.kind != Kind::Function)
        value = {};
}

FoldedValue GraphContext::constantOf(const ir::Node& node) const
{
    if (const ir::Attribute* constant = m_graph.attribute(node, "value")) {
        const auto tensors = m_graph.tensorsOf(*constant);
        if (constant->kind == ir::AttributeKind::Tensor && !tensors.empty())
            return {Kind::Text, oneLine(tensorText(m_graph, tensors[0]))};
        if (constant->kind == ir::AttributeKind::Tensors)
            return {Kind::Text, counted(std::ssize(tensors), "tensor")};
        return {Kind::Text, oneLine(displayAttribute(m_graph, node, *constant))};
    }
    if (const ir::Attribute* function = m_graph.attribute(node, "name")) {
        // A function's type may carry its qualified name, which the attribute does not.
        const std::string_view type = m_graph.text(m_graph.values[m_graph.outputsOf(node)[0]].type);
        const bool isQualified = type.find('.') != std::string_view::npos;
        const std::string_view name = isQualified ? type : m_graph.text(function->text);
        return {Kind::Function, std::string(ir::unquoted(name))};
    }
    return {Kind::Nothing, "None"};
}

FoldedValue GraphContext::knownOf(ir::ValueId value) const
{
    const FoldedValue& folded = m_folded[value];
    const ir::NodeId producer = m_graph.values[value].producer;
    const bool isConstantNode = folded.kind == Kind::Value && producer != ir::none &&
                                m_graph.kind(m_graph.nodes[producer]) == "prim::Constant";
    return isConstantNode ? constantOf(m_graph.nodes[producer]) : folded;
}

bool GraphContext::foldAttribute(const ir::Node& node, const ModelOutline& outline)
{
    const auto inputs = m_graph.inputsOf(node);
    const ir::Attribute* attribute = m_graph.attribute(node, "name");
    if (inputs.size() != 1 || attribute == nullptr || m_folded[inputs[0]].kind != Kind::Module)
        return false;
    std::string_view name = m_graph.text(attribute->text);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
    const std::string& owner = m_folded[inputs[0]].text;
    const std::string path = owner.empty() ? std::string(name) : fmt::format("{}.{}", owner, name);
    FoldedValue& value = m_folded[m_graph.outputsOf(node)[0]];
    const bool isModule =
        outline.module(path) != nullptr ||
        m_graph.text(m_graph.values[m_graph.outputsOf(node)[0]].type).starts_with("__torch__");
    if (isModule)
        value = {Kind::Module, path};
    else
        value = {outline.tensor(path) != nullptr ? Kind::Tensor : Kind::Member, path};
    return true;
}

bool GraphContext::foldConstruct(ir::NodeId id)
{
    const ir::Node& node = m_graph.nodes[id];
    const bool isList = m_graph.kind(node) == "prim::ListConstruct";
    const ir::ValueId output = m_graph.outputsOf(node)[0];
    if (!m_mutations.of(output).empty())
        return false; // it becomes something else
    bool isText = true;
    for (const ir::ValueId input : m_graph.inputsOf(node)) {
        const Kind kind = m_folded[input].kind;
        isText = isText && (kind == Kind::Text || kind == Kind::Nothing || kind == Kind::Member);
    }
    if (isText) {
        std::string text(isList ? "[" : "(");
        for (const ir::ValueId input : m_graph.inputsOf(node)) {
            text += text.size() > 1 ? ", " : "";
            text += m_folded[input].text;
        }
        m_folded[output] = {Kind::Text, oneLine(text + (isList ? "]" : ")"))};
        return true;
    }
    const auto uses = m_uses.of(output);
    if (uses.size() != 1 || uses[0].node == ir::none)
        return false;
    const ir::Node& user = m_graph.nodes[uses[0].node];
    const std::string_view kind = m_graph.kind(user);
    if (user.owner != node.owner || user.blocks.count != 0 || kind == "prim::ListConstruct" ||
        kind == "prim::TupleConstruct" || kind == "prim::TupleUnpack" ||
        kind == "prim::ListUnpack" ||
        (!m_origin.isLoaded && modulePathOf(user) != modulePathOf(node)))
        return false;
    m_folded[output].kind = Kind::Elements;
    return true;
}

ir::NodeId GraphContext::lift(ir::NodeId node, ir::BlockId block) const
{
    while (node != ir::none && m_graph.nodes[node].owner != block)
        node = m_graph.blocks[m_graph.nodes[node].owner].owner;
    return node;
}

ir::NodeId GraphContext::liftValue(ir::ValueId value, ir::BlockId block) const
{
    const ir::Value& v = m_graph.values[value];
    if (v.producer != ir::none)
        return lift(v.producer, block);
    return v.block == block ? ir::none : lift(m_graph.blocks[v.block].owner, block);
}

std::string_view GraphContext::modulePathOf(const ir::Node& node) const
{
    return m_origin.isLoaded ? std::string_view(m_origin.selfPath) : m_graph.text(node.modulePath);
}

// As printed IR writes it where it has no name of its own: a number alone would read as one.
std::string GraphContext::nameOf(ir::ValueId value) const
{
    const std::string_view name = m_graph.text(m_graph.values[value].name);
    const bool isNumber = !name.empty() && name.front() >= '0' && name.front() <= '9';
    return (isNumber ? "%" : "") + std::string(name);
}

// "a and b" and "a or b" are compiled to an If that evaluates b only where that is needed.
std::string GraphContext::shortCircuit(const ir::Node& node, int depth) const
{
    const std::string name = nameOf(m_graph.outputsOf(node)[0]);
    const auto blocks = m_graph.blocksOf(node);
    const auto then = m_graph.returnsOf(m_graph.blocks[blocks[0]]);
    const auto otherwise = m_graph.returnsOf(m_graph.blocks[blocks[1]]);
    if (then.size() != 1 || otherwise.size() != 1 || node.inputs.count == 0)
        return name;
    const ir::ValueId yes = then[0];
    const ir::ValueId no = otherwise[0];
    const auto is = [this](ir::ValueId value, std::string_view word) {
        const FoldedValue known = knownOf(value);
        return m_graph.text(m_graph.values[value].type) == "bool" && known.kind == Kind::Text &&
               known.text == word;
    };
    const ir::ValueId condition = m_graph.inputsOf(node)[0];
    if (is(no, "False"))
        return fmt::format("{} and {}", expression(condition, depth - 1),
                           expression(yes, depth - 1));
    if (is(yes, "True"))
        return fmt::format("{} or {}", expression(condition, depth - 1), expression(no, depth - 1));
    return name;
}

std::string GraphContext::expression(ir::ValueId id, int depth) const
{
    struct Infix
    {
        std::string_view kind;
        std::string_view sign;
    };
    static constexpr std::array<Infix, 15> infixes = {{{"aten::eq", "=="},
                                                       {"aten::ne", "!="},
                                                       {"aten::lt", "<"},
                                                       {"aten::le", "<="},
                                                       {"aten::gt", ">"},
                                                       {"aten::ge", ">="},
                                                       {"aten::__is__", "is"},
                                                       {"aten::__isnot__", "is not"},
                                                       {"aten::__and__", "and"},
                                                       {"aten::__or__", "or"},
                                                       {"aten::add", "+"},
                                                       {"aten::sub", "-"},
                                                       {"aten::mul", "*"},
                                                       {"aten::remainder", "%"},
                                                       {"aten::floordiv", "//"}}};

    const FoldedValue known = knownOf(id);
    if (known.kind != Kind::Value && known.kind != Kind::Elements)
        return known.kind == Kind::Module && known.text.empty() ? "self" : known.text;
    const ir::Value& value = m_graph.values[id];
    const std::string name = nameOf(id);
    if (value.producer == ir::none || depth == 0)
        return name;
    const ir::Node& node = m_graph.nodes[value.producer];
    const auto inputs = m_graph.inputsOf(node);
    const std::string_view kind = m_graph.kind(node);
    for (const Infix& infix : infixes) {
        if (kind == infix.kind && inputs.size() >= 2)
            return fmt::format("{} {} {}", expression(inputs[0], depth - 1), infix.sign,
                               expression(inputs[1], depth - 1));
    }
    if (kind == "prim::If" && node.blocks.count == 2 && node.outputs.count == 1)
        return shortCircuit(node, depth);
    if (kind == "aten::__not__" && inputs.size() == 1)
        return "not " + expression(inputs[0], depth - 1);
    if ((kind == "aten::Bool" || kind == "prim::unchecked_cast") && inputs.size() == 1)
        return expression(inputs[0], depth - 1);
    if ((kind == "aten::dim" || kind == "aten::numel" || kind == "aten::size" ||
         kind == "aten::len" || kind == "prim::is_cuda" || kind == "aten::__contains__" ||
         kind == "aten::__getitem__") &&
        !inputs.empty()) {
        std::string text =
            kind == "aten::__getitem__" ? "" : std::string(kind.substr(kind.find("::") + 2));
        if (text.empty() && inputs.size() == 2)
            return fmt::format("{}[{}]", expression(inputs[0], depth - 1),
                               expression(inputs[1], depth - 1));
        text += '(';
        for (std::size_t i = 0; i < inputs.size(); ++i)
            text += (i == 0 ? "" : ", ") + expression(inputs[i], depth - 1);
        return text + ')';
    }
    return name;
}

} // namespace jitscope::scene
