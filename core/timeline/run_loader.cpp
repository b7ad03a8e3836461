#include "core/timeline/run_loader.h"

#include "core/document/node_chunk.h"
#include "core/timeline/gpu_activity_p.h"
#include "core/timeline/lanes.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace jitscope::timeline {

namespace {

// Times that a recording can have: far enough from the ends of 64 bits that sums do not overflow.
constexpr std::int64_t latestTime = std::int64_t{1} << 61;
constexpr std::int64_t largestUnit = std::int64_t{1} << 20;
// Deepest containment that is shown; TorchScript nests far less, damaged times could nest without
// end.
constexpr std::size_t deepestLane = 64;

bool isPlausible(const document::NodeChunkRow& chunk)
{
    return chunk.t0 >= 0 && chunk.t1 >= chunk.t0 && chunk.t1 <= latestTime && chunk.unit >= 1 &&
           chunk.unit <= largestUnit && chunk.n >= 0 && chunk.n <= document::chunkCapacity;
}

// What two module paths share: "layer1.0" of "layer1.0.conv1" and "layer1.0.bn1".
std::string_view sharedPath(std::string_view a, std::string_view b)
{
    const std::size_t size = std::min(a.size(), b.size());
    std::size_t shared = 0;
    for (std::size_t i = 0; i <= size; ++i) {
        const bool endsA = i == a.size() || a[i] == '.';
        const bool endsB = i == b.size() || b[i] == '.';
        if (endsA && endsB)
            shared = i;
        if (i == size || a[i] != b[i])
            break;
    }
    return a.substr(0, shared);
}

std::string modulePathOf(const document::NodeIndex& index, const document::NamedNode& node)
{
    if (!node.modulePath.empty() || node.ordinal >= 0)
        return node.modulePath;
    // A node that a pass made: it belongs to the module in which all that it was made of lies.
    const std::vector<document::NodeRef> origins = index.origins(node.key);
    if (origins.empty())
        return {};
    std::string_view path = origins.front().modulePath;
    for (const document::NodeRef& origin : origins)
        path = sharedPath(path, origin.modulePath);
    return std::string(path);
}

void drop(std::vector<Lane>& lanes, std::vector<std::string>& problems)
{
    if (lanes.size() <= deepestLane)
        return;
    lanes.resize(deepestLane);
    problems.push_back(
        fmt::format("Nodes nested deeper than {} levels are not shown.", deepestLane));
}

} // namespace

class RunLoader::Implementation
{
public:
    Implementation(const document::Reader& reader, std::int64_t run)
        : m_reader(reader), m_run(run), m_gpu(reader, run)
    {
        (void)label({});
    }

    Result<std::shared_ptr<const RunTimeline>> read(const document::NodeIndex& nodes,
                                                    std::size_t chunks, const CancelToken& cancel)
    {
        const auto run = m_reader.rows<document::RunRow>(fmt::format("WHERE id = {}", m_run));
        if (!run)
            return tl::unexpected(run.error());
        if (run->empty())
            return fail(ErrorCode::InvalidArgument,
                        fmt::format("The document has no run {}.", m_run), m_reader.path().string(),
                        "Choose one of its runs.");
        auto iterations = m_reader.rows<document::IterationRow>(
            fmt::format("WHERE run = {} ORDER BY start", m_run));
        if (!iterations)
            return tl::unexpected(iterations.error());
        if (Result<void> gpu = m_gpu.read([this](std::string_view text) { return label(text); });
            !gpu)
            return tl::unexpected(gpu.error());
        auto unread = readChunks(chunks, cancel);
        if (!unread)
            return tl::unexpected(unread.error());
        resolve(nodes);

        auto timeline = std::make_shared<RunTimeline>();
        timeline->run = run->front();
        timeline->iterations = std::move(*iterations);
        build(*timeline, std::move(*unread));
        if (cancel.isCancelled())
            return cancelled();
        return timeline;
    }

private:
    using UnreadParts = std::map<std::int64_t, std::vector<Unread>>; // by thread

    std::uint32_t label(std::string_view text)
    {
        const auto [entry, isNew] =
            m_labelIds.try_emplace(std::string(text), static_cast<std::uint32_t>(m_labels.size()));
        if (isNew)
            m_labels.emplace_back(text);
        return entry->second;
    }

