#include "core/search/index.h"

#include "core/search/index_p.h"

#include <algorithm>

namespace jitscope::search {

namespace {

// Counts what is found, and stops at the limit.
class Collector
{
public:
    explicit Collector(Hits& hits) : m_hits(hits) {}
    bool add(const Hit& hit)
    {
        if (m_count == mostHits) {
            m_hits.isCutOff = true;
            return false;
        }
        ++m_count;
        m_hits.groups[static_cast<std::size_t>(hit.group)].push_back(hit);
        return true;
    }

private:
    Hits& m_hits;
    std::size_t m_count = 0;
};

// False when it is cancelled.
bool addTypes(Index::Implementation& index, const CancelToken& cancel)
{
    const scene::KnownTypes& known = *index.corpus.types;
    for (const Place& place : index.places) {
        const std::string path =
            place.module == ir::none ? std::string() : index.corpus.modules[place.module].path;
        for (const std::uint32_t part : index.partsOf[place.function]) {
            if (!index.types.add(known, *index.parts[part].graph, {place.module, part}, &path,
                                 cancel))
                return false;
        }
    }
    for (std::uint32_t part = 0; !index.isLoaded() && part < index.parts.size(); ++part) {
        if (!index.types.add(known, *index.parts[part].graph, {ir::none, part}, nullptr, cancel))
            return false;
    }
    index.types.finish();
    return true;
}

} // namespace

void addParts(std::vector<Part>& parts, const Part& part, int depth)
{
    constexpr int deepestSubgraph = 100;
    parts.push_back(part);
    if (depth == deepestSubgraph)
        return;
    for (const ir::Graph& subgraph : part.graph->subgraphs)
        addParts(parts, {part.owner, &subgraph, part.id, part.function}, depth + 1);
}

std::size_t Hits::count() const
{
    std::size_t count = 0;
    for (const std::vector<Hit>& group : groups)
        count += group.size();
    return count;
}

// Finds in what an index holds; made for one query.
class Finder
{
public:
    Finder(const Index::Implementation& index, const Query& query, const CancelToken& cancel)
        : m_index(index), m_terms(query), m_cancel(cancel), m_collector(m_hits)
    {}

    Result<Hits> run()
    {
        compareModules();
        addModules();
        addTensors();
        const bool isDone = addLines() && (m_index.isLoaded() ? addLoaded() : addStage());
        if (!isDone && m_cancel.isCancelled())
            return cancelled();
        return std::move(m_hits);
    }

private:
    [[nodiscard]] bool isHit(TermBits own, TermBits ofModule) const
    {
        return ((own | ofModule) & m_terms.all()) == m_terms.all() &&
               (own != 0 || isByModuleAlone());
    }

    // "layer1" names a module and not all that is in it; "module:layer1" asks for that.
    [[nodiscard]] bool isByModuleAlone() const
    {
        return m_terms.only(Field::Module) == m_terms.all();
    }

    void compareModules()
    {
        const auto& modules = m_index.corpus.modules;
        const TermBits ofModule = m_terms.of(Field::Module);
        m_own.reserve(modules.size());
        for (const document::ModuleRow& row : modules)
            m_own.push_back((m_terms.in(row.path) | m_terms.in(row.class_name)) & ofModule);
        m_inherited = m_own;
        // A parent stands before its children in every document that we write; from others what
        // does not is taken as a root.
        for (std::uint32_t i = 0; i < modules.size(); ++i) {
            if (const std::uint32_t parent = m_index.parentOf[i]; parent < i)
                m_inherited[i] |= m_inherited[parent];
        }
    }

    void addModules()
    {
        for (std::uint32_t i = 0; i < m_own.size(); ++i) {
            if (m_own[i] == m_terms.all() && !m_collector.add({HitGroup::Modules, false, 0, i, i}))
                return;
        }
    }

    void addTensors()
    {
        const auto& tensors = m_index.corpus.tensors;
        for (std::uint32_t i = 0; i < tensors.size(); ++i) {
            const document::TensorRow& row = tensors[i];
            TermBits own = m_terms.in(row.name) & m_terms.of(Field::Name);
            own |= (m_terms.in(row.dtype) | m_terms.in(libtorchType(row.dtype)) |
                    m_terms.in(row.shape)) &
                   m_terms.of(Field::Type);
            if (row.role == "constant")
                own |= m_terms.in({}) & m_terms.of(Field::Constant);
            const std::uint32_t owner = ownerOf(row.name);
            if (isHit(own, owner == ir::none ? 0 : m_inherited[owner]) &&
                !m_collector.add({HitGroup::Tensors, false, 0, i, owner}))
                return;
        }
    }

