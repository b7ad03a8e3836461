// Which node is which, across everything that LibTorch does to a graph.
//
// A node carries its key as its source range: offset `key` in one source named <jitscope>. Passes,
// copies, fusion groups, the executor and the interpreter keep a range, and none of them compares
// it, so it changes no result. What the range said before is kept here, by key.
#pragma once

#include "core/ir/graph.h"
#include "core/torchscript/source_map_p.h"

#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <vector>

namespace jitscope::torchscript {

// What is known of a key besides the node that has it now. Strings are in NodeIdentity::strings().
struct NodeRecord
{
    ir::StringId modulePath = 0;
    ir::StringId function = 0;
    std::uint32_t ordinal = ir::none;
    SourceMap::Id python = 0;   // the Python range, 0 when there is none
    ir::StringId callChain = 0; // see ir::SourceLocation::callChain
    ir::StringId codeFile = 0;  // the record of serialized code it was read from, if it was
    std::uint32_t codeLine = 0; // from 1
};

class NodeIdentity
{
public:
    explicit NodeIdentity(std::shared_ptr<SourceMap> sources);
    ~NodeIdentity();
    NodeIdentity(const NodeIdentity&) = delete;
    NodeIdentity& operator=(const NodeIdentity&) = delete;

    // A new key.
    ir::NodeKey add(const NodeRecord& record);
    // The next new key is at least this.
    void reserve(ir::NodeKey next);

    // The record of a key; an empty one for a key that was not given here.
    [[nodiscard]] const NodeRecord& record(ir::NodeKey key) const;

    void tag(torch::jit::Node* node, ir::NodeKey key) const;
    // 0 for a node that nobody tagged.
    [[nodiscard]] ir::NodeKey keyOf(const torch::jit::Node* node) const;
    [[nodiscard]] ir::NodeKey keyOf(const torch::jit::SourceRange& range) const;

    [[nodiscard]] ir::StringTable& strings();
    [[nodiscard]] const ir::StringTable& strings() const;
    [[nodiscard]] const SourceMap& sources() const;

private:
    class Table; // shared with the source, which outlives this object in the graphs that were
                 // tagged
    std::shared_ptr<Table> m_table;
    std::shared_ptr<torch::jit::Source> m_source;
};

} // namespace jitscope::torchscript
