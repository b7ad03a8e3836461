#include "core/scene/scope_assembly_p.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace jitscope::scene {

namespace {

using Kind = FoldedValue::Kind;

constexpr std::size_t rowLimit = 8; // rows of one box; the properties show all

} // namespace

ScopeAssembly::ScopeAssembly(std::string id, const RegionInside& region,
                             const ModelOutline& outline, const document::NodeIndex& nodes,
                             const ValueTypes& types)
    : m_id(std::move(id)),
      m_region(region),
      m_context(*region.context),
      m_graph(region.context->graph()),
      m_outline(outline),
      m_types(types),
      m_maker(region.context, outline, nodes)
{}

Scope ScopeAssembly::run()
{
    gather();
    makeBoxes();
    for (std::uint32_t unit = 0; unit < m_units.size(); ++unit) {
        const Unit& u = m_units[unit];
        if (u.isRun) {
            for (const ir::NodeId member : u.members)
                connectCaptures(unit, member, m_context.subtreeEnd(member), false);
        } else {
            connectNode(unit);
        }
    }
    Scope scope;
    scope.id = m_id;
    addInputs(scope);
    const std::size_t firstUnit = scope.boxes.size();
    scope.boxes.reserve(scope.boxes.size() + m_boxes.size());
    std::move(m_boxes.begin(), m_boxes.end(), std::back_inserter(scope.boxes));
    addEdges(scope, firstUnit);
    addOutputs(scope, firstUnit);
    return scope;
}

std::string ScopeAssembly::gatheredPath(const ir::Node& node) const
{
    if (!m_context.origin().grouped)
        return {};
    const std::string_view path = m_context.modulePathOf(node);
    const std::string& here = m_region.modulePath;
    if (path == here || (!here.empty() && !(path.starts_with(here) && path[here.size()] == '.')))
        return {};
    // The nearest instance below this one that has a method: a ModuleList has none and is no call.
    std::size_t end = here.empty() ? 0 : here.size() + 1;
    while (true) {
        end = path.find('.', end);
        const std::string_view prefix = path.substr(0, end);
        if (end == std::string_view::npos || m_outline.hasMethods(prefix))
            return std::string(prefix);
        ++end;
    }
}

void ScopeAssembly::gather()
{
    const auto whole = m_graph.nodesOf(m_graph.blocks[m_region.block]);
    const std::span<const ir::NodeId> members =
        m_region.isWholeBlock ? whole : std::span<const ir::NodeId>(m_region.members);
    m_unitOfMember.reserve(members.size());
    for (const ir::NodeId id : members) {
        if (m_context.isFolded(id))
            continue;
        const std::string path = gatheredPath(m_graph.nodes[id]);
        // A run of neighbours, not all nodes of a module: it may be called more than once, and one
        // box for all of its calls would make cycles.
        if (path.empty() || m_units.empty() || !m_units.back().isRun ||
            m_units.back().modulePath != path) {
            m_units.emplace_back();
            m_units.back().isRun = !path.empty();
            m_units.back().modulePath = path;
        }
        m_units.back().members.push_back(id);
        m_unitOfMember.emplace(id, static_cast<std::uint32_t>(m_units.size() - 1));
    }
}

std::string ScopeAssembly::uniqueId(std::string wanted)
{
    std::string id = wanted;
    for (int copy = 2; !m_ids.insert(id).second; ++copy)
        id = fmt::format("{}#{}", wanted, copy);
    return id;
}

void ScopeAssembly::makeBoxes()
{
    m_boxes.reserve(m_units.size());
    m_ids.reserve(m_units.size());
    for (Unit& unit : m_units) {
        Box box;
        if (unit.isRun) {
            box = m_maker.module(unit.modulePath, m_region.modulePath);
            box.nodes = 0;
            for (const ir::NodeId member : unit.members)
                box.nodes += m_context.subtreeEnd(member) - member;
            box.inside = std::make_shared<Inside>(
                Inside{{},
                       box.title,
                       RegionInside{m_region.context, m_region.block, false, unit.members,
                                    unit.modulePath, false}});
        } else {
            box = m_maker.node(unit.members.front());
            const auto outputs = m_graph.outputsOf(m_graph.nodes[unit.members.front()]);
            for (std::size_t i = 0; i < outputs.size(); ++i) {
                unit.outputPorts.emplace(outputs[i], static_cast<std::uint32_t>(i));
                box.outputs.push_back(portOf(outputs[i], indexKey(i)));
            }
        }
        const bool isModule =
            box.kind == BoxKind::Module && (unit.isRun || box.modulePath != m_region.modulePath);
        const std::string local = isModule && !box.subtitle.empty()
                                      ? box.subtitle
                                      : m_maker.localId(m_graph.nodes[unit.members.front()]);
        box.id = uniqueId(m_id + "/" + local);
        if (box.inside)
            std::const_pointer_cast<Inside>(box.inside)->id = box.id;
        m_boxes.push_back(std::move(box));
    }
}