    // What LibTorch prints for a type whose Python name the document has.
    static std::string_view libtorchType(std::string_view dtype)
    {
        constexpr std::pair<std::string_view, std::string_view> names[] = {
            {"float16", "Half"}, {"float32", "Float"}, {"float64", "Double"}, {"int8", "Char"},
            {"int16", "Short"},  {"int32", "Int"},     {"int64", "Long"},     {"uint8", "Byte"}};
        for (const auto& [python, libtorch] : names) {
            if (dtype == python)
                return libtorch;
        }
        return {};
    }

    [[nodiscard]] std::uint32_t ownerOf(std::string_view tensor) const
    {
        const std::size_t dot = tensor.rfind('.');
        const auto found = m_index.moduleAt.find(
            dot == std::string_view::npos ? std::string_view() : tensor.substr(0, dot));
        return found == m_index.moduleAt.end() ? ir::none : found->second;
    }

    bool addLines()
    {
        const TermBits ofText = m_terms.of(Field::Text);
        const auto& sources = m_index.corpus.sources;
        for (std::uint32_t source = 0; source < sources.size(); ++source) {
            if (m_cancel.isCancelled())
                return false;
            const document::SourceRow& row = sources[source];
            const TermBits inFile = m_terms.inFile(row.file);
            std::string_view rest = row.text;
            for (std::uint32_t line = 0; !rest.empty(); ++line) {
                const std::size_t end = rest.find('\n');
                const TermBits text = m_terms.in(rest.substr(0, end)) & ofText;
                rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
                if (text == 0)
                    continue;
                const auto number = static_cast<std::uint32_t>(row.first_line + line);
                const TermBits own = text | (inFile & m_terms.onLine(number));
                if (own == m_terms.all() &&
                    !m_collector.add({HitGroup::Lines, false, source, line, ir::none}))
                    return false;
            }
        }
        return true;
    }

    // Every function's graph is looked through once; then its instances differ by their module and
    // by the types that were seen there.
    bool addLoaded()
    {
        std::vector<std::vector<Candidate>> found(m_index.parts.size());
        for (std::uint32_t part = 0; part < m_index.parts.size(); ++part) {
            if (!findCandidates(*m_index.parts[part].graph, m_terms, isByModuleAlone(), m_cancel,
                                found[part]))
                return false;
        }
        const std::vector<TermBits> types = m_index.types.compare(m_terms);
        for (const Place& place : m_index.places) {
            if (m_cancel.isCancelled())
                return false;
            const TermBits ofModule = place.module == ir::none ? 0 : m_inherited[place.module];
            for (const std::uint32_t part : m_index.partsOf[place.function]) {
                const auto seen = m_index.types.find(place.module, part, types);
                const auto add = [&](const Candidate& c) {
                    return !isHit(c.own, ofModule) ||
                           m_collector.add({c.group, c.isParameter, part, c.item, place.module});
                };
                if (!eachWithTypes(*m_index.parts[part].graph, found[part], seen, add))
                    return false;
            }
        }
        return true;
    }

    // Visits the candidates with the terms that the types of their outputs have, and in between
    // those that have nothing else, until `visit` says no; then the answer is no.
    template <typename Visit>
    static bool eachWithTypes(const ir::Graph& graph, const std::vector<Candidate>& candidates,
                              std::span<const ObservedTypes::Match> seen, const Visit& visit)
    {
        auto match = seen.begin();
        const auto visitBefore = [&](ir::NodeId end) {
            for (; match != seen.end() && match->node < end; ++match) {
                if (!visit({match->node, false, HitGroup::Types, match->terms,
                            graph.nodes[match->node].modulePath}))
                    return false;
            }
            return true;
        };
        for (Candidate candidate : candidates) {
            if (!candidate.isParameter) {
                if (!visitBefore(candidate.item))
                    return false;
                if (match != seen.end() && match->node == candidate.item) {
                    if (candidate.own == 0)
                        candidate.group = HitGroup::Types;
                    candidate.own |= match++->terms;
                }
            }
            if (!visit(candidate))
                return false;
        }
        return visitBefore(ir::none);
    }

