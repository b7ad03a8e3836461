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
        Row row{name.empty() ? std::string(attribute) : name,
                name == attribute || name.empty() ? shape : fmt::format("{} {}", attribute, shape)};
        // A method that is given a weight of its own module stands in a box that lists it already.
        if (std::find(box.rows.begin(), box.rows.end(), row) == box.rows.end())
            box.rows.push_back(std::move(row));
        return;
    }
    case Kind::Member:
    case Kind::Module:
    case Kind::Function: {
        std::string path(relativePath(folded.text, box.modulePath));
        if (!path.empty() || !name.empty()) // not the object whose attribute is set
            box.rows.push_back(name.empty() ? Row{std::move(path), {}}
                                            : Row{name, std::move(path)});
        return;
    }
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

// Where a unit gets a value from: who changed it last before the unit, else who made it.
std::uint32_t ScopeAssembly::sourceFor(ir::ValueId value, std::uint32_t consumer) const
{
    std::uint32_t source = unitOf(value);
    if (!m_context.folds())
        return source;
    for (const ir::NodeId node : m_context.mutations().of(value)) {
        const std::uint32_t unit = unitOfNode(node);
        if (unit != outside && unit < consumer && (source == outside || unit > source))
            source = unit;
    }
    return source;
}

// The port of `unit` that gives the value.
std::uint32_t ScopeAssembly::outputPort(std::uint32_t unit, Box& box, ir::ValueId value)
{
    const auto [entry, isNew] =
        m_units[unit].outputPorts.emplace(value, static_cast<std::uint32_t>(box.outputs.size()));
    if (isNew) {
        box.outputs.push_back(
            portOf(value, unitOf(value) == unit ? captureKey(value) : changedKey(value)));
    }
    return entry->second;
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
        const std::uint32_t maker = sourceFor(connection.value, connection.unit);
        const auto to = static_cast<std::uint32_t>(firstUnit + connection.unit);
        if (maker == outside) {
            addEdge(scope, connection.value, m_inputBoxes.at(connection.value), 0, to,
                    connection.port);
            continue;
        }
        const std::uint32_t port =
            outputPort(maker, scope.boxes[firstUnit + maker], connection.value);
        addEdge(scope, connection.value, static_cast<std::uint32_t>(firstUnit + maker), port, to,
                connection.port);
    }
}

// Values from elsewhere that are changed in this region, and used after it. What a method does to
// its arguments is not known where it is called.
std::vector<ir::ValueId> ScopeAssembly::changedForOthers() const
{
    std::vector<ir::ValueId> changed;
    if (!m_context.folds() || (m_region.isWholeBlock && m_region.block == 0) || m_units.empty())
        return changed;
    const ir::NodeId owner = m_graph.blocks[m_region.block].owner;
    const ir::NodeId end = m_region.isWholeBlock
                               ? m_context.subtreeEnd(owner)
                               : m_context.subtreeEnd(m_units.back().members.back());
    const auto isUsedLater = [this, end](const ir::Use& use) {
        if (use.node != ir::none)
            return use.node >= end;
        const ir::NodeId around = m_graph.blocks[use.block].owner;
        return around == ir::none || m_context.subtreeEnd(around) > end;
    };
    for (const ir::ValueId value : m_context.mutations().values()) {
        const auto uses = m_context.uses().of(value);
        if (unitOf(value) == outside &&
            sourceFor(value, static_cast<std::uint32_t>(m_units.size())) != outside &&
            std::any_of(uses.begin(), uses.end(), isUsedLater))
            changed.push_back(value);
    }
    return changed;
}

void ScopeAssembly::addOutputs(Scope& scope, std::size_t firstUnit)
{
    std::size_t count = 0;
    // Without a title it is the value's name.
    const auto add = [this, &scope, &count, firstUnit](ir::ValueId value, PortKey key,
                                                       std::string title) {
        const FoldedValue& folded = m_context.folded(value);
        Port received = portOf(value, key);
        if (!title.empty())
            received.name = std::move(title);
        Box box;
        box.kind = BoxKind::Output;
        box.operatorClass = OperatorClass::Terminal;
        box.modulePath = m_region.modulePath;
        box.key = key;
        box.id = uniqueId(fmt::format("{}/out{}", m_id, count++));
        box.title = received.name;
        box.subtitle = shortType(received.type);
        const auto to = static_cast<std::uint32_t>(scope.boxes.size());
        box.inputs.push_back(std::move(received));
        if (m_context.folds() && folded.kind != Kind::Value) {
            const bool isSelf = folded.kind == Kind::Module && folded.text.empty();
            box.subtitle = isSelf ? std::string("self") : m_context.expression(value);
        }
        scope.boxes.push_back(std::move(box));
        if (m_context.folds() && folded.kind != Kind::Value)
            return;
        const std::uint32_t maker = sourceFor(value, static_cast<std::uint32_t>(m_units.size()));
        if (maker == outside) {
            if (const auto input = m_inputBoxes.find(value); input != m_inputBoxes.end())
                addEdge(scope, value, input->second, 0, to, 0);
            return;
        }
        const std::uint32_t port = outputPort(maker, scope.boxes[firstUnit + maker], value);
        addEdge(scope, value, static_cast<std::uint32_t>(firstUnit + maker), port, to, 0);
    };
    if (m_region.isWholeBlock) {
        const auto returns = m_graph.returnsOf(m_graph.blocks[m_region.block]);
        for (std::size_t i = 0; i < returns.size(); ++i)
            add(returns[i], indexKey(i),
                returns.size() == 1 ? std::string("return") : fmt::format("return {}", i));
    }
    for (const ir::ValueId value : changedForOthers())
        add(value, changedKey(value), {});
    if (m_region.isWholeBlock)
        return;
    for (const Unit& unit : m_units) {
        for (const ir::NodeId member : unit.members) {
            for (const ir::ValueId value : m_graph.outputsOf(m_graph.nodes[member])) {
                if (isUsedOutside(value, outside))
                    add(value, captureKey(value), {});
            }
        }
    }
}

} // namespace jitscope::scene
