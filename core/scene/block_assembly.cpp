#include "core/scene/scope_assembly_p.h"

#include <fmt/format.h>

#include <map>

namespace jitscope::scene {

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
    const auto addPoint = [&scope](BoxKind kind, std::string pointId, PortKey key, Port port) {
        Box box;
        box.kind = kind;
        box.operatorClass = OperatorClass::Terminal;
        box.id = std::move(pointId);
        box.key = key;
        (kind == BoxKind::Input ? box.outputs : box.inputs).push_back(std::move(port));
        scope.boxes.push_back(std::move(box));
        return static_cast<std::uint32_t>(scope.boxes.size() - 1);
    };
    std::unordered_map<PortKey, std::uint32_t> received;
    const auto receive = [&](PortKey key, const Port& port) {
        const auto found = received.find(key);
        if (found != received.end())
            return found->second;
        return received[key] = addPoint(BoxKind::Input,
                                        fmt::format("{}/in{}", id, scope.boxes.size()), key, port);
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
        const auto returns = graph.returnsOf(graph.blocks[blockIds[i]]);
        for (std::size_t r = 0; r < returns.size(); ++r) {
            const ir::Value& value = graph.values[returns[r]];
            box.outputs.push_back(
                {std::string(graph.text(value.name)), types.of(context, returns[r]), indexKey(r)});
        }
        for (const Box& inner : content.boxes) {
            if (inner.kind == BoxKind::Output && isChangedKey(inner.key))
                box.outputs.push_back(inner.inputs.front());
            if (inner.kind != BoxKind::Input)
                continue;
            Port port = inner.outputs.front();
            // Of a loop's parameters the first counts the trips (input 0), the others are carried
            // (inputs 2 and up).
            PortKey key = inner.key;
            if (isLoop && key < node.inputs.count)
                key = key == 0 ? 0 : key + 1;
            region.sources.push_back(receive(key, port));
            box.inputs.push_back(std::move(port));
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
    std::size_t given = 0;
    const auto give = [&](PortKey key, Port port) {
        return addPoint(BoxKind::Output, fmt::format("{}/out{}", id, given++), key,
                        std::move(port));
    };
    const auto connect = [&scope](std::uint32_t from, std::uint32_t fromPort, std::uint32_t to) {
        const Port& port = scope.boxes[to].inputs.front();
        scope.edges.push_back({from, fromPort, to, 0, port.name, port.type, shortType(port.type)});
    };
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::string name(graph.text(graph.values[outputs[i]].name));
        const std::uint32_t to =
            give(indexKey(i), {name, types.of(context, outputs[i]), indexKey(i)});
        for (const std::uint32_t from : places) {
            const auto returned = static_cast<std::uint32_t>(
                isLoop ? i + 1 : i); // a loop first returns its condition
            if (returned < scope.boxes[from].outputs.size())
                connect(from, returned, to);
        }
    }
    std::map<PortKey, std::uint32_t> changed; // points, by value
    for (const std::uint32_t from : places) {
        for (std::uint32_t p = 0; p < scope.boxes[from].outputs.size(); ++p) {
            const Port port = scope.boxes[from].outputs[p];
            if (!isChangedKey(port.key))
                continue;
            if (!changed.contains(port.key))
                changed[port.key] = give(port.key, port);
            connect(from, p, changed[port.key]);
        }
    }
    return scope;
}

} // namespace jitscope::scene