    Result<UnreadParts> readChunks(std::size_t limit, const CancelToken& cancel)
    {
        const auto summaries = m_reader.chunkSummaries(m_run);
        if (!summaries)
            return tl::unexpected(summaries.error());
        UnreadParts unread;
        m_mayReadMore = false;
        std::size_t read = 0;
        std::set<std::int64_t> grown;
        for (const document::NodeChunkRow& summary : *summaries) {
            if (m_seen.contains(summary.id))
                continue;
            if (!isPlausible(summary)) {
                m_seen.insert(summary.id);
                reportDamage(summary);
                continue;
            }
            const bool fits =
                m_sliceCount + static_cast<std::size_t>(summary.n) <= largestSliceCount;
            if (!fits || read == limit || cancel.isCancelled()) {
                m_mayReadMore = m_mayReadMore || fits;
                m_tooMany = m_tooMany || !fits;
                unread[summary.thread].push_back(
                    {{summary.t0, summary.t1}, summary.longest, summary.n});
                continue;
            }
            const auto chunk = m_reader.chunk(summary.id);
            if (!chunk)
                return tl::unexpected(chunk.error());
            m_seen.insert(summary.id);
            ++read;
            take(*chunk);
            grown.insert(chunk->thread);
        }
        for (const std::int64_t thread : grown)
            sort(m_threads[thread]);
        return unread;
    }

    void reportDamage(const document::NodeChunkRow& chunk)
    {
        m_problems.push_back(
            fmt::format("Chunk {} of thread {} is damaged: its {} node executions are not shown.",
                        chunk.id, chunk.thread, chunk.n));
    }

    void take(const document::NodeChunkRow& chunk)
    {
        const std::vector<document::NodeSlice> slices =
            isPlausible(chunk) ? document::slicesOf(chunk) : std::vector<document::NodeSlice>();
        if (slices.size() != static_cast<std::size_t>(chunk.n) || chunk.n == 0) {
            if (chunk.n != 0)
                reportDamage(chunk);
            return;
        }
        std::vector<Slice>& thread = m_threads[chunk.thread];
        thread.reserve(thread.size() + slices.size());
        for (const document::NodeSlice& slice : slices) {
            const auto node = m_nodes.find(slice.node);
            if (node == m_nodes.end())
                m_unresolved.insert(slice.node);
            thread.push_back({slice.start, slice.start + slice.duration,
                              node == m_nodes.end() ? 0 : node->second.kind, slice.node,
                              slice.iteration});
        }
        m_sliceCount += slices.size();
    }

    // The first `m_sorted` slices of a thread are in order already; recordings come nearly in order
    // of time.
    void sort(std::vector<Slice>& slices)
    {
        std::size_t& sorted = m_sorted[&slices];
        const auto middle = slices.begin() + static_cast<std::ptrdiff_t>(sorted);
        std::sort(middle, slices.end(), comesBefore);
        std::inplace_merge(slices.begin(), middle, slices.end(), comesBefore);
        sorted = slices.size();
    }

    // Names for the nodes that are new; those that the node table does not have (yet) stay without.
    void resolve(const document::NodeIndex& index)
    {
        std::set<ir::NodeKey> named;
        for (const ir::NodeKey key : m_unresolved) {
            const document::NamedNode* node = index.node(key);
            if (node == nullptr)
                continue;
            m_nodes[key] = {label(node->kind), label(modulePathOf(index, *node))};
            named.insert(key);
        }
        if (named.empty())
            return;
        for (auto& [thread, slices] : m_threads) {
            for (Slice& slice : slices) {
                if (slice.label == 0 && named.contains(slice.node))
                    slice.label = m_nodes[slice.node].kind;
            }
        }
        std::erase_if(m_unresolved, [&](ir::NodeKey key) { return named.contains(key); });
    }

    void build(RunTimeline& timeline, UnreadParts unread)
    {
        timeline.problems = m_problems;
        addIterations(timeline);
        for (const auto& [thread, parts] : unread)
            (void)m_threads[thread]; // a track for it, even if nothing of it was read
        for (const auto& [thread, slices] : m_threads)
            addThread(timeline, thread, slices, std::move(unread[thread]));
        for (const auto& [thread, slices] : m_gpu.calls()) {
            // Nsight keeps the thread id in the low 24 bits.
            addTrack(timeline, {TrackKind::Runtime,
                                fmt::format("CUDA calls, thread {}", thread & 0xffffff),
                                thread,
                                0,
                                0,
                                packedLanes(slices),
                                {}});
        }
        for (const auto& [stream, slices] : m_gpu.streams())
            addTrack(timeline, {TrackKind::Gpu,
                                fmt::format("GPU {}, stream {}", stream.first, stream.second),
                                0,
                                stream.first,
                                stream.second,
                                packedLanes(slices),
                                {}});
        addProblems(timeline);
        timeline.nodes = m_nodes;
        timeline.labels.assign(m_labels.begin(), m_labels.end());
        timeline.sliceCount = m_sliceCount;
        timeline.isComplete = !m_mayReadMore;
        measure(timeline);
    }

