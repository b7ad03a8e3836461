#include "core/torchscript/graph_converter_p.h"

#include "core/support/utf8.h"
#include "core/torchscript/constant_text_p.h"

#include <torch/csrc/jit/runtime/operator.h>

#include <sstream>
#include <stdexcept>
#include <utility>

namespace jitscope::torchscript {

namespace {

using torch::jit::Block;
using torch::jit::Node;
using torch::jit::Symbol;
using torch::jit::Value;
namespace attr = torch::jit::attr;

class Converter
{
public:
    Converter(const NodeIdentity& identity, SchemaTexts& schemas, const MarkNode& mark)
        : m_identity(identity), m_schemas(schemas), m_mark(mark)
    {}

    ir::Graph run(const torch::jit::Graph& graph)
    {
        block(*graph.block(), ir::none);
        return std::move(m_graph);
    }

private:
    ir::BlockId block(const Block& from, ir::NodeId owner)
    {
        const auto id = static_cast<ir::BlockId>(m_graph.blocks.size());
        m_graph.blocks.emplace_back();
        m_graph.blocks[id].owner = owner;
        const auto first = static_cast<std::uint32_t>(m_graph.blockParameters.size());
        for (const Value* parameter : from.inputs())
            m_graph.blockParameters.push_back(define(*parameter, ir::none, id));
        m_graph.blocks[id].parameters = {first, static_cast<std::uint32_t>(from.inputs().size())};

        std::vector<ir::NodeId> nodes;
        for (const Node* child : from.nodes())
            nodes.push_back(node(*child, id));
        m_graph.blocks[id].nodes = append(m_graph.blockNodes, nodes);

        std::vector<ir::ValueId> returns;
        for (const Value* value : from.outputs())
            returns.push_back(used(*value));
        m_graph.blocks[id].returns = append(m_graph.blockReturns, returns);
        return id;
    }

    ir::NodeId node(const Node& from, ir::BlockId owner)
    {
        const auto id = static_cast<ir::NodeId>(m_graph.nodes.size());
        ir::Node to;
        to.kind = symbol(from.kind());
        to.schema = schema(from);
        to.owner = owner;
        identify(to, from, id);

        std::vector<ir::ValueId> inputs;
        for (const Value* value : from.inputs())
            inputs.push_back(used(*value));
        to.inputs = append(m_graph.inputs, inputs);
        const auto firstOutput = static_cast<std::uint32_t>(m_graph.outputs.size());
        for (const Value* value : from.outputs())
            m_graph.outputs.push_back(define(*value, id, owner));
        to.outputs = {firstOutput, static_cast<std::uint32_t>(from.outputs().size())};
        to.attributes = attributes(from);
        m_graph.nodes.push_back(to);

        std::vector<ir::BlockId> blocks;
        for (const Block* child : from.blocks())
            blocks.push_back(block(*child, id));
        m_graph.nodes[id].blocks = append(m_graph.nodeBlocks, blocks);
        return id;
    }

    void identify(ir::Node& to, const Node& from, ir::NodeId id)
    {
        const NodeMark mark = m_mark(from, id);
        to.key = mark.key;
        to.origins = append(m_graph.origins, mark.origins);
        const NodeRecord& record = m_identity.record(mark.key);
        to.modulePath = shared(record.modulePath);
        to.function = shared(record.function);
        to.ordinal = record.ordinal;
        if (record.python == 0)
            return;
        const SourceMap::Location& at = m_identity.sources().location(record.python);
        to.source.file = file(at.fragment);
        to.source.line = at.line;
        to.source.column = at.column;
        to.source.callChain = shared(record.callChain);
    }

    ir::ValueId define(const Value& from, ir::NodeId producer, ir::BlockId owner)
    {
        const auto id = static_cast<ir::ValueId>(m_graph.values.size());
        m_graph.values.push_back({intern(from.debugName()), type(from), producer, owner});
        if (from.unique() >= m_values.size())
            m_values.resize(from.unique() + 1, ir::none);
        m_values[from.unique()] = id;
        return id;
    }

    ir::ValueId used(const Value& value)
    {
        if (value.unique() >= m_values.size() || m_values[value.unique()] == ir::none)
            throw std::logic_error("The graph uses %" + value.debugName() +
                                   " before it is defined.");
        return m_values[value.unique()];
    }

