#include "core/ir/text_graph_p.h"

#include "core/support/trimmed.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace jitscope::ir {

namespace {

// Text of a few kilobytes could otherwise use up the stack. Graph::isConsistent allows more blocks.
constexpr std::size_t deepestBlocks = 500;
constexpr std::size_t deepestGraphs = 50;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

template <typename Number>
std::optional<Number> number(std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool isFloat(std::string_view text)
{
    if (text == "inf" || text == "-inf" || text == "nan")
        return true;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool isWhole = end == text.data() + text.size() || // "1." has a point at its end
                         std::string_view(end, text.data() + text.size()) == ".";
    return !text.empty() && error == std::errc() && isWhole;
}

// What LibTorch prints of a tensor: {3}, <Tensor>, or its elements and " [ CPUFloatType{2} ]".
bool isTensor(std::string_view text)
{
    const std::string_view inner = trimmed(text);
    return inner == "<Tensor>" || inner == "<Undefined>" ||
           (inner.starts_with("{") && inner.ends_with("}") && inner.find(':') == inner.npos) ||
           (inner.ends_with("} ]") && inner.find("Type{") != inner.npos);
}

AttributeKind kindOfElements(std::string_view list)
{
    const std::string_view first = trimmed(list.substr(1, list.find_first_of(",]", 1) - 1));
    if (first.starts_with("\""))
        return AttributeKind::Strings;
    if (number<std::int64_t>(first))
        return AttributeKind::Ints;
    return isFloat(first) ? AttributeKind::Floats : AttributeKind::Value;
}

AttributeKind kindOf(std::string_view name, std::string_view text)
{
    if (text == "<Graph>")
        return AttributeKind::Graph;
    if (text == "[<Graphs>]")
        return AttributeKind::Graphs;
    if (text == "[<Tensors>]")
        return AttributeKind::Tensors;
    if (name.ends_with("_type"))
        return AttributeKind::Type;
    if (text.starts_with("\""))
        return AttributeKind::String;
    if (number<std::int64_t>(text))
        return AttributeKind::Int;
    if (isFloat(text))
        return AttributeKind::Float;
    if (isTensor(text))
        return AttributeKind::Tensor;
    if (text.starts_with("[") && text.ends_with("]"))
        return kindOfElements(text);
    return AttributeKind::Value;
}

// "prim::FusionGroup_0" may be the kind of a node with a subgraph.
bool isNumbered(std::string_view kind)
{
    const std::size_t underscore = kind.find_last_of('_');
    return underscore != std::string_view::npos && underscore + 1 < kind.size() &&
           std::all_of(kind.begin() + static_cast<std::ptrdiff_t>(underscore) + 1, kind.end(),
                       isDigit);
}

// __module.layer1/__module.layer1.0 is a trace's way to write the path layer1.0.
std::string_view modulePath(std::string_view scope)
{
    constexpr std::string_view root = "__module";
    std::string_view path = scope.substr(scope.find_last_of('/') + 1);
    if (!path.starts_with(root))
        return scope;
    while (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.'))
        path = trimmed(path.substr(std::min(root.size() + 1, path.size())));
    return path;
}

} // namespace

TextGraphReader::TextGraphReader(std::span<const TextLine> lines, std::size_t at, NodeKey& nextKey,
                                 std::size_t depth)
    : m_lines(lines), m_at(at), m_nextKey(nextKey), m_depth(depth)
{}

Graph TextGraphReader::read(LineCursor at)
{
    if (m_depth > deepestGraphs)
        at.fail("no more subgraphs within subgraphs");
    const BlockId body = openBlock(none);
    readParameters(at);
    readNodes(body, "return");
    readSubgraphs();
    for (NodeId id = 0; id < m_graph.nodes.size(); ++id)
        m_graph.nodes[id].attributes = append(m_graph.attributes, m_attributes[id]);
    return std::move(m_graph);
}

bool TextGraphReader::skipToLine()
{
    while (m_at < m_lines.size() && trimmed(m_lines[m_at].text).empty())
        ++m_at;
    return m_at < m_lines.size();
}

LineCursor TextGraphReader::nextLine()
{
    if (skipToLine())
        return cursor();
    const TextLine& last = m_lines.back();
    throw SyntaxError{last, last.text.size(), "'return (' before the text ends"};
}

BlockId TextGraphReader::openBlock(NodeId owner)
{
    const auto id = static_cast<BlockId>(m_graph.blocks.size());
    m_graph.blocks.emplace_back();
    m_graph.blocks[id].owner = owner;
    return id;
}

void TextGraphReader::readParameters(LineCursor& at)
{
    at.expect("graph(");
    std::vector<ValueId> parameters;
    while (!at.take(")")) {
        if (at.isAtEnd()) {
            ++m_at;
            at = nextLine();
            continue;
        }
        const LineCursor before = at;
        parameters.push_back(define(before, declaration(at), none, 0));
        if (!at.take(",") && !at.isAt(")"))
            at.fail("',' or ')'");
    }
    m_graph.blocks[0].parameters = append(m_graph.blockParameters, parameters);
    at.expect(":");
    if (!at.isAtEnd())
        at.fail("the end of the line");
    ++m_at;
}

TextGraphReader::Declaration TextGraphReader::declaration(LineCursor& at)
{
    Declaration declared;
    declared.name = at.name();
    declared.type = at.take(":") ? at.type() : "Tensor"; // old releases left the type away
    return declared;
}

ValueId TextGraphReader::define(const LineCursor& at, const Declaration& declared, NodeId producer,
                                BlockId block)
{
    const auto id = static_cast<ValueId>(m_graph.values.size());
    if (!m_values.emplace(declared.name, id).second)
        at.fail("a new name: %" + std::string(declared.name) + " is defined already");
    m_defined.push_back(declared.name);
    m_graph.values.push_back({m_graph.strings.intern(declared.name),
                              m_graph.strings.intern(declared.type), producer, block});
    return id;
}

// "(%x, %y)"
std::vector<ValueId> TextGraphReader::uses(LineCursor& at)
{
    std::vector<ValueId> ids;
    at.expect("(");
    while (!at.take(")")) {
        if (!ids.empty() && !at.take(","))
            at.fail("',' or ')'");
        const LineCursor before = at;
        const std::string_view name = at.name();
        const auto found = m_values.find(name);
        if (found == m_values.end())
            before.fail("a value that is defined before: %" + std::string(name) + " is not");
        ids.push_back(found->second);
    }
    return ids;
}

// Up to the line with what the block returns.
void TextGraphReader::readNodes(BlockId block, std::string_view end)
{
    std::vector<NodeId> nodes;
    LineCursor at = nextLine();
    while (!at.take(end)) {
        nodes.push_back(readNode(block));
        at = nextLine();
    }
    const std::vector<ValueId> returned = uses(at);
    m_graph.blocks[block].nodes = append(m_graph.blockNodes, nodes);
    m_graph.blocks[block].returns = append(m_graph.blockReturns, returned);
    ++m_at;
}

NodeId TextGraphReader::readNode(BlockId owner)
{
    LineCursor at = cursor();
    if (!at.isAt("%") && !at.isAt("= "))
        at.fail("a node, such as %y : Tensor = aten::relu(%x), or what is returned");
    std::vector<std::pair<LineCursor, Declaration>> declared;
    while (!at.isAt("=")) {
        if (!declared.empty() && !at.take(","))
            at.fail("',' or '='");
        const LineCursor before = at;
        declared.emplace_back(before, declaration(at));
    }
    at.expect("=");

    const auto id = static_cast<NodeId>(m_graph.nodes.size());
    Node node;
    node.key = m_nextKey++;
    node.owner = owner;
    const std::string_view kind = at.kind();
    node.kind = m_graph.strings.intern(kind);
    if (isNumbered(kind))
        m_groups.emplace(kind, id);
    m_attributes.push_back(
        attributes(at, declared.empty() ? std::string_view() : declared.front().second.type));
    node.inputs = append(m_graph.inputs, uses(at));
    std::vector<ValueId> outputs;
    outputs.reserve(declared.size());
    for (const auto& [place, declaration] : declared)
        outputs.push_back(define(place, declaration, id, owner));
    node.outputs = append(m_graph.outputs, outputs);
    readTrailer(at, node);
    m_graph.nodes.push_back(node);
    ++m_at;
    readBlocks(id);
    return id;
}

void TextGraphReader::readBlocks(NodeId node)
{
    std::vector<BlockId> blocks;
    while (skipToLine()) {
        LineCursor at = cursor();
        if (!at.isAt("block"))
            break;
        at.expect("block" + std::to_string(blocks.size()));
        if (++m_nesting > deepestBlocks)
            at.fail("no more blocks within blocks");
        const BlockId block = openBlock(node);
        const std::size_t before = m_defined.size();
        at.expect("(");
        std::vector<ValueId> parameters;
        while (!at.take(")")) {
            if (!parameters.empty() && !at.take(","))
                at.fail("',' or ')'");
            const LineCursor place = at;
            parameters.push_back(define(place, declaration(at), none, block));
        }
        at.expect(":");
        m_graph.blocks[block].parameters = append(m_graph.blockParameters, parameters);
        ++m_at;
        readNodes(block, "->");
        for (std::size_t i = before; i < m_defined.size(); ++i)
            m_values.erase(m_defined[i]);
        m_defined.resize(before);
        --m_nesting;
        blocks.push_back(block);
    }
    m_graph.nodes[node].blocks = append(m_graph.nodeBlocks, blocks);
}

std::vector<Attribute> TextGraphReader::attributes(LineCursor& at, std::string_view type)
{
    std::vector<Attribute> all;
    if (!at.take("["))
        return all;
    while (!at.take("]")) {
        if (!all.empty() && !at.take(","))
            at.fail("',' or ']'");
        const std::string_view name = at.attributeName();
        all.push_back(attribute(name, at.attributeValue(), type));
    }
    return all;
}

Attribute TextGraphReader::attribute(std::string_view name, std::string_view text,
                                     std::string_view type)
{
    Attribute made;
    made.name = m_graph.strings.intern(name);
    made.kind = kindOf(name, text);
    made.text = m_graph.strings.intern(text);
    if (made.kind == AttributeKind::Tensor)
        made.tensors = tensor(text, type);
    return made;
}

// "Float(64, 3, strides=[3, 1], requires_grad=0, device=cpu)"
Range TextGraphReader::tensor(std::string_view text, std::string_view type)
{
    TensorConstant constant;
    const std::size_t open = type.find('(');
    if (open != std::string_view::npos && type.ends_with(")")) {
        constant.dtype = m_graph.strings.intern(type.substr(0, open));
        std::string_view sizes = type.substr(open + 1, type.size() - open - 2);
        std::vector<std::int64_t> shape;
        while (!sizes.empty()) {
            const std::size_t comma = std::min(sizes.find(','), sizes.size());
            const auto size = number<std::int64_t>(trimmed(sizes.substr(0, comma)));
            if (!size)
                break;
            shape.push_back(*size);
            sizes.remove_prefix(std::min(comma + 1, sizes.size()));
        }
        constant.shape = append(m_graph.sizes, shape);
    }
    constant.preview = m_graph.strings.intern(trimmed(text));
    return append(m_graph.tensors, std::vector<TensorConstant>{constant});
}

void TextGraphReader::readTrailer(LineCursor& at, Node& node)
{
    if (at.take(",")) {
        at.expect("scope:");
        node.modulePath = m_graph.strings.intern(modulePath(at.untilComment()));
    }
    if (at.take("#"))
        readLocation(at.rest(), node);
    else if (!at.isAtEnd())
        at.fail("a comment, ', scope:' or the end of the line");
}

// "net.py:12:3"; any other comment is one.
void TextGraphReader::readLocation(std::string_view comment, Node& node)
{
    comment = trimmed(comment);
    const std::size_t column = comment.find_last_of(':');
    if (column == std::string_view::npos || column == 0)
        return;
    const std::size_t line = comment.find_last_of(':', column - 1);
    if (line == std::string_view::npos || line == 0)
        return;
    const auto lineNumber = number<std::uint32_t>(comment.substr(line + 1, column - line - 1));
    const auto columnNumber = number<std::uint32_t>(comment.substr(column + 1));
    if (!lineNumber || !columnNumber)
        return;
    node.source.file = m_graph.strings.intern(comment.substr(0, line));
    node.source.line = *lineNumber;
    node.source.column = *columnNumber;
}

void TextGraphReader::readSubgraphs()
{
    for (std::size_t index = 0; skipToLine(); ++index) {
        LineCursor at = cursor();
        if (!at.take("with "))
            return;
        const LineCursor before = at;
        const std::string_view name = at.type();
        const auto found = m_groups.find(name);
        if (found == m_groups.end() || !name.ends_with("_" + std::to_string(index))) {
            if (m_depth > 0)
                return; // of a graph around this one
            before.fail("the subgraph of a node of the graph before it");
        }
        at.expect("=");
        TextGraphReader reader(m_lines, m_at, m_nextKey, m_depth + 1);
        Attribute body;
        body.name = m_graph.strings.intern("Subgraph");
        body.kind = AttributeKind::Graph;
        body.subgraphs = {static_cast<std::uint32_t>(m_graph.subgraphs.size()), 1};
        m_graph.subgraphs.push_back(reader.read(at));
        m_at = reader.next();
        m_attributes[found->second].push_back(body);
        m_graph.nodes[found->second].kind =
            m_graph.strings.intern(name.substr(0, name.find_last_of('_')));
        m_groups.erase(found);
    }
}

} // namespace jitscope::ir
