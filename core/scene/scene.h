// What is drawn of a graph: scopes of boxes and edges, without places. A scope is the body of a
// method, a block, the members of a module or of a fusion group; some of its boxes can be opened
// and show a scope of their own. Plain data, immutable once built; any thread may read it.
#pragma once

#include "core/document/node_index.h"
#include "core/scene/operator_class.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace jitscope::scene {

enum class BoxKind : std::uint8_t
{
    Operator,  // one node
    Module,    // a call of a module's method, or the nodes of one module instance
    Function,  // a call of a free function
    Control,   // prim::If or prim::Loop: opens to its blocks
    Region,    // one block of a Control; always open inside it
    Fusion,    // a node with a subgraph that the executor or a pass made
    Fork,      // prim::fork and its kin
    Repeat,    // modules that are alike, one after the other: opens to them
    Input,     // a value that the scope receives
    Output,    // a value that the scope gives back
    Reference, // stands for one or more values whose producers are far away in the same scope
};

// Which value a port of a box, or an Input or Output of the scope inside it, stands for: equal keys
// belong together.
using PortKey = std::uint64_t;

struct Port
{
    std::string name; // of the argument, or debug name of the value
    std::string type;
    PortKey key = 0;
};

// A line in a box: something folded into it, such as a weight or a constant argument.
struct Row
{
    std::string name;
    std::string value;
    friend bool operator==(const Row&, const Row&) = default;
};

struct Inside; // what a box opens to; scope_builder knows

// One of the boxes that a Repeat stands for.
struct Member
{
    std::string id; // of its box
    std::string modulePath;
};

// What a Reference stands for.
struct Far
{
    std::string box;   // id of the box that produces the value
    PortKey key = 0;   // of its port
    std::string name;  // of the value
    std::string title; // of the box, empty for an Input, which has the value's name
    std::string type;  // of the value
};

struct Box
{
    std::string id; // the same for the same call or node in every stage; unique in a picture
    BoxKind kind = BoxKind::Operator;
    OperatorClass operatorClass = OperatorClass::Other;
    std::string title;    // "conv2d", "BasicBlock"
    std::string subtitle; // "layer1.0", the condition of an If; may be empty
    std::vector<Row> rows;
    std::vector<Port> inputs;
    std::vector<Port> outputs;

    std::string modulePath; // of a Module box the instance; else the instance it stands in
    std::vector<document::NodeRef>
        refs; // the nodes it stands for; empty for scope inputs and outputs
    std::vector<document::NodeRef>
        contents;                // nodes inside, for boxes that are not a module and can be opened
    std::vector<Member> members; // of a Repeat
    std::string nodeKind;        // "aten::conv2d"; empty if it is no single node
    std::string schema;
    std::string source; // "resnet.py:93"
    PortKey key = 0;    // of an Input or Output
    std::size_t nodes =
        1; // nodes it stands for, nested ones included, as far as known without opening
    std::vector<Far> far; // of a Reference, at least one

    std::shared_ptr<const Inside> inside; // null if it cannot be opened
    [[nodiscard]] bool canOpen() const { return inside != nullptr; }
    [[nodiscard]] bool isAlwaysOpen() const { return kind == BoxKind::Region; }
};

struct Edge
{
    std::uint32_t from = 0; // boxes of the scope
    std::uint32_t fromPort = 0;
    std::uint32_t to = 0;
    std::uint32_t toPort = 0;
    std::string name;  // debug name of the value
    std::string type;  // as LibTorch prints it
    std::string label; // short: "float 1×64×112×112", empty when no shape is known
};

struct Scope
{
    std::string id;         // of the box that it is inside of; the root's own
    std::string title;      // for breadcrumbs
    std::vector<Box> boxes; // inputs first, then nodes in order of execution, then outputs
    std::vector<Edge> edges;
};

} // namespace jitscope::scene
