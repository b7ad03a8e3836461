#include "core/scene/box_maker_p.h"

#include "core/ir/names.h"
#include "core/scene/constant_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace jitscope::scene {

namespace {

using Kind = FoldedValue::Kind;

constexpr std::size_t tensorRowLimit = 4; // a module's own weights shown in its box
constexpr std::string_view endless = "9223372036854775807"; // trip count of a while loop

} // namespace

std::string_view relativePath(std::string_view path, std::string_view from)
{
    if (from.empty())
        return path;
    if (path.size() > from.size() && path.starts_with(from) && path[from.size()] == '.')
        return path.substr(from.size() + 1);
    return path;
}

BoxMaker::BoxMaker(ContextPtr context, const ModelOutline& outline,
                   const document::NodeIndex& nodes)
    : m_context(std::move(context)), m_outline(outline), m_nodes(nodes)
{}

std::vector<document::NodeRef> BoxMaker::refs(const ir::Node& node) const
{
    if (node.key == 0)
        return {};
    if (m_context->origin().isLoaded)
        return {{m_context->origin().selfPath, node.key, node.key}};
    std::vector<document::NodeRef> refs = m_nodes.origins(node.key);
    if (refs.empty())
        refs.push_back({std::string(m_context->modulePathOf(node)), 0, node.key});
    return refs;
}

std::vector<document::NodeRef> BoxMaker::refsIn(ir::NodeId first, ir::NodeId last) const
{
    std::vector<document::NodeRef> all;
    for (ir::NodeId id = first; id < last; ++id) {
        std::vector<document::NodeRef> some = refs(m_context->graph().nodes[id]);
        all.insert(all.end(), std::make_move_iterator(some.begin()),
                   std::make_move_iterator(some.end()));
    }
    return all;
}

std::string BoxMaker::localId(const ir::Node& node) const
{
    if (m_context->origin().isLoaded)
        return fmt::format("n{}", node.key);
    const std::vector<document::NodeRef> all = refs(node);
    if (all.size() == 1 && all[0].loaded != 0)
        return fmt::format("n{}", all[0].loaded);
    return fmt::format("k{}", node.key);
}

std::vector<SchemaArgument> BoxMaker::arguments(const ir::Node& node) const
{
    const ir::Graph& graph = m_context->graph();
    const auto inputs = graph.inputsOf(node);
    const std::string_view kind = graph.kind(node);
    std::vector<SchemaArgument> names;
    if (kind == "prim::CallMethod" && !inputs.empty()) {
        const FoldedValue& self = m_context->folded(inputs[0]);
        const ir::Attribute* method = graph.attribute(node, "name");
        if (self.kind == Kind::Module && method != nullptr) {
            if (const auto* function =
                    m_outline.method(self.text, ir::unquoted(graph.text(method->text))))
                names = argumentsOf(function->schema);
        }
    } else if (kind == "prim::CallFunction" && !inputs.empty()) {
        const FoldedValue& callee = m_context->folded(inputs[0]);
        if (callee.kind == Kind::Function) {
            if (const auto* function = m_outline.function(callee.text))
                names = argumentsOf(function->schema);
        }
        names.insert(names.begin(), SchemaArgument{});
    } else {
        names = argumentsOf(graph.text(node.schema));
    }
    for (SchemaArgument& argument : names)
        argument.name =
            argument.name == "self" && kind != "prim::CallMethod" ? "input" : argument.name;
    names.resize(inputs.size());
    return names;
}

void BoxMaker::addTensorRows(const std::string& path, Box& box) const
{
    box.operatorClass = classifyModule(box.title);
    const auto& tensors = m_outline.tensorsOf(path);
    for (std::size_t i = 0; i < tensors.size() && i < tensorRowLimit; ++i)
        box.rows.push_back(
            {std::string(ir::lastPart(tensors[i]->name)), shortShape(tensors[i]->shape)});
    if (tensors.size() > tensorRowLimit)
        box.rows.push_back({fmt::format("{} more", tensors.size() - tensorRowLimit), {}});
}

