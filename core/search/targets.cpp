// What hits are in words, and what to select for them.

#include "core/search/index_p.h"

#include "core/ir/names.h"
#include "core/scene/constant_text.h"
#include "core/scene/model_outline.h"
#include "core/scene/schema_text.h"
#include "core/support/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace jitscope::search {

namespace {

constexpr std::size_t longestTitle = 160; // bytes

// One line, not too long for a list.
std::string oneLine(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r");
    text = begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    std::string line(fitting(text, longestTitle));
    const bool isCut = line.size() < text.size();
    for (char& c : line) {
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
    }
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return isCut ? line + "\u2026" : line;
}

std::string joined(std::string_view first, std::string_view second)
{
    if (first.empty() || second.empty())
        return std::string(first.empty() ? second : first);
    return fmt::format("{}, {}", first, second);
}

// Condensed pictures have no box for these: they stand in the box of who uses them.
bool isFoldable(std::string_view kind)
{
    return kind == "prim::Constant" || kind == "prim::GetAttr" || kind == "prim::ListConstruct" ||
           kind == "prim::TupleConstruct";
}

std::string_view lineOf(std::string_view text, std::uint32_t number)
{
    for (; number != 0; --number) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos)
            return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

class Describer
{
public:
    Describer(const Index::Implementation& index, const Hit& hit) : m_index(index), m_hit(hit)
    {
        if (hit.group != HitGroup::Modules && hit.group != HitGroup::Tensors &&
            hit.group != HitGroup::Lines) {
            m_part = &index.parts[hit.part];
            m_graph = m_part->graph;
        }
    }

    [[nodiscard]] HitText text(const Query& query) const
    {
        const Corpus& rows = m_index.corpus;
        switch (m_hit.group) {
        case HitGroup::Modules: {
            const document::ModuleRow& row = rows.modules[m_hit.item];
            return {row.path.empty() ? row.class_name : row.path,
                    row.path.empty() ? std::string() : row.class_name};
        }
        case HitGroup::Tensors: {
            const document::TensorRow& row = rows.tensors[m_hit.item];
            return {row.name, row.dtype + ' ' + scene::shortShape(row.shape)};
        }
        case HitGroup::Lines: {
            const document::SourceRow& row = rows.sources[m_hit.part];
            return {oneLine(lineOf(row.text, m_hit.item)),
                    fmt::format("{}:{}", ir::fileName(row.file), row.first_line + m_hit.item)};
        }
        default:
            return m_hit.isParameter ? parameterText() : nodeText(query);
        }
    }

    [[nodiscard]] Target target() const
    {
        const Corpus& rows = m_index.corpus;
        Target target;
        switch (m_hit.group) {
        case HitGroup::Modules:
            target.isModule = true;
            target.modulePath = rows.modules[m_hit.item].path;
            return target;
        case HitGroup::Tensors:
            target.isModule = true;
            if (m_hit.instance != ir::none)
                target.modulePath = rows.modules[m_hit.instance].path;
            return target;
        case HitGroup::Lines:
            addLine(target);
            return target;
        default:
            break;
        }
        target.modulePath = modulePath();
        target.method = methodName();
        std::set<ir::ValueId> values;
        if (m_hit.isParameter) {
            values.insert(m_hit.item);
        } else {
            const ir::Node& node = m_graph->nodes[m_hit.item];
            addRefs(*m_graph, node, target.modulePath, target.nodes);
            target.file = m_graph->text(node.source.file);
            target.line = node.source.line;
            if (!isFoldable(m_graph->kind(node)))
                return target;
            const auto outputs = m_graph->outputsOf(node);
            values.insert(outputs.begin(), outputs.end());
        }
        addUsers(std::move(values), target);
        if (m_hit.isParameter)
            target.nodes = target.users;
        return target;
    }

private:
    [[nodiscard]] std::string modulePath() const
    {
        if (m_index.isLoaded())
            return m_hit.instance == ir::none ? std::string()
                                              : m_index.corpus.modules[m_hit.instance].path;
        ir::NodeId node = m_hit.item;
        if (m_hit.isParameter)
            node = m_graph->blocks[m_graph->values[m_hit.item].block].owner;
        return node == ir::none ? std::string()
                                : std::string(m_graph->text(m_graph->nodes[node].modulePath));
    }