void ScopeAssembly::connectNode(std::uint32_t unit)
{
    const ir::NodeId id = m_units[unit].members.front();
    const ir::Node& node = m_graph.nodes[id];
    const auto inputs = m_graph.inputsOf(node);
    const std::vector<SchemaArgument> arguments = m_maker.arguments(node);
    const bool isCall = m_boxes[unit].nodeKind == "prim::CallFunction";
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const FoldedValue& folded = m_context.folded(inputs[i]);
        const bool isCallee = i == 0 &&
                              (folded.kind == Kind::Module || folded.kind == Kind::Function) &&
                              (isCall || m_boxes[unit].nodeKind == "prim::CallMethod");
        if (isCallee && m_context.folds())
            continue;
        connectArgument(unit, inputs[i], arguments[i].name, indexKey(isCall && i > 0 ? i - 1 : i),
                        arguments[i].defaultValue);
    }
    connectCaptures(unit, id, m_context.subtreeEnd(id), true);
    std::vector<Row>& rows = m_boxes[unit].rows;
    if (rows.size() > rowLimit) {
        const std::size_t hidden = rows.size() - rowLimit + 1;
        rows.resize(rowLimit - 1);
        rows.push_back({fmt::format("{} more", hidden), {}});
    }
}

void ScopeAssembly::connectArgument(std::uint32_t unit, ir::ValueId value, const std::string& name,
                                    PortKey key, const std::string& defaultValue)
{
    const FoldedValue& folded = m_context.folded(value);
    Box& box = m_boxes[unit];
    const bool isEdge =
        !m_context.folds() || folded.kind == Kind::Value || folded.kind == Kind::Elements;
    if (!isEdge && box.kind == BoxKind::Control)
        return; // a condition or trip count is in the title
    switch (m_context.folds() ? folded.kind : Kind::Value) {
    case Kind::Value: {
        box.inputs.push_back(portOf(value, key));
        if (!name.empty())
            box.inputs.back().name = name;
        m_connections.push_back({value, unit, static_cast<std::uint32_t>(box.inputs.size() - 1)});
        return;
    }
    case Kind::Elements: {
        const auto elements = m_graph.inputsOf(m_graph.nodes[m_graph.values[value].producer]);
        for (std::size_t i = 0; i < elements.size(); ++i)
            connectArgument(unit, elements[i], fmt::format("{}[{}]", name, i), key, {});
        return;
    }
    case Kind::Nothing:
        return;
    case Kind::Tensor: {
        const document::TensorRow* tensor = m_outline.tensor(folded.text);
        const std::string shape = tensor != nullptr ? shortShape(tensor->shape) : std::string{};
        const std::string_view attribute = relativePath(folded.text, box.modulePath);
        box.rows.push_back(
            {name.empty() ? std::string(attribute) : name,
             name == attribute || name.empty() ? shape : fmt::format("{} {}", attribute, shape)});
        return;
    }
    case Kind::Member:
    case Kind::Module:
    case Kind::Function:
        box.rows.push_back({name, std::string(relativePath(folded.text, box.modulePath))});
        return;
    case Kind::Text:
        if (!isDefault(folded.text, defaultValue))
            box.rows.push_back({name, folded.text});
        return;
    }
}

void ScopeAssembly::connectCaptures(std::uint32_t unit, ir::NodeId first, ir::NodeId last,
                                    bool skipFirst)
{
    for (ir::NodeId id = skipFirst ? first + 1 : first; id < last; ++id) {
        if (m_context.isFolded(id))
            continue;
        for (const ir::ValueId value : m_graph.inputsOf(m_graph.nodes[id]))
            capture(unit, value);
    }
    for (ir::NodeId id = first; id < last; ++id) {
        for (const ir::BlockId block : m_graph.blocksOf(m_graph.nodes[id])) {
            for (const ir::ValueId value : m_graph.returnsOf(m_graph.blocks[block]))
                capture(unit, value);
        }
    }
}

