// What the boxes of a scope open to. Private to core/scene.
#pragma once

#include "core/scene/graph_context_p.h"
#include "core/scene/scene.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace jitscope::scene {

using ContextPtr = std::shared_ptr<const GraphContext>;

// The body of a method or free function; its graph is read when it is opened.
struct BodyInside
{
    const document::FunctionRow* function = nullptr; // in the outline
    std::string selfPath;
    bool isMethod = false;
};

// A graph held in an attribute of a node.
struct SubgraphInside
{
    ContextPtr around;
    const ir::Graph* graph = nullptr;
    std::vector<std::string> parameterModules;
};

// The blocks of a node.
struct BlocksInside
{
    ContextPtr context;
    ir::NodeId node = 0;
};

// Some or all nodes of one block.
struct RegionInside
{
    ContextPtr context;
    ir::BlockId block = 0;
    bool isWholeBlock = true;
    std::vector<ir::NodeId> members; // of the block, in order; for a whole block all of it
    std::string modulePath;          // nodes with this path stand here, those below it are gathered
    bool showsAllParameters = false; // also those that nothing uses
};

// What a Repeat stands for, made with it.
struct MembersInside
{
    std::shared_ptr<const Scope> scope;
};

struct Inside
{
    std::string id;
    std::string title;
    std::variant<BodyInside, SubgraphInside, BlocksInside, RegionInside, MembersInside> what;
};

// Keys of ports: the index of a parameter or return, or a value that is captured.
inline PortKey indexKey(std::size_t index)
{
    return index;
}
inline PortKey captureKey(ir::ValueId value)
{
    return (PortKey{1} << 32U) | value;
}
// A value from elsewhere as it is after what changes it in place.
inline PortKey changedKey(ir::ValueId value)
{
    return (PortKey{2} << 32U) | value;
}
inline bool isChangedKey(PortKey key)
{
    return key >= changedKey(0);
}

} // namespace jitscope::scene