    ir::Range attributes(const Node& from)
    {
        if (!from.hasAttributes())
            return {static_cast<std::uint32_t>(m_graph.attributes.size()), 0};
        std::vector<ir::Attribute> all;
        for (const Symbol name : from.attributeNames())
            all.push_back(attribute(from, name));
        return append(m_graph.attributes, all);
    }

    ir::Attribute attribute(const Node& from, Symbol name)
    {
        ir::Attribute to;
        to.name = intern(name.toUnqualString());
        std::string shown;
        using From = torch::jit::AttributeKind;
        using To = ir::AttributeKind;
        switch (from.kindOf(name)) {
        case From::i:
            to.kind = To::Int;
            shown = std::to_string(from.kind() == c10::aten::warn ? warningNumber(from.i(name))
                                                                  : from.i(name));
            break;
        case From::f:
            to.kind = To::Float;
            shown = text(from.f(name));
            break;
        case From::c:
            to.kind = To::Complex;
            shown = text(c10::IValue(from.c(name)));
            break;
        case From::s:
            to.kind = To::String;
            shown = quoted(from.s(name));
            break;
        case From::t:
            to.kind = To::Tensor;
            shown = text(from.t(name));
            to.tensors = tensors({from.t(name)});
            break;
        case From::is:
            to.kind = To::Ints;
            shown = text(c10::IValue(from.is(name)));
            break;
        case From::fs:
            to.kind = To::Floats;
            shown = text(c10::IValue(from.fs(name)));
            break;
        case From::cs:
            to.kind = To::Complexes;
            shown = text(c10::IValue(from.cs(name)));
            break;
        case From::ss:
            to.kind = To::Strings;
            shown = text(c10::IValue(from.ss(name)));
            break;
        case From::ts:
            to.kind = To::Tensors;
            shown = "[<Tensors>]";
            to.tensors = tensors(from.ts(name));
            break;
        case From::ty:
            to.kind = To::Type;
            shown = from.ty(name)->str();
            break;
        case From::tys:
            to.kind = To::Types;
            for (const auto& type : from.tys(name))
                shown += (shown.empty() ? "[" : ", ") + type->str();
            shown += shown.empty() ? "[]" : "]";
            break;
        case From::g:
            to.kind = To::Graph;
            to.subgraphs = subgraphs({from.g(name)});
            break;
        case From::gs:
            to.kind = To::Graphs;
            to.subgraphs = subgraphs(from.gs(name));
            break;
        case From::ival:
            to.kind = To::Value;
            shown = text(from.ival(name));
            break;
        }
        to.text = intern(shortened(std::move(shown)));
        return to;
    }

    // LibTorch numbers warnings as they come in the process; the same model must give the same
    // graph.
    std::int64_t warningNumber(std::int64_t id)
    {
        return m_warnings.try_emplace(id, static_cast<std::int64_t>(m_warnings.size()))
            .first->second;
    }

    ir::Range tensors(const std::vector<at::Tensor>& from)
    {
        std::vector<ir::TensorConstant> all;
        for (const at::Tensor& tensor : from) {
            const TensorSummary summary = summarize(tensor);
            all.push_back({intern(summary.dtype), intern(summary.device),
                           append(m_graph.sizes, summary.shape), intern(summary.preview),
                           summary.minimum, summary.maximum, summary.mean, summary.hasStatistics});
        }
        return append(m_graph.tensors, all);
    }

    ir::Range subgraphs(const std::vector<std::shared_ptr<torch::jit::Graph>>& from)
    {
        std::vector<ir::Graph> all;
        for (const auto& graph : from)
            all.push_back(Converter(m_identity, m_schemas, m_mark).run(*graph));
        const auto first = static_cast<std::uint32_t>(m_graph.subgraphs.size());
        for (ir::Graph& graph : all)
            m_graph.subgraphs.push_back(std::move(graph));
        return {first, static_cast<std::uint32_t>(all.size())};
    }

    template <typename T>
    static ir::Range append(std::vector<T>& pool, const std::vector<T>& items)
    {
        const auto first = static_cast<std::uint32_t>(pool.size());
        pool.insert(pool.end(), items.begin(), items.end());
        return {first, static_cast<std::uint32_t>(items.size())};
    }

    ir::StringId intern(std::string_view text)
    {
        return isUtf8(text) ? m_graph.strings.intern(text) : m_graph.strings.intern(toUtf8(text));
    }