void ScopeAssembly::capture(std::uint32_t unit, ir::ValueId value)
{
    const FoldedValue& folded = m_context.folded(value);
    if (m_context.folds() && folded.kind == Kind::Elements) {
        for (const ir::ValueId element :
             m_graph.inputsOf(m_graph.nodes[m_graph.values[value].producer]))
            capture(unit, element);
        return;
    }
    if (m_context.folds() && folded.kind != Kind::Value)
        return;
    const ir::NodeId maker = m_context.liftValue(value, m_region.block);
    if (maker != ir::none) {
        const auto found = m_unitOfMember.find(maker);
        if (found != m_unitOfMember.end() && found->second == unit)
            return; // made inside
    }
    Unit& u = m_units[unit];
    Box& box = m_boxes[unit];
    const auto [entry, isNew] =
        u.inputPorts.emplace(value, static_cast<std::uint32_t>(box.inputs.size()));
    if (!isNew)
        return;
    box.inputs.push_back(portOf(value, captureKey(value)));
    m_connections.push_back({value, unit, entry->second});
}

Port ScopeAssembly::portOf(ir::ValueId value, PortKey key) const
{
    return {std::string(m_graph.text(m_graph.values[value].name)), typeOf(value), key};
}

std::uint32_t ScopeAssembly::unitOfNode(ir::NodeId node) const
{
    const ir::NodeId member = m_context.lift(node, m_region.block);
    if (member == ir::none)
        return outside;
    const auto found = m_unitOfMember.find(member);
    return found == m_unitOfMember.end() ? outside : found->second;
}

std::uint32_t ScopeAssembly::unitOf(ir::ValueId value) const
{
    const ir::NodeId maker = m_context.liftValue(value, m_region.block);
    if (maker == ir::none)
        return outside;
    const auto found = m_unitOfMember.find(maker);
    return found == m_unitOfMember.end() ? outside : found->second;
}

// `unit` is where the value is made; with `outside` the whole region is meant.
bool ScopeAssembly::isUsedOutside(ir::ValueId value, std::uint32_t unit) const
{
    for (const ir::Use& use : m_context.uses().of(value)) {
        if (use.node == ir::none) {
            const ir::NodeId owner = m_graph.blocks[use.block].owner;
            const std::uint32_t user =
                use.block == m_region.block || owner == ir::none ? outside : unitOfNode(owner);
            if (user == outside || (unit != outside && user != unit))
                return true;
            continue;
        }
        if (m_context.isFolded(use.node)) { // a list whose user takes it apart
            const auto outputs = m_graph.outputsOf(m_graph.nodes[use.node]);
            if (!outputs.empty() && isUsedOutside(outputs[0], unit))
                return true;
            continue;
        }
        const std::uint32_t user = unitOfNode(use.node);
        if (user == outside || (unit != outside && user != unit))
            return true;
    }
    return false;
}

void ScopeAssembly::addInputs(Scope& scope)
{
    const ir::Block& block = m_graph.blocks[m_region.block];
    const auto parameters =
        m_region.isWholeBlock ? m_graph.parametersOf(block) : std::span<const ir::ValueId>{};
    const auto add = [this, &scope](ir::ValueId value, PortKey key) {
        Box box;
        box.kind = BoxKind::Input;
        box.operatorClass = OperatorClass::Terminal;
        box.outputs.push_back(portOf(value, key));
        box.title = box.outputs.front().name;
        box.subtitle = shortType(box.outputs.front().type);
        box.modulePath = m_region.modulePath;
        box.key = key;
        box.id = uniqueId(fmt::format("{}/in{}", m_id, scope.boxes.size()));
        m_inputBoxes.emplace(value, static_cast<std::uint32_t>(scope.boxes.size()));
        scope.boxes.push_back(std::move(box));
    };
    std::set<ir::ValueId> used;
    for (const Connection& connection : m_connections)
        used.insert(connection.value);
    if (m_region.isWholeBlock) {
        for (const ir::ValueId value : m_graph.returnsOf(block))
            used.insert(value);
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const bool isModule =
            m_context.folded(parameters[i]).kind == Kind::Module && m_context.folds();
        if (!isModule && (m_region.showsAllParameters || used.contains(parameters[i])))
            add(parameters[i], indexKey(i));
    }
    for (const Connection& connection : m_connections) {
        if (unitOf(connection.value) == outside && !m_inputBoxes.contains(connection.value))
            add(connection.value, captureKey(connection.value));
    }
    if (m_region.isWholeBlock) {
        for (const ir::ValueId value : m_graph.returnsOf(block)) {
            const bool isEdge = m_context.folded(value).kind == Kind::Value || !m_context.folds();
            if (isEdge && unitOf(value) == outside && !m_inputBoxes.contains(value))
                add(value, captureKey(value));
        }
    }
}

