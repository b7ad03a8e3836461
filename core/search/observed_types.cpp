#include "core/search/observed_types_p.h"

#include <algorithm>

namespace jitscope::search {

namespace {

constexpr std::size_t patience = 4096; // nodes between two looks at the token

} // namespace

bool ObservedTypes::add(const scene::KnownTypes& known, const ir::Graph& graph, OutputPlace begin,
                        const std::string* modulePath, const CancelToken& cancel)
{
    for (ir::NodeId id = 0; id < graph.nodes.size(); ++id) {
        if (id % patience == 0 && cancel.isCancelled())
            return false;
        const ir::Node& node = graph.nodes[id];
        const std::string_view path =
            modulePath != nullptr ? std::string_view(*modulePath) : graph.text(node.modulePath);
        for (std::uint32_t output = 0; output < node.outputs.count; ++output) {
            const std::string type = known.output(graph, node, path, output, {});
            if (type.empty())
                continue;
            const auto [number, isNew] =
                m_numbers.emplace(type, static_cast<std::uint32_t>(m_texts.size()));
            if (isNew)
                m_texts.push_back(type);
            m_entries.push_back({{begin.instance, begin.part, id, output}, number->second});
        }
    }
    return true;
}

void ObservedTypes::finish()
{
    std::ranges::sort(m_entries, {}, &Entry::place);
    m_numbers = {};
}

std::string_view ObservedTypes::at(const OutputPlace& place) const
{
    const auto found = std::ranges::lower_bound(m_entries, place, {}, &Entry::place);
    return found == m_entries.end() || found->place != place ? std::string_view()
                                                             : m_texts[found->text];
}

std::vector<TermBits> ObservedTypes::compare(const TermMatch& terms) const
{
    std::vector<TermBits> compared;
    compared.reserve(m_texts.size());
    for (const std::string& text : m_texts)
        compared.push_back(terms.of(Field::Type) & terms.in(text));
    return compared;
}

std::vector<ObservedTypes::Match> ObservedTypes::find(std::uint32_t instance, std::uint32_t part,
                                                      std::span<const TermBits> compared) const
{
    std::vector<Match> matches;
    const OutputPlace begin{instance, part, 0, 0};
    auto entry = std::ranges::lower_bound(m_entries, begin, {}, &Entry::place);
    for (; entry != m_entries.end(); ++entry) {
        const OutputPlace& place = entry->place;
        if (place.instance != instance || place.part != part)
            break;
        const TermBits terms = compared[entry->text];
        if (terms == 0)
            continue;
        if (!matches.empty() && matches.back().node == place.node)
            matches.back().terms |= terms;
        else
            matches.push_back({place.node, terms});
    }
    return matches;
}

} // namespace jitscope::search
