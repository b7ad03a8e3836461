// Looks through one graph. Every distinct text is compared once, then nodes only look up bits: a
// graph has far fewer texts than nodes with texts.
#include "core/scene/constant_text.h"
#include "core/search/index_p.h"

#include <optional>

namespace jitscope::search {

namespace {

constexpr std::size_t patience = 4096; // texts or nodes between two looks at the token

// "0.10000000000000001" or a list of such; not a name like "input.1".
bool mayHoldFloat(std::string_view text)
{
    return text.find_first_of("0123456789-[({") == 0 && text.find('.') != std::string_view::npos;
}

class GraphSearch
{
public:
    GraphSearch(const ir::Graph& graph, const TermMatch& terms) : m_graph(graph), m_terms(terms) {}

    bool compareTexts(const CancelToken& cancel)
    {
        const std::size_t count = m_graph.strings.size();
        m_text.resize(count);
        if (m_terms.looksAtFiles())
            m_file.resize(count);
        for (std::size_t id = 0; id < count; ++id) {
            if (id % patience == 0 && cancel.isCancelled())
                return false;
            const std::string_view text = m_graph.text(static_cast<ir::StringId>(id));
            m_text[id] = text.empty() ? 0 : m_terms.in(text);
            if (mayHoldFloat(text)) // is shown in a shorter form
                m_text[id] |= m_terms.in(scene::displayConstant(text));
            if (m_terms.looksAtFiles())
                m_file[id] = m_terms.inFile(text);
        }
        return true;
    }

    [[nodiscard]] Candidate node(ir::NodeId id) const
    {
        const ir::Node& node = m_graph.nodes[id];
        const bool isConstant = m_graph.kind(node) == "prim::Constant";
        TermBits name = 0;
        TermBits type = 0;
        TermBits constant = 0;
        for (const ir::ValueId output : m_graph.outputsOf(node)) {
            name |= at(m_graph.values[output].name);
            type |= at(m_graph.values[output].type);
        }
        if (isConstant)
            constant |= m_terms.in({}); // `const:` alone, also for None
        for (const ir::Attribute& attribute : m_graph.attributesOf(node)) {
            if (isConstant && isBool(node))
                constant |= m_terms.in(scene::displayAttribute(m_graph, node, attribute));
            (isConstant ? constant : name) |= at(attribute.text);
            for (const ir::TensorConstant& tensor : m_graph.tensorsOf(attribute)) {
                constant |= at(tensor.preview);
                type |= at(tensor.dtype) | m_terms.inShape(m_graph.shapeOf(tensor));
            }
        }
        const TermBits kind = at(node.kind) & m_terms.of(Field::Kind);
        name &= m_terms.of(Field::Name);
        type &= m_terms.of(Field::Type);
        constant &= m_terms.of(Field::Constant);
        TermBits file = 0;
        if (m_terms.looksAtFiles() && node.source.file < m_file.size())
            file = m_file[node.source.file] & m_terms.onLine(node.source.line);

        Candidate candidate;
        candidate.item = id;
        candidate.modulePath = node.modulePath;
        candidate.own = kind | name | type | constant | file;
        candidate.group = constant != 0 ? HitGroup::Constants
                          : kind != 0   ? HitGroup::Operators
                          : name != 0   ? HitGroup::Values
                          : type != 0   ? HitGroup::Types
                          : file != 0   ? HitGroup::Places
                                        : HitGroup::Operators;
        return candidate;
    }

    [[nodiscard]] Candidate parameter(ir::ValueId id) const
    {
        const ir::Value& value = m_graph.values[id];
        const TermBits name = at(value.name) & m_terms.of(Field::Name);
        const TermBits type = at(value.type) & m_terms.of(Field::Type);
        Candidate candidate;
        candidate.item = id;
        candidate.isParameter = true;
        candidate.own = name | type;
        candidate.group = name != 0 ? HitGroup::Values : HitGroup::Types;
        if (const ir::NodeId owner = m_graph.blocks[value.block].owner; owner != ir::none)
            candidate.modulePath = m_graph.nodes[owner].modulePath;
        return candidate;
    }

private:
    [[nodiscard]] bool isBool(const ir::Node& node) const
    {
        const auto outputs = m_graph.outputsOf(node);
        return outputs.size() == 1 && scene::isBool(m_graph.text(m_graph.values[outputs[0]].type));
    }
    [[nodiscard]] TermBits at(ir::StringId id) const { return id < m_text.size() ? m_text[id] : 0; }

    const ir::Graph& m_graph;
    const TermMatch& m_terms;
    std::vector<TermBits> m_text; // by text
    std::vector<TermBits> m_file; // by text
};

} // namespace

bool findCandidates(const ir::Graph& graph, const TermMatch& terms, bool byModuleAlone,
                    const CancelToken& cancel, std::vector<Candidate>& candidates)
{
    GraphSearch search(graph, terms);
    if (!search.compareTexts(cancel))
        return false;
    for (const ir::Block& block : graph.blocks) {
        for (const ir::ValueId value : graph.parametersOf(block)) {
            if (const Candidate candidate = search.parameter(value); candidate.own != 0)
                candidates.push_back(candidate);
        }
    }
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        if (id % patience == 0 && cancel.isCancelled())
            return false;
        if (const Candidate candidate = search.node(id); byModuleAlone || candidate.own != 0)
            candidates.push_back(candidate);
    }
    return true;
}

} // namespace jitscope::search