void ScopeAssembly::addEdge(Scope& scope, ir::ValueId value, std::uint32_t from,
                            std::uint32_t fromPort, std::uint32_t to, std::uint32_t toPort) const
{
    Port port = portOf(value, 0);
    std::string label = shortType(port.type);
    scope.edges.push_back(
        {from, fromPort, to, toPort, std::move(port.name), std::move(port.type), std::move(label)});
}

void ScopeAssembly::addEdges(Scope& scope, std::size_t firstUnit)
{
    for (const Connection& connection : m_connections) {
        const std::uint32_t maker = unitOf(connection.value);
        const auto to = static_cast<std::uint32_t>(firstUnit + connection.unit);
        if (maker == outside) {
            addEdge(scope, connection.value, m_inputBoxes.at(connection.value), 0, to,
                    connection.port);
            continue;
        }
        Unit& unit = m_units[maker];
        Box& box = scope.boxes[firstUnit + maker];
        const auto [entry, isNew] = unit.outputPorts.emplace(
            connection.value, static_cast<std::uint32_t>(box.outputs.size()));
        if (isNew)
            box.outputs.push_back(portOf(connection.value, captureKey(connection.value)));
        addEdge(scope, connection.value, static_cast<std::uint32_t>(firstUnit + maker),
                entry->second, to, connection.port);
    }
}

void ScopeAssembly::addOutputs(Scope& scope, std::size_t firstUnit)
{
    const auto add = [this, &scope, firstUnit](ir::ValueId value, PortKey key, std::size_t index,
                                               std::size_t count) {
        const FoldedValue& folded = m_context.folded(value);
        Port port = portOf(value, key);
        Box box;
        box.kind = BoxKind::Output;
        box.operatorClass = OperatorClass::Terminal;
        box.modulePath = m_region.modulePath;
        box.key = key;
        box.id = uniqueId(fmt::format("{}/out{}", m_id, index));
        box.title = port.name;
        if (m_region.isWholeBlock)
            box.title = count == 1 ? "return" : fmt::format("return {}", index);
        box.subtitle = shortType(port.type);
        const auto to = static_cast<std::uint32_t>(scope.boxes.size());
        port.name = box.title;
        box.inputs.push_back(std::move(port));
        if (m_context.folds() && folded.kind != Kind::Value) {
            const bool isSelf = folded.kind == Kind::Module && folded.text.empty();
            box.subtitle = isSelf ? std::string("self") : m_context.expression(value);
        }
        scope.boxes.push_back(std::move(box));
        if (m_context.folds() && folded.kind != Kind::Value)
            return;
        const std::uint32_t maker = unitOf(value);
        if (maker == outside) {
            if (const auto input = m_inputBoxes.find(value); input != m_inputBoxes.end())
                addEdge(scope, value, input->second, 0, to, 0);
            return;
        }
        Box& from = scope.boxes[firstUnit + maker];
        const auto [entry, isNew] = m_units[maker].outputPorts.emplace(
            value, static_cast<std::uint32_t>(from.outputs.size()));
        if (isNew)
            from.outputs.push_back(portOf(value, captureKey(value)));
        addEdge(scope, value, static_cast<std::uint32_t>(firstUnit + maker), entry->second, to, 0);
    };
    if (m_region.isWholeBlock) {
        const auto returns = m_graph.returnsOf(m_graph.blocks[m_region.block]);
        for (std::size_t i = 0; i < returns.size(); ++i)
            add(returns[i], indexKey(i), i, returns.size());
        return;
    }
    std::size_t index = 0;
    for (const Unit& unit : m_units) {
        for (const ir::NodeId member : unit.members) {
            for (const ir::ValueId value : m_graph.outputsOf(m_graph.nodes[member])) {
                if (isUsedOutside(value, outside))
                    add(value, captureKey(value), index++, 0);
            }
        }
    }
}

