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
        std::vector<Port> changed;          // values from outside that the block changes
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
            if (inner.kind == BoxKind::Output && isChangedKey(inner.key)) {
                region.changed.push_back(inner.inputs.front());
                region.changed.back().key = inner.key;
            }
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
        box.outputs.insert(box.outputs.end(), region.changed.begin(), region.changed.end());
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
    std::map<PortKey, std::uint32_t> changed; // output boxes
    for (const std::uint32_t from : places) {
        const std::vector<Port> ports = scope.boxes[from].outputs;
        for (std::uint32_t p = 0; p < ports.size(); ++p) {
            const Port& port = ports[p];
            if (!isChangedKey(port.key))
                continue;
            const auto [entry, isNew] =
                changed.emplace(port.key, static_cast<std::uint32_t>(scope.boxes.size()));
            if (isNew) {
                Box box;
                box.kind = BoxKind::Output;
                box.operatorClass = OperatorClass::Terminal;
                box.id = fmt::format("{}/out{}", id, outputs.size() + changed.size() - 1);
                box.key = port.key;
                box.inputs.push_back(port);
                scope.boxes.push_back(std::move(box));
            }
            scope.edges.push_back(
                {from, p, entry->second, 0, port.name, port.type, shortType(port.type)});
        }
    }
    return scope;
}

} // namespace jitscope::scene