    ir::StringId symbol(Symbol name)
    {
        const auto [entry, isNew] = m_symbols.try_emplace(name, 0);
        if (isNew)
            entry->second = intern(name.toQualString());
        return entry->second;
    }

    ir::StringId schema(const Node& from)
    {
        const std::string& known = m_schemas.of(from);
        if (known.empty())
            return 0;
        const auto [entry, isNew] = m_schemaIds.try_emplace(&known, 0);
        if (isNew)
            entry->second = intern(known);
        return entry->second;
    }

    ir::StringId type(const Value& value)
    {
        const auto [entry, isNew] = m_types.try_emplace(value.type().get(), 0);
        if (isNew) {
            std::ostringstream out;
            out << *value.type();
            entry->second = intern(out.str());
        }
        return entry->second;
    }

    // A string of the session's table in the graph's own.
    ir::StringId shared(ir::StringId id)
    {
        if (id == 0)
            return 0;
        const auto [entry, isNew] = m_shared.try_emplace(id, 0);
        if (isNew)
            entry->second = m_graph.strings.intern(m_identity.strings().at(id));
        return entry->second;
    }

    ir::StringId file(std::uint32_t fragment)
    {
        const auto [entry, isNew] = m_files.try_emplace(fragment, 0);
        if (isNew)
            entry->second = intern(m_identity.sources().fragment(fragment).file);
        return entry->second;
    }

    const NodeIdentity& m_identity;
    SchemaTexts& m_schemas;
    const MarkNode& m_mark;
    ir::Graph m_graph;
    std::vector<ir::ValueId> m_values; // by LibTorch's number of the value
    std::unordered_map<std::int64_t, std::int64_t> m_warnings;
    std::unordered_map<Symbol, ir::StringId> m_symbols;
    std::unordered_map<const std::string*, ir::StringId> m_schemaIds;
    std::unordered_map<const c10::Type*, ir::StringId> m_types;
    std::unordered_map<ir::StringId, ir::StringId> m_shared;
    std::unordered_map<std::uint32_t, ir::StringId> m_files;
};

void visitBlock(const Block& block, bool subgraphs, const std::function<void(Node*)>& visit)
{
    for (auto it = block.nodes().begin(); it != block.nodes().end(); ++it) {
        Node* node = const_cast<Node*>(*it);
        visit(node);
        for (const Block* child : node->blocks())
            visitBlock(*child, subgraphs, visit);
        if (!subgraphs)
            continue;
        for (const auto& graph : subgraphsOf(*node))
            visitBlock(*graph->block(), true, visit);
    }
}

} // namespace

const std::string& SchemaTexts::of(const Node& node)
{
    static const std::string none;
    const auto [entry, isNew] = m_hasSchema.try_emplace(node.kind(), false);
    if (isNew) {
        for (const auto& candidate : torch::jit::getAllOperatorsFor(node.kind())) {
            const c10::FunctionSchema& schema = candidate->schema();
            entry->second = entry->second || !(schema.is_vararg() && schema.is_varret());
        }
    }
    if (!entry->second)
        return none;
    const c10::FunctionSchema* schema = node.maybeSchema();
    if (schema == nullptr || (schema->is_vararg() && schema->is_varret()))
        return none;
    const auto [known, added] = m_texts.try_emplace(schema);
    if (added) {
        std::ostringstream out;
        out << *schema;
        known->second = out.str();
    }
    return known->second;
}

ir::Graph convert(const torch::jit::Graph& graph, const NodeIdentity& identity,
                  SchemaTexts& schemas, const MarkNode& mark)
{
    return Converter(identity, schemas, mark).run(graph);
}

void forEachNode(const torch::jit::Graph& graph, bool subgraphs,
                 const std::function<void(Node*)>& visit)
{
    visitBlock(*graph.block(), subgraphs, visit);
}

std::vector<std::shared_ptr<torch::jit::Graph>> subgraphsOf(const Node& node)
{
    std::vector<std::shared_ptr<torch::jit::Graph>> graphs;
    if (!node.hasAttributes())
        return graphs;
    for (const Symbol name : node.attributeNames()) {
        if (node.kindOf(name) == torch::jit::AttributeKind::g)
            graphs.push_back(node.g(name));
        else if (node.kindOf(name) == torch::jit::AttributeKind::gs)
            graphs.insert(graphs.end(), node.gs(name).begin(), node.gs(name).end());
    }
    return graphs;
}

} // namespace jitscope::torchscript