Scope assembleBlocks(const std::string& id, const BlocksInside& blocks, const ModelOutline& outline,
                     const document::NodeIndex& nodes, const ValueTypes& types)
{
    const GraphContext& context = *blocks.context;
    const ir::Graph& graph = context.graph();
    const ir::Node& node = graph.nodes[blocks.node];
    const bool isIf = graph.kind(node) == "prim::If";
    const bool isLoop = graph.kind(node) == "prim::Loop";
    const std::string modulePath(context.modulePathOf(node));
    Scope scope;
    scope.id = id;

    // What the blocks receive and give goes through points without a label.
    std::unordered_map<PortKey, std::uint32_t> points;
    const auto point = [&scope, &points, &id](PortKey key, const Port& port) {
        const auto [entry, isNew] =
            points.emplace(key, static_cast<std::uint32_t>(scope.boxes.size()));
        if (isNew) {
            Box box;
            box.kind = BoxKind::Input;
            box.operatorClass = OperatorClass::Terminal;
            box.id = fmt::format("{}/in{}", id, scope.boxes.size());
            box.key = key;
            box.outputs.push_back(port);
            scope.boxes.push_back(std::move(box));
        }
        return entry->second;
    };
    struct Region
    {
        Box box;
        std::vector<std::uint32_t> sources; // by input port
    };
    std::vector<Region> regions;
    const auto blockIds = graph.blocksOf(node);
    for (std::size_t i = 0; i < blockIds.size(); ++i) {
        Region region;
        Box& box = region.box;
        box.kind = BoxKind::Region;
        box.operatorClass = OperatorClass::Control;
        box.id = fmt::format("{}/b{}", id, i);
        box.modulePath = modulePath;
        box.title = isIf     ? (i == 0 ? "then" : "else")
                    : isLoop ? "each time"
                             : fmt::format("block {}", i);
        RegionInside inside{blocks.context, blockIds[i], true, {}, modulePath, false};
        const Scope content = ScopeAssembly(box.id, inside, outline, nodes, types).run();
        box.nodes = content.boxes.size();
        for (const Box& inner : content.boxes) {
            if (inner.kind != BoxKind::Input)
                continue;
            Port port = inner.outputs.front();
            // Of a loop's parameters the first counts the trips (input 0), the others are carried
            // (inputs 2 and up).
            PortKey key = inner.key;
            if (isLoop && key < node.inputs.count)
                key = key == 0 ? 0 : key + 1;
            region.sources.push_back(point(key, port));
            box.inputs.push_back(std::move(port));
        }
        const auto returns = graph.returnsOf(graph.blocks[blockIds[i]]);
        for (std::size_t r = 0; r < returns.size(); ++r) {
            const ir::Value& value = graph.values[returns[r]];
            box.outputs.push_back(
                {std::string(graph.text(value.name)), types.of(context, returns[r]), indexKey(r)});
        }
        box.inside = std::make_shared<Inside>(Inside{box.id, box.title, std::move(inside)});
        regions.push_back(std::move(region));
    }
    std::vector<std::uint32_t> places;
    for (Region& region : regions) {
        const auto to = static_cast<std::uint32_t>(scope.boxes.size());
        places.push_back(to);
        for (std::size_t p = 0; p < region.sources.size(); ++p) {
            const Port& port = region.box.inputs[p];
            scope.edges.push_back({region.sources[p], 0, to, static_cast<std::uint32_t>(p),
                                   port.name, port.type, shortType(port.type)});
        }
        scope.boxes.push_back(std::move(region.box));
    }
    const auto outputs = graph.outputsOf(node);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const ir::Value& value = graph.values[outputs[i]];
        const std::string type = types.of(context, outputs[i]);
        Box box;
        box.kind = BoxKind::Output;
        box.operatorClass = OperatorClass::Terminal;
        box.id = fmt::format("{}/out{}", id, i);
        box.key = indexKey(i);
        box.inputs.push_back({std::string(graph.text(value.name)), type, box.key});
        const auto to = static_cast<std::uint32_t>(scope.boxes.size());
        scope.boxes.push_back(std::move(box));
        for (const std::uint32_t from : places) {
            const auto returned = static_cast<std::uint32_t>(
                isLoop ? i + 1 : i); // a loop first returns its condition
            if (returned < scope.boxes[from].outputs.size())
                scope.edges.push_back({from, returned, to, 0, std::string(graph.text(value.name)),
                                       type, shortType(type)});
        }
    }
    return scope;
}

} // namespace jitscope::scene
