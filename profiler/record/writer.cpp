#include "profiler/record/writer_p.h"

namespace jitscope::record {

namespace {

constexpr auto pause = std::chrono::milliseconds(5);
// So that a crash costs little of what was recorded.
constexpr std::int64_t longestHeldBack = 1'000'000'000; // nanoseconds

} // namespace

Writer::Writer(SliceBuffers& buffers, RecordSink& sink, std::function<void()> onError)
    : m_buffers(buffers),
      m_sink(sink),
      m_onError(std::move(onError)),
      m_lastFlush(steadyNow()),
      m_thread([this] { work(); })
{}

Writer::~Writer()
{
    if (m_thread.joinable())
        (void)finish();
}

void Writer::addPlan(std::uint32_t index, Plan plan)
{
    const std::lock_guard lock(m_mutex);
    m_plans.emplace_back(index, std::move(plan));
}

Result<void> Writer::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_finishing = true;
    }
    m_wake.notify_all();
    m_thread.join();
    m_buffers.close();
    if (m_error)
        return tl::unexpected(*m_error);
    return {};
}

void Writer::work()
{
    bool finishing = false;
    while (!finishing) {
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, pause, [this] { return m_finishing; });
            finishing = m_finishing;
        }
        carry();
        if (finishing || steadyNow() - m_lastFlush > longestHeldBack)
            flush();
    }
}

void Writer::carry()
{
    // Slices first: a plan is added before its nodes run, so the plans of all slices taken are
    // there.
    const std::vector<SliceBuffers::Taken> taken = m_buffers.take();
    std::vector<std::pair<std::uint32_t, Plan>> plans;
    {
        const std::lock_guard lock(m_mutex);
        plans.swap(m_plans);
    }
    for (const auto& [index, plan] : plans) {
        if (!m_error)
            put(m_sink.planReady(index, plan));
    }
    m_clock.anchor();
    for (const auto& [thread, slices] : taken) {
        document::NodeChunkBuilder& chunk = m_chunks[thread];
        for (const TickSlice& slice : slices) {
            const std::int64_t start = m_clock.nanoseconds(slice.start);
            const std::int64_t end = m_clock.nanoseconds(slice.end);
            const document::NodeSlice row{start, end - start, slice.node, slice.iteration};
            if (!chunk.add(row)) {
                if (!m_error)
                    put(m_sink.chunk(chunk.take(0, thread)));
                (void)chunk.add(row); // always fits into an empty chunk
            }
        }
        if (!m_error)
            m_recorded += slices.size();
    }
}

void Writer::flush()
{
    for (auto& [thread, chunk] : m_chunks) {
        if (!chunk.empty() && !m_error)
            put(m_sink.chunk(chunk.take(0, thread)));
    }
    m_lastFlush = steadyNow();
}

void Writer::put(const Result<void>& result)
{
    if (result || m_error)
        return;
    m_error = result.error();
    m_onError();
}

} // namespace jitscope::record
