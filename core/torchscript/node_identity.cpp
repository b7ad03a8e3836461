#include "core/torchscript/node_identity_p.h"

#include <torch/csrc/jit/serialization/source_range_serialization.h>

#include <algorithm>

namespace jitscope::torchscript {

// Keys are given in runs: a run ends where reserve() leaves a gap.
class NodeIdentity::Table : public torch::jit::SourceRangeUnpickler
{
public:
    explicit Table(std::shared_ptr<SourceMap> pythonSources) : sources(std::move(pythonSources)) {}

    // LibTorch's error messages ask here for the Python line of a running node.
    std::optional<torch::jit::SourceRange>
    findSourceRangeThatGenerated(const torch::jit::SourceRange& range) override
    {
        const NodeRecord& found = record(static_cast<ir::NodeKey>(range.start()));
        if (found.python == 0)
            return std::nullopt;
        return sources->range(found.python);
    }

    ir::NodeKey add(const NodeRecord& record)
    {
        const ir::NodeKey key = m_next++;
        if (m_runs.empty() || m_runs.back().first + m_runs.back().records.size() != key)
            m_runs.push_back({key, {}});
        m_runs.back().records.push_back(record);
        return key;
    }

    void reserve(ir::NodeKey next) { m_next = std::max(m_next, next); }

    [[nodiscard]] const NodeRecord& record(ir::NodeKey key) const
    {
        static constexpr NodeRecord unknown;
        const auto after =
            std::upper_bound(m_runs.begin(), m_runs.end(), key,
                             [](ir::NodeKey k, const Run& run) { return k < run.first; });
        if (after == m_runs.begin())
            return unknown;
        const Run& run = *std::prev(after);
        const std::size_t index = key - run.first;
        return index < run.records.size() ? run.records[index] : unknown;
    }

    std::shared_ptr<SourceMap> sources;
    ir::StringTable strings;

private:
    struct Run
    {
        ir::NodeKey first = 0;
        std::vector<NodeRecord> records;
    };

    std::vector<Run> m_runs; // in order of `first`
    ir::NodeKey m_next = 1;
};

// The source has no text, so LibTorch quotes nothing from it; a line would have to be kept for
// every node.
NodeIdentity::NodeIdentity(std::shared_ptr<SourceMap> sources)
    : m_table(std::make_shared<Table>(std::move(sources))),
      m_source(std::make_shared<torch::jit::Source>(std::string_view(), "<jitscope>", 1, m_table))
{}

NodeIdentity::~NodeIdentity() = default;

ir::NodeKey NodeIdentity::add(const NodeRecord& record)
{
    return m_table->add(record);
}

void NodeIdentity::reserve(ir::NodeKey next)
{
    m_table->reserve(next);
}

const NodeRecord& NodeIdentity::record(ir::NodeKey key) const
{
    return m_table->record(key);
}

void NodeIdentity::tag(torch::jit::Node* node, ir::NodeKey key) const
{
    node->setSourceRange(torch::jit::SourceRange(m_source, key, key + std::size_t{1}));
}

ir::NodeKey NodeIdentity::keyOf(const torch::jit::Node* node) const
{
    return keyOf(node->sourceRange());
}

ir::NodeKey NodeIdentity::keyOf(const torch::jit::SourceRange& range) const
{
    return range.source() == m_source ? static_cast<ir::NodeKey>(range.start()) : 0;
}

ir::StringTable& NodeIdentity::strings()
{
    return m_table->strings;
}

const ir::StringTable& NodeIdentity::strings() const
{
    return m_table->strings;
}

const SourceMap& NodeIdentity::sources() const
{
    return *m_table->sources;
}

} // namespace jitscope::torchscript