    [[nodiscard]] std::string methodName() const
    {
        if (m_part->function == ir::none || m_hit.instance == ir::none)
            return {};
        const Corpus& rows = m_index.corpus;
        const std::int64_t module = rows.modules[m_hit.instance].id;
        const std::int64_t function = rows.functions[m_part->function].id;
        for (const document::MethodRow& row : rows.methods) {
            if (row.module == module && row.function == function)
                return row.name;
        }
        return {};
    }

    [[nodiscard]] std::string valueText(ir::ValueId id) const
    {
        const ir::Value& value = m_graph->values[id];
        std::string_view type = observed(id);
        if (type.empty())
            type = m_graph->text(value.type);
        std::string shown = scene::shortType(type);
        if (shown.empty())
            shown = type;
        return oneLine(fmt::format("%{} : {}", m_graph->text(value.name), shown));
    }

    // What is known of its type besides what the graph says.
    [[nodiscard]] std::string_view observed(ir::ValueId id) const
    {
        const ir::Value& value = m_graph->values[id];
        if (value.producer == ir::none)
            return {};
        const auto outputs = m_graph->outputsOf(m_graph->nodes[value.producer]);
        const auto output = std::find(outputs.begin(), outputs.end(), id) - outputs.begin();
        return m_index.types.at({m_index.isLoaded() ? m_hit.instance : ir::none, m_hit.part,
                                 value.producer, static_cast<std::uint32_t>(output)});
    }

    [[nodiscard]] HitText parameterText() const
    {
        const bool isOfGraph = m_graph->values[m_hit.item].block == 0;
        return {valueText(m_hit.item),
                joined(isOfGraph ? "input" : "input of a block", modulePath())};
    }

    [[nodiscard]] HitText nodeText(const Query& query) const
    {
        const ir::Node& node = m_graph->nodes[m_hit.item];
        const std::string kind(m_graph->kind(node));
        const std::string where = modulePath();
        std::string source;
        if (node.source.line != 0)
            source = fmt::format("{}:{}", ir::fileName(m_graph->text(node.source.file)),
                                 node.source.line);
        switch (m_hit.group) {
        case HitGroup::Constants:
            return {constantText(node), joined(outputNames(node), where)};
        case HitGroup::Places:
            return {source, joined(kind, where)};
        case HitGroup::Values:
        case HitGroup::Types:
            return {matchingValue(node, query), joined(kind, where)};
        default:
            return {kind, joined(where, source)};
        }
    }

    [[nodiscard]] std::string outputNames(const ir::Node& node) const
    {
        std::string names;
        for (const ir::ValueId output : m_graph->outputsOf(node))
            names += fmt::format("{}%{}", names.empty() ? "" : ", ",
                                 m_graph->text(m_graph->values[output].name));
        return names;
    }

    [[nodiscard]] std::string constantText(const ir::Node& node) const
    {
        for (const ir::Attribute& attribute : m_graph->attributesOf(node)) {
            for (const ir::TensorConstant& tensor : m_graph->tensorsOf(attribute)) {
                std::string sizes;
                for (const std::int64_t size : m_graph->shapeOf(tensor))
                    sizes += (sizes.empty() ? "" : "\u00d7") + std::to_string(size);
                return oneLine(fmt::format("{} {} {}", m_graph->text(tensor.dtype), sizes,
                                           m_graph->text(tensor.preview)));
            }
            return oneLine(scene::displayAttribute(*m_graph, node, attribute));
        }
        return "None";
    }