    bool addStage()
    {
        const std::vector<TermBits> types = m_index.types.compare(m_terms);
        std::vector<Candidate> candidates;
        for (std::uint32_t part = 0; part < m_index.parts.size(); ++part) {
            const ir::Graph& graph = *m_index.parts[part].graph;
            candidates.clear();
            if (!findCandidates(graph, m_terms, isByModuleAlone(), m_cancel, candidates))
                return false;
            std::unordered_map<ir::StringId, std::pair<std::uint32_t, TermBits>> byPath;
            const auto seen = m_index.types.find(ir::none, part, types);
            const auto add = [&](const Candidate& c) {
                const auto [entry, isNew] = byPath.try_emplace(c.modulePath);
                if (isNew)
                    entry->second = moduleOf(graph.text(c.modulePath));
                const auto& [module, ofModule] = entry->second;
                return !isHit(c.own, ofModule) ||
                       m_collector.add({c.group, c.isParameter, part, c.item, module});
            };
            if (!eachWithTypes(graph, candidates, seen, add))
                return false;
        }
        return true;
    }

    [[nodiscard]] std::pair<std::uint32_t, TermBits> moduleOf(std::string_view path) const
    {
        const auto found = m_index.moduleAt.find(path);
        if (found != m_index.moduleAt.end())
            return {found->second, m_inherited[found->second]};
        return {ir::none, path.empty() ? 0 : m_terms.in(path)&m_terms.of(Field::Module)};
    }

    const Index::Implementation& m_index;
    TermMatch m_terms;
    const CancelToken& m_cancel;
    Hits m_hits;
    Collector m_collector;
    std::vector<TermBits> m_own;       // of modules, by row
    std::vector<TermBits> m_inherited; // with those of the modules around
};

Index::Index(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{}

Index::~Index() = default;

Result<std::shared_ptr<const Index>> Index::build(Corpus corpus, const GraphSource& graphs,
                                                  const JobContext& job, const Index* earlier)
{
    auto index = std::make_unique<Implementation>();
    index->corpus = std::move(corpus);
    const Corpus& rows = index->corpus;
    std::unordered_map<std::int64_t, std::shared_ptr<const ir::Graph>> lent;
    if (earlier != nullptr && earlier->m_implementation->corpus.owner == rows.owner) {
        for (const Part& part : earlier->m_implementation->parts)
            lent.emplace(part.id, part.owner);
    }
    const auto add = [&](std::int64_t id, std::uint32_t function) -> Result<void> {
        if (job.isCancelled())
            return cancelled();
        std::shared_ptr<const ir::Graph> graph;
        if (const auto found = lent.find(id); found != lent.end()) {
            graph = found->second;
        } else {
            Result<std::shared_ptr<const ir::Graph>> read = graphs(id);
            if (!read)
                return tl::unexpected(read.error());
            graph = std::move(*read);
        }
        addParts(index->parts, {graph, graph.get(), id, function});
        return {};
    };
    if (rows.stageGraph != 0) {
        if (const Result<void> added = add(rows.stageGraph, ir::none); !added)
            return tl::unexpected(added.error());
    } else {
        index->partsOf.resize(rows.functions.size());
        for (std::uint32_t i = 0; i < rows.functions.size(); ++i) {
            job.progress("reading graphs",
                         static_cast<double>(i) / static_cast<double>(rows.functions.size()));
            const auto first = static_cast<std::uint32_t>(index->parts.size());
            if (const Result<void> added = add(rows.functions[i].graph, i); !added)
                return tl::unexpected(added.error());
            for (auto part = first; part < index->parts.size(); ++part)
                index->partsOf[i].push_back(part);
        }
        index->places = placesOf(rows, index->parts);
    }
    std::unordered_map<std::int64_t, std::uint32_t> byId;
    for (std::uint32_t i = 0; i < rows.modules.size(); ++i) {
        byId.emplace(rows.modules[i].id, i);
        index->moduleAt.emplace(rows.modules[i].path, i);
    }
    for (const document::ModuleRow& row : rows.modules) {
        const auto parent = byId.find(row.parent);
        index->parentOf.push_back(parent == byId.end() ? ir::none : parent->second);
    }
    if (rows.types && !addTypes(*index, job.cancel))
        return cancelled();
    return std::shared_ptr<const Index>(new Index(std::move(index)));
}

Result<Hits> Index::find(const Query& query, const CancelToken& cancel) const
{
    if (query.isEmpty())
        return Hits{};
    return Finder(*m_implementation, query, cancel).run();
}

HitText Index::text(const Hit& hit, const Query& query) const
{
    return textOf(*m_implementation, hit, query);
}

Target Index::target(const Hit& hit) const
{
    return targetOf(*m_implementation, hit);
}

} // namespace jitscope::search
