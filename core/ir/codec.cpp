#include "core/ir/codec.h"

#include <bit>
#include <cstring>

namespace jitscope::ir {

namespace {

constexpr std::uint32_t formatVersion = 1;
constexpr int maximumDepth = 64; // of subgraphs within subgraphs

class Encoder
{
public:
    void number(std::uint64_t value)
    {
        while (value >= 0x80) {
            m_bytes.push_back(static_cast<std::byte>((value & 0x7f) | 0x80));
            value >>= 7;
        }
        m_bytes.push_back(static_cast<std::byte>(value));
    }
    // `none` is common and would take five bytes: it is stored as 0, everything else one higher.
    void id(std::uint32_t value) { number(value == none ? 0 : std::uint64_t{value} + 1); }
    void signedNumber(std::int64_t value)
    {
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void real(double value)
    {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        for (int shift = 0; shift < 64; shift += 8)
            m_bytes.push_back(static_cast<std::byte>(bits >> shift));
    }
    void text(std::string_view value)
    {
        number(value.size());
        const auto* data = reinterpret_cast<const std::byte*>(value.data());
        m_bytes.insert(m_bytes.end(), data, data + value.size());
    }
    void range(Range range)
    {
        number(range.count);
        if (range.count != 0)
            number(range.first);
    }
    template <typename T, typename Write>
    void pool(const std::vector<T>& values, Write write)
    {
        number(values.size());
        for (const T& value : values)
            write(value);
    }
    std::vector<std::byte> take() { return std::move(m_bytes); }

private:
    std::vector<std::byte> m_bytes;
};

// After the first wrong byte every read gives zeros and ok() is false.
class Decoder
{
public:
    explicit Decoder(std::span<const std::byte> bytes) : m_rest(bytes) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_ok && m_rest.empty(); }

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<std::uint64_t>(next());
            value |= (byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_ok = false;
        return 0;
    }
    std::uint32_t number32()
    {
        const std::uint64_t value = number();
        if (value > std::numeric_limits<std::uint32_t>::max())
            m_ok = false;
        return static_cast<std::uint32_t>(value);
    }
    std::uint32_t id()
    {
        const std::uint64_t value = number();
        if (value > none)
            m_ok = false;
        return value == 0 ? none : static_cast<std::uint32_t>(value - 1);
    }
    std::int64_t signedNumber()
    {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    double real()
    {
        std::uint64_t bits = 0;
        for (int shift = 0; shift < 64; shift += 8)
            bits |= static_cast<std::uint64_t>(next()) << shift;
        return std::bit_cast<double>(bits);
    }
    std::string_view text()
    {
        const std::uint64_t size = number();
        if (size > m_rest.size()) {
            m_ok = false;
            return {};
        }
        const std::string_view value(reinterpret_cast<const char*>(m_rest.data()), size);
        m_rest = m_rest.subspan(size);
        return value;
    }
    Range range()
    {
        Range range;
        range.count = number32();
        if (range.count != 0)
            range.first = number32();
        return range;
    }
    // Every element takes at least one byte, so a count beyond the rest is a lie.
    template <typename T, typename Read>
    void pool(std::vector<T>& values, Read read)
    {
        const std::uint64_t size = number();
        if (size > m_rest.size()) {
            m_ok = false;
            return;
        }
        for (std::uint64_t i = 0; i < size && m_ok; ++i)
            values.push_back(read());
    }

private:
    std::byte next()
    {
        if (m_rest.empty()) {
            m_ok = false;
            return {};
        }
        const std::byte byte = m_rest.front();
        m_rest = m_rest.subspan(1);
        return byte;
    }

    std::span<const std::byte> m_rest;
    bool m_ok = true;
};

void write(Encoder& out, const Node& node)
{
    out.number(node.kind);
    out.number(node.schema);
    out.number(node.key);
    out.number(node.modulePath);
    out.number(node.function);
    out.id(node.ordinal);
    out.number(node.source.file);
    out.number(node.source.line);
    out.number(node.source.column);
    out.number(node.source.callChain);
    out.id(node.owner);
    out.range(node.inputs);
    out.range(node.outputs);
    out.range(node.blocks);
    out.range(node.attributes);
    out.range(node.origins);
}

Node readNode(Decoder& in)
{
    Node node;
    node.kind = in.number32();
    node.schema = in.number32();
    node.key = in.number32();
    node.modulePath = in.number32();
    node.function = in.number32();
    node.ordinal = in.id();
    node.source.file = in.number32();
    node.source.line = in.number32();
    node.source.column = in.number32();
    node.source.callChain = in.number32();
    node.owner = in.id();
    node.inputs = in.range();
    node.outputs = in.range();
    node.blocks = in.range();
    node.attributes = in.range();
    node.origins = in.range();
    return node;
}

void write(Encoder& out, const Attribute& attribute)
{
    out.number(attribute.name);
    out.number(static_cast<std::uint64_t>(attribute.kind));
    out.number(attribute.text);
    out.range(attribute.subgraphs);
    out.range(attribute.tensors);
}

Attribute readAttribute(Decoder& in)
{
    Attribute attribute;
    attribute.name = in.number32();
    const std::uint64_t kind = in.number();
    attribute.kind = kind <= static_cast<std::uint64_t>(AttributeKind::Types)
                         ? static_cast<AttributeKind>(kind)
                         : AttributeKind::Value;
    attribute.text = in.number32();
    attribute.subgraphs = in.range();
    attribute.tensors = in.range();
    return attribute;
}

void write(Encoder& out, const TensorConstant& tensor)
{
    out.number(tensor.dtype);
    out.number(tensor.device);
    out.range(tensor.shape);
    out.number(tensor.preview);
    out.number(tensor.hasStatistics ? 1 : 0);
    if (tensor.hasStatistics) {
        out.real(tensor.minimum);
        out.real(tensor.maximum);
        out.real(tensor.mean);
    }
}

TensorConstant readTensor(Decoder& in)
{
    TensorConstant tensor;
    tensor.dtype = in.number32();
    tensor.device = in.number32();
    tensor.shape = in.range();
    tensor.preview = in.number32();
    tensor.hasStatistics = in.number() != 0;
    if (tensor.hasStatistics) {
        tensor.minimum = in.real();
        tensor.maximum = in.real();
        tensor.mean = in.real();
    }
    return tensor;
}

void write(Encoder& out, const Graph& graph)
{
    out.number(graph.strings.size());
    for (StringId id = 0; id < graph.strings.size(); ++id)
        out.text(graph.strings.at(id));
    const auto plain = [&out](std::uint32_t value) { out.number(value); };
    out.pool(graph.nodes, [&out](const Node& node) { write(out, node); });
    out.pool(graph.values, [&out](const Value& value) {
        out.number(value.name);
        out.number(value.type);
        out.id(value.producer);
        out.id(value.block);
    });
    out.pool(graph.blocks, [&out](const Block& block) {
        out.id(block.owner);
        out.range(block.parameters);
        out.range(block.returns);
        out.range(block.nodes);
    });
    out.pool(graph.attributes, [&out](const Attribute& attribute) { write(out, attribute); });
    out.pool(graph.tensors, [&out](const TensorConstant& tensor) { write(out, tensor); });
    out.pool(graph.inputs, plain);
    out.pool(graph.outputs, plain);
    out.pool(graph.nodeBlocks, plain);
    out.pool(graph.blockParameters, plain);
    out.pool(graph.blockReturns, plain);
    out.pool(graph.blockNodes, plain);
    out.pool(graph.origins, plain);
    out.pool(graph.sizes, [&out](std::int64_t value) { out.signedNumber(value); });
    out.pool(graph.subgraphs, [&out](const Graph& subgraph) { write(out, subgraph); });
}

bool readStrings(Decoder& in, StringTable& strings)
{
    const std::uint64_t count = in.number();
    if (!in.ok() || count == 0 || !in.text().empty())
        return false;
    for (std::uint64_t id = 1; id < count && in.ok(); ++id) {
        if (strings.intern(in.text()) != id)
            return false; // a string twice
    }
    return in.ok();
}

bool readGraph(Decoder& in, Graph& graph, int depth)
{
    if (depth > maximumDepth || !readStrings(in, graph.strings))
        return false;
    const auto plain = [&in] { return in.number32(); };
    in.pool(graph.nodes, [&in] { return readNode(in); });
    in.pool(graph.values, [&in] {
        Value value;
        value.name = in.number32();
        value.type = in.number32();
        value.producer = in.id();
        value.block = in.id();
        return value;
    });
    in.pool(graph.blocks, [&in] {
        Block block;
        block.owner = in.id();
        block.parameters = in.range();
        block.returns = in.range();
        block.nodes = in.range();
        return block;
    });
    in.pool(graph.attributes, [&in] { return readAttribute(in); });
    in.pool(graph.tensors, [&in] { return readTensor(in); });
    in.pool(graph.inputs, plain);
    in.pool(graph.outputs, plain);
    in.pool(graph.nodeBlocks, plain);
    in.pool(graph.blockParameters, plain);
    in.pool(graph.blockReturns, plain);
    in.pool(graph.blockNodes, plain);
    in.pool(graph.origins, plain);
    in.pool(graph.sizes, [&in] { return in.signedNumber(); });
    bool subgraphsFine = true;
    in.pool(graph.subgraphs, [&in, &subgraphsFine, depth] {
        Graph subgraph;
        subgraphsFine = subgraphsFine && readGraph(in, subgraph, depth + 1);
        return subgraph;
    });
    return subgraphsFine && in.ok();
}

} // namespace

std::vector<std::byte> encode(const Graph& graph)
{
    Encoder out;
    out.number(formatVersion);
    write(out, graph);
    return out.take();
}

Result<Graph> decode(std::span<const std::byte> bytes)
{
    Decoder in(bytes);
    if (const std::uint64_t version = in.number(); version != formatVersion) {
        return fail(ErrorCode::UnusableFile,
                    "The graph is stored in a format this version does not know.",
                    "format " + std::to_string(version),
                    "Open the document with the version of Jitscope that wrote it.");
    }
    Graph graph;
    if (!readGraph(in, graph, 0) || !in.atEnd() || !graph.isConsistent()) {
        return fail(ErrorCode::UnusableFile, "The stored graph is damaged.", {},
                    "Open the model again to make a new document.");
    }
    return graph;
}

} // namespace jitscope::ir