void BoxMaker::describeCall(const ir::Node& node, Box& box) const
{
    const ir::Graph& graph = m_context->graph();
    const auto inputs = graph.inputsOf(node);
    box.operatorClass = OperatorClass::Call;
    if (inputs.empty())
        return;
    const FoldedValue& callee = m_context->folded(inputs[0]);
    if (graph.kind(node) == "prim::CallFunction") {
        box.kind = BoxKind::Function;
        box.title =
            callee.kind == Kind::Function ? std::string(ir::lastPart(callee.text)) : "function";
        const auto* function =
            callee.kind == Kind::Function ? m_outline.function(callee.text) : nullptr;
        if (function != nullptr)
            box.inside = std::make_shared<Inside>(
                Inside{{}, box.title, BodyInside{function, m_context->origin().selfPath, false}});
        return;
    }
    box.kind = BoxKind::Module;
    const ir::Attribute* name = graph.attribute(node, "name");
    const std::string method(name != nullptr ? ir::unquoted(graph.text(name->text))
                                             : std::string_view{});
    const bool isForward = method == "forward" || method.empty();
    if (callee.kind != Kind::Module) {
        box.title = isForward ? "module" : method;
        box.subtitle = m_context->expression(inputs[0]);
        return;
    }
    box.modulePath = callee.text;
    const document::ModuleRow* module = m_outline.module(callee.text);
    box.title = module != nullptr ? module->class_name : std::string(ir::lastPart(callee.text));
    box.subtitle = callee.text == m_context->origin().selfPath
                       ? "self"
                       : std::string(relativePath(callee.text, m_context->origin().selfPath));
    if (!isForward)
        box.subtitle += "." + method;
    addTensorRows(callee.text, box);
    if (const auto* function = m_outline.method(callee.text, isForward ? "forward" : method)) {
        box.inside = std::make_shared<Inside>(
            Inside{{}, box.title, BodyInside{function, callee.text, true}});
    }
}

void BoxMaker::describeControl(ir::NodeId id, const ir::Node& node, Box& box) const
{
    const auto inputs = m_context->graph().inputsOf(node);
    box.kind = BoxKind::Control;
    box.operatorClass = OperatorClass::Control;
    box.nodes = m_context->subtreeEnd(id) - id;
    if (box.nodeKind == "prim::If" && !inputs.empty()) {
        box.title = "if";
        box.subtitle = m_context->expression(inputs[0]);
    } else if (box.nodeKind == "prim::Loop" && inputs.size() >= 2) {
        const std::string trips = m_context->expression(inputs[0]);
        // What the body computes for the next round; the node's input decides on the first only.
        const ir::Graph& graph = m_context->graph();
        const auto blocks = graph.blocksOf(node);
        const auto returned = blocks.empty() ? std::span<const ir::ValueId>()
                                             : graph.returnsOf(graph.blocks[blocks[0]]);
        const std::string condition =
            m_context->expression(returned.empty() ? inputs[1] : returned[0]);
        box.title = trips == endless ? "while" : "for";
        box.subtitle = trips == endless ? condition : fmt::format("i in range({})", trips);
        if (trips != endless && condition != "1" && condition != "True" && condition != "true")
            box.subtitle += fmt::format(" while {}", condition);
    }
    box.contents = refsIn(id + 1, m_context->subtreeEnd(id));
    box.inside = std::make_shared<Inside>(
        Inside{{},
               box.subtitle.empty() ? box.title : box.title + " " + box.subtitle,
               BlocksInside{m_context, id}});
}