    // The output, or else the attribute, that made the node a hit.
    [[nodiscard]] std::string matchingValue(const ir::Node& node, const Query& query) const
    {
        const TermMatch terms(query);
        const Field field = m_hit.group == HitGroup::Values ? Field::Name : Field::Type;
        const auto outputs = m_graph->outputsOf(node);
        for (const ir::ValueId output : outputs) {
            const ir::Value& value = m_graph->values[output];
            TermBits found =
                terms.in(m_graph->text(field == Field::Name ? value.name : value.type));
            if (field == Field::Type)
                found |= terms.in(observed(output));
            if ((found & terms.of(field)) != 0)
                return valueText(output);
        }
        for (const ir::Attribute& attribute : m_graph->attributesOf(node)) {
            if ((terms.in(m_graph->text(attribute.text)) & terms.of(field)) != 0)
                return oneLine(fmt::format("{} = {}", m_graph->text(attribute.name),
                                           scene::displayAttribute(*m_graph, node, attribute)));
        }
        return outputs.empty() ? std::string(m_graph->kind(node)) : valueText(outputs[0]);
    }

    void addRefs(const ir::Graph& graph, const ir::Node& node, const std::string& path,
                 std::vector<document::NodeRef>& refs) const
    {
        if (node.key == 0 || refs.size() >= mostTargets)
            return;
        if (m_index.isLoaded()) {
            refs.push_back({path, node.key, node.key});
            return;
        }
        std::vector<document::NodeRef> some = m_index.corpus.nodes->origins(node.key);
        if (some.empty())
            some.push_back({std::string(graph.text(node.modulePath)), 0, node.key});
        refs.insert(refs.end(), some.begin(), some.end());
    }

    // A user comes after what it uses, so one way through the nodes is enough.
    void addUsers(std::set<ir::ValueId> values, Target& target) const
    {
        for (const ir::Node& node : m_graph->nodes) {
            const auto inputs = m_graph->inputsOf(node);
            const bool isUser =
                std::any_of(inputs.begin(), inputs.end(),
                            [&values](ir::ValueId input) { return values.contains(input); });
            if (!isUser)
                continue;
            if (isFoldable(m_graph->kind(node))) {
                const auto outputs = m_graph->outputsOf(node);
                values.insert(outputs.begin(), outputs.end());
            } else {
                addRefs(*m_graph, node, target.modulePath, target.users);
            }
        }
    }

    void addLine(Target& target) const
    {
        const document::SourceRow& row = m_index.corpus.sources[m_hit.part];
        target.isLine = true;
        target.file = row.file;
        target.line = static_cast<std::uint32_t>(row.first_line + m_hit.item);
        std::vector<document::NodeRef> folded;
        const auto add = [&](const ir::Graph& graph, const ir::Node& node,
                             const std::string& path) {
            addRefs(graph, node, path, isFoldable(graph.kind(node)) ? folded : target.nodes);
        };
        for (const Part& part : m_index.parts) {
            const ir::Graph& graph = *part.graph;
            const ir::StringId file = graph.strings.find(row.file);
            if (file == 0)
                continue;
            for (const ir::Node& node : graph.nodes) {
                if (node.source.file != file || node.source.line != target.line)
                    continue;
                if (!m_index.isLoaded()) {
                    add(graph, node, {});
                    continue;
                }
                for (const Place& place : m_index.places) {
                    if (place.function == part.function)
                        add(graph, node,
                            place.module == ir::none ? std::string()
                                                     : m_index.corpus.modules[place.module].path);
                }
            }
        }
        if (target.nodes.empty())
            target.nodes = std::move(folded);
        if (!target.nodes.empty())
            target.modulePath = target.nodes.front().modulePath;
    }

    const Index::Implementation& m_index;
    const Hit& m_hit;
    const Part* m_part = nullptr;
    const ir::Graph* m_graph = nullptr;
};

} // namespace

HitText textOf(const Index::Implementation& index, const Hit& hit, const Query& query)
{
    return Describer(index, hit).text(query);
}

Target targetOf(const Index::Implementation& index, const Hit& hit)
{
    return Describer(index, hit).target();
}

} // namespace jitscope::search