    static void addTrack(RunTimeline& timeline, Track track)
    {
        if (!track.lanes.empty() || !track.unread.empty())
            timeline.tracks.push_back(std::move(track));
    }

    void addIterations(RunTimeline& timeline)
    {
        std::vector<Slice> slices;
        std::erase_if(timeline.iterations, [](const document::IterationRow& row) {
            return row.start < 0 || row.start > latestTime || row.end > latestTime;
        });
        for (document::IterationRow& row : timeline.iterations) {
            row.end = std::max(row.end, row.start); // 0 while it lasts
            const std::string text = row.number < 0 ? fmt::format("warm-up {}", -row.number)
                                                    : fmt::format("iteration {}", row.number);
            slices.push_back(
                {row.start, row.end, label(text), 0, static_cast<std::int32_t>(row.number)});
        }
        std::sort(slices.begin(), slices.end(), comesBefore);
        addTrack(timeline, {TrackKind::Iterations, "Iterations", 0, 0, 0, packedLanes(slices), {}});
    }

    void addThread(RunTimeline& timeline, std::int64_t thread, const std::vector<Slice>& slices,
                   std::vector<Unread> unread)
    {
        const std::uint32_t constant = label("prim::Constant");
        const auto pathOf = [&](const Slice& slice) -> const std::string* {
            const auto node = m_nodes.find(slice.node);
            return node == m_nodes.end() || node->second.kind == constant
                       ? nullptr
                       : &m_labels[node->second.modulePath];
        };
        std::vector<Lane> modules =
            moduleLanes(slices, pathOf, [this](std::string_view path) { return label(path); });
        std::vector<Lane> nodes = nestedLanes(slices);
        drop(modules, timeline.problems);
        drop(nodes, timeline.problems);
        addTrack(timeline, {TrackKind::Modules,
                            fmt::format("Modules, thread {}", thread),
                            thread,
                            0,
                            0,
                            std::move(modules),
                            {}});
        std::sort(unread.begin(), unread.end(),
                  [](const Unread& a, const Unread& b) { return a.range.start < b.range.start; });
        for (const Unread& part : unread)
            timeline.unreadCount += static_cast<std::size_t>(part.count);
        addTrack(timeline, {TrackKind::Nodes, fmt::format("Nodes, thread {}", thread), thread, 0, 0,
                            std::move(nodes), std::move(unread)});
    }

    void addProblems(RunTimeline& timeline) const
    {
        if (!m_unresolved.empty())
            timeline.problems.push_back(
                fmt::format("{} executed nodes are not in the node table: they are shown without "
                            "kind, module and line.",
                            m_unresolved.size()));
        if (m_gpu.withoutTime() > 0)
            timeline.problems.push_back(
                fmt::format("{} GPU records have no time and are not shown.", m_gpu.withoutTime()));
        if (m_tooMany)
            timeline.problems.push_back(
                fmt::format("The run has more than {} node executions: the others are shown as "
                            "summaries and are not in the statistics.",
                            largestSliceCount));
    }

    static void measure(RunTimeline& timeline)
    {
        bool isFirst = true;
        const auto include = [&](std::int64_t start, std::int64_t end) {
            timeline.range.start = isFirst ? start : std::min(timeline.range.start, start);
            timeline.range.end = isFirst ? end : std::max(timeline.range.end, end);
            isFirst = false;
        };
        for (const Track& track : timeline.tracks) {
            for (const Lane& lane : track.lanes)
                include(lane.slices().front().start, lane.slices().back().end);
            for (const Unread& part : track.unread)
                include(part.range.start, part.range.end);
        }
    }

    const document::Reader& m_reader;
    std::int64_t m_run;
    GpuActivity m_gpu;
    std::deque<std::string> m_labels; // a deque: references stay good while it grows
    std::unordered_map<std::string, std::uint32_t> m_labelIds;
    std::unordered_map<ir::NodeKey, RecordedNode> m_nodes;
    std::set<ir::NodeKey> m_unresolved;
    std::set<std::int64_t> m_seen; // chunks
    std::map<std::int64_t, std::vector<Slice>> m_threads;
    std::map<const std::vector<Slice>*, std::size_t> m_sorted;
    std::vector<std::string> m_problems;
    std::size_t m_sliceCount = 0;
    bool m_mayReadMore = false;
    bool m_tooMany = false;
};

RunLoader::RunLoader(const document::Reader& reader, std::int64_t run)
    : m_implementation(std::make_unique<Implementation>(reader, run))
{}

RunLoader::~RunLoader() = default;

Result<std::shared_ptr<const RunTimeline>>
RunLoader::read(const document::NodeIndex& nodes, std::size_t chunks, const CancelToken& cancel)
{
    return m_implementation->read(nodes, chunks, cancel);
}

} // namespace jitscope::timeline