void BoxMaker::describeSubgraph(const ir::Node& node, const ir::Attribute& subgraph, Box& box) const
{
    const bool isFork = box.nodeKind == "prim::fork" || box.nodeKind == "prim::awaitable" ||
                        box.nodeKind == "prim::awaitable_nowait";
    box.kind = isFork ? BoxKind::Fork : BoxKind::Fusion;
    box.operatorClass = isFork ? OperatorClass::Control : OperatorClass::Fusion;
    const ir::Graph& graph = m_context->graph().subgraphsOf(subgraph)[0];
    box.nodes = graph.nodes.size() + 1;
    std::vector<std::string> names;
    for (const ir::Node& member : graph.nodes) {
        const std::string_view kind = graph.kind(member);
        if (kind == "prim::Constant" || kind == "prim::ListConstruct" || kind == "prim::GetAttr")
            continue;
        std::string name(
            kind.substr(kind.find("::") == std::string_view::npos ? 0 : kind.find("::") + 2));
        if (names.empty() || names.back() != name)
            names.push_back(std::move(name));
    }
    constexpr std::size_t shown = 4;
    for (std::size_t i = 0; i < names.size() && i < shown; ++i)
        box.subtitle += (i == 0 ? "" : " \u00b7 ") + names[i];
    if (names.size() > shown)
        box.subtitle += " \u2026";
    SubgraphInside inside{m_context, &graph, {}};
    for (const ir::ValueId input : m_context->graph().inputsOf(node)) {
        const FoldedValue& folded = m_context->folded(input);
        inside.parameterModules.push_back(folded.kind == Kind::Module ? folded.text
                                                                      : std::string(noModule));
    }
    for (const ir::Node& member : graph.nodes) {
        if (member.key == 0)
            continue;
        if (m_context->origin().isLoaded) {
            box.contents.push_back({m_context->origin().selfPath, member.key, member.key});
        } else {
            std::vector<document::NodeRef> some = m_nodes.origins(member.key);
            box.contents.insert(box.contents.end(), some.begin(), some.end());
        }
    }
    box.inside = std::make_shared<Inside>(Inside{{}, box.title, std::move(inside)});
}

Box BoxMaker::node(ir::NodeId id) const
{
    const ir::Graph& graph = m_context->graph();
    const ir::Node& node = graph.nodes[id];
    Box box;
    box.nodeKind = graph.kind(node);
    const std::size_t colons = box.nodeKind.find("::");
    box.title = colons == std::string::npos ? box.nodeKind : box.nodeKind.substr(colons + 2);
    if (colons != std::string::npos && !box.nodeKind.starts_with("aten::") &&
        !box.nodeKind.starts_with("prim::"))
        box.subtitle = box.nodeKind.substr(0, colons);
    box.operatorClass = classify(box.nodeKind);
    box.modulePath = m_context->modulePathOf(node);
    box.schema = graph.text(node.schema);
    box.refs = refs(node);
    if (node.source.line != 0)
        box.source =
            fmt::format("{}:{}", ir::fileName(graph.text(node.source.file)), node.source.line);

    const ir::Attribute* subgraph = graph.attribute(node, "Subgraph");
    if (box.nodeKind == "prim::CallMethod" || box.nodeKind == "prim::CallFunction")
        describeCall(node, box);
    else if (node.blocks.count != 0)
        describeControl(id, node, box);
    else if (subgraph != nullptr && !graph.subgraphsOf(*subgraph).empty())
        describeSubgraph(node, *subgraph, box);
    else if (box.nodeKind == "prim::GetAttr" || box.nodeKind == "prim::SetAttr") {
        if (const ir::Attribute* name = graph.attribute(node, "name"))
            box.subtitle = ir::unquoted(graph.text(name->text));
    } else if (!m_context->folds()) {
        for (const ir::Attribute& attribute : graph.attributesOf(node))
            box.rows.push_back({std::string(graph.text(attribute.name)),
                                displayAttribute(graph, node, attribute)});
    }
    return box;
}

Box BoxMaker::module(const std::string& path, std::string_view around) const
{
    Box box;
    box.kind = BoxKind::Module;
    box.operatorClass = OperatorClass::Call;
    box.modulePath = path;
    const document::ModuleRow* module = m_outline.module(path);
    box.title = module != nullptr ? module->class_name : std::string(ir::lastPart(path));
    box.subtitle = relativePath(path, around);
    addTensorRows(path, box);
    return box;
}

} // namespace jitscope::scene
