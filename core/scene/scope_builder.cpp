#include "core/scene/scope_builder.h"

#include "core/ir/names.h"
#include "core/scene/repeats_p.h"
#include "core/scene/scope_assembly_p.h"
#include "core/scene/value_types_p.h"

namespace jitscope::scene {

namespace {

std::vector<std::string> moduleParameters(const ir::Graph& graph, const std::string& selfPath)
{
    const auto parameters = graph.parametersOf(graph.blocks.at(0));
    const bool hasSelf = !parameters.empty() &&
                         graph.text(graph.values[parameters[0]].type).starts_with("__torch__");
    return hasSelf ? std::vector<std::string>{selfPath} : std::vector<std::string>{};
}

std::string methodTitle(const ModelOutline& outline, const std::string& modulePath,
                        const std::string& method)
{
    const document::ModuleRow* module = outline.module(modulePath);
    std::string title = module != nullptr ? module->class_name : modulePath;
    return method == "forward" ? title : title + "." + method;
}

} // namespace

ScopeBuilder::ScopeBuilder(std::shared_ptr<const ModelOutline> outline,
                           std::shared_ptr<const document::NodeIndex> nodes, GraphSource graphs,
                           BuildOptions options, std::shared_ptr<const KnownTypes> types)
    : m_outline(std::move(outline)),
      m_nodes(std::move(nodes)),
      m_graphs(std::move(graphs)),
      m_options(options),
      m_structure(std::make_unique<Structure>(*m_outline, m_graphs)),
      m_types(std::make_unique<ValueTypes>(std::move(types), *m_outline,
                                           [this](const BodyInside& body) -> ContextPtr {
                                               const auto context = bodyContext(body);
                                               return context ? *context : nullptr;
                                           }))
{}

ScopeBuilder::~ScopeBuilder() = default;

Result<std::shared_ptr<const GraphContext>> ScopeBuilder::bodyContext(const BodyInside& body)
{
    const document::FunctionRow& function = *body.function;
    const std::string& selfPath = body.selfPath;
    const std::pair key{function.id, selfPath};
    if (const auto found = m_contexts.find(key); found != m_contexts.end())
        return found->second;
    Result<std::shared_ptr<const ir::Graph>> graph = m_graphs(function.graph);
    if (!graph)
        return tl::unexpected(graph.error());
    GraphOrigin origin;
    origin.isLoaded = true;
    origin.selfPath = selfPath;
    if (body.isMethod) {
        origin.methodName = ir::lastPart(function.name);
        origin.parameterModules = moduleParameters(**graph, selfPath);
    }
    auto context = std::make_shared<const GraphContext>(*graph, **graph, std::move(origin),
                                                        *m_outline, !m_options.rawSsa);
    m_contexts.emplace(key, context);
    return context;
}

Result<ScopePtr> ScopeBuilder::method(const std::string& modulePath, const std::string& name)
{
    const document::FunctionRow* function = m_outline->method(modulePath, name);
    if (function == nullptr) {
        return fail(ErrorCode::InvalidArgument, "The module has no method \"" + name + "\".",
                    modulePath, "Choose another method or module.");
    }
    Box root;
    root.id = name == "forward" ? modulePath : modulePath + ":" + name;
    root.inside =
        std::make_shared<Inside>(Inside{root.id, methodTitle(*m_outline, modulePath, name),
                                        BodyInside{function, modulePath, true}});
    return inside(root);
}

Result<ScopePtr> ScopeBuilder::function(const std::string& qualifiedName)
{
    const document::FunctionRow* function = m_outline->function(qualifiedName);
    if (function == nullptr || function->is_method != 0) {
        return fail(ErrorCode::InvalidArgument, "There is no free function with this name.",
                    qualifiedName, "Choose another one.");
    }
    Box root;
    root.id = "function:" + function->name;
    root.inside = std::make_shared<Inside>(
        Inside{root.id, function->name.substr(function->name.rfind('.') + 1),
               BodyInside{function, {}, false}});
    return inside(root);
}

Result<ScopePtr> ScopeBuilder::stage(std::shared_ptr<const ir::Graph> graph,
                                     const std::string& modulePath, const std::string& method)
{
    GraphOrigin origin;
    origin.selfPath = modulePath;
    origin.methodName = method.empty() ? "forward" : method;
    origin.grouped = !m_options.rawSsa;
    origin.parameterModules = moduleParameters(*graph, modulePath);
    const ir::Graph& nodes = *graph;
    auto context = std::make_shared<const GraphContext>(std::move(graph), nodes, std::move(origin),
                                                        *m_outline, !m_options.rawSsa);
    Box root;
    root.id = method == "forward" || method.empty() ? modulePath : modulePath + ":" + method;
    root.inside = std::make_shared<Inside>(
        Inside{root.id, methodTitle(*m_outline, modulePath, method.empty() ? "forward" : method),
               RegionInside{std::move(context), 0, true, {}, modulePath, true}});
    return inside(root);
}

Result<ScopePtr> ScopeBuilder::inside(const Box& box)
{
    if (!box.canOpen())
        return fail(ErrorCode::InvalidArgument, "This box has nothing inside.", box.id);
    if (const auto found = m_scopes.find(box.inside->id); found != m_scopes.end())
        return found->second;
    auto scope = std::make_shared<Scope>();
    const Inside& inside = *box.inside;
    if (const auto* body = std::get_if<BodyInside>(&inside.what)) {
        const Result<ContextPtr> context = bodyContext(*body);
        if (!context)
            return tl::unexpected(context.error());
        const RegionInside region{*context, 0, true, {}, body->selfPath, true};
        *scope = ScopeAssembly(inside.id, region, *m_outline, *m_nodes, *m_types).run();
    } else if (const auto* subgraph = std::get_if<SubgraphInside>(&inside.what)) {
        GraphOrigin origin = subgraph->around->origin();
        origin.parameterModules = subgraph->parameterModules;
        origin.methodName.clear();
        origin.grouped = false; // the members of a fusion group stand side by side
        auto context =
            std::make_shared<const GraphContext>(subgraph->around->owner(), *subgraph->graph,
                                                 std::move(origin), *m_outline, !m_options.rawSsa);
        const RegionInside region{std::move(context), 0, true, {}, box.modulePath, true};
        *scope = ScopeAssembly(inside.id, region, *m_outline, *m_nodes, *m_types).run();
    } else if (const auto* blocks = std::get_if<BlocksInside>(&inside.what)) {
        *scope = assembleBlocks(inside.id, *blocks, *m_outline, *m_nodes, *m_types);
    } else if (const auto* members = std::get_if<MembersInside>(&inside.what)) {
        *scope = *members->scope;
    } else {
        *scope = ScopeAssembly(inside.id, std::get<RegionInside>(inside.what), *m_outline, *m_nodes,
                               *m_types)
                     .run();
    }
    scope->title = inside.title;
    if (!m_options.rawSsa && !std::holds_alternative<MembersInside>(inside.what))
        foldRepeats(*scope, m_options.repeatsFrom, *m_structure);
    detachFarEdges(*scope, m_options);
    m_scopes.emplace(inside.id, scope);
    return scope;
}

} // namespace jitscope::scene
