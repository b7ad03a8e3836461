#include "profiler/record/slice_buffer_p.h"

#include <utility>

namespace jitscope::record {

namespace {

std::uint64_t nextIdentity()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

} // namespace

SliceBuffer::SliceBuffer(SliceBuffers& owner, std::uint32_t thread)
    : m_owner(owner), m_thread(thread), m_block(std::make_shared<Block>())
{
    m_block->thread = thread;
}

bool SliceBuffer::nextBlock()
{
    if (!m_owner.handOver(m_block)) {
        ++m_dropped;
        return false;
    }
    // Under the owner's lock the writer looks at the current block of each thread.
    auto fresh = std::make_shared<Block>();
    fresh->thread = m_thread;
    const std::lock_guard lock(m_owner.m_mutex);
    m_block = std::move(fresh);
    return true;
}

SliceBuffers::SliceBuffers(BufferPolicy whenFull) : m_whenFull(whenFull), m_identity(nextIdentity())
{}

SliceBuffer& SliceBuffers::ofThisThread()
{
    struct Mine
    {
        std::uint64_t identity = 0;
        SliceBuffer* buffer = nullptr;
    };
    thread_local Mine mine;
    if (mine.identity != m_identity) [[unlikely]] {
        const std::lock_guard lock(m_mutex);
        m_buffers.push_back(
            std::make_unique<SliceBuffer>(*this, static_cast<std::uint32_t>(m_buffers.size())));
        mine = {m_identity, m_buffers.back().get()};
    }
    return *mine.buffer;
}

bool SliceBuffers::handOver(std::shared_ptr<Block> full)
{
    std::unique_lock lock(m_mutex);
    if (m_whenFull == BufferPolicy::Wait)
        m_taken.wait(lock, [this] { return m_closed || m_full.size() < mostWaiting; });
    if (m_full.size() >= mostWaiting)
        return false;
    m_full.push_back(std::move(full));
    return true;
}

void SliceBuffers::takeFrom(Block& block, std::vector<Taken>& taken)
{
    const std::uint32_t count = block.count.load(std::memory_order_acquire);
    if (count == block.taken)
        return;
    taken.push_back(
        {block.thread, {block.slices.begin() + block.taken, block.slices.begin() + count}});
    block.taken = count;
}

std::vector<SliceBuffers::Taken> SliceBuffers::take()
{
    std::vector<std::shared_ptr<Block>> full;
    std::vector<std::shared_ptr<Block>> current;
    {
        const std::lock_guard lock(m_mutex);
        full = std::exchange(m_full, {});
        for (const auto& buffer : m_buffers)
            current.push_back(buffer->m_block);
    }
    m_taken.notify_all();
    std::vector<Taken> taken;
    for (const auto& block : full)
        takeFrom(*block, taken);
    for (const auto& block : current)
        takeFrom(*block, taken); // a block that was handed over a moment ago comes again later, and
                                 // gives nothing then
    return taken;
}

std::uint64_t SliceBuffers::executed() const
{
    const std::lock_guard lock(m_mutex);
    std::uint64_t sum = 0;
    for (const auto& buffer : m_buffers)
        sum += buffer->m_executed;
    return sum;
}

std::uint64_t SliceBuffers::dropped() const
{
    const std::lock_guard lock(m_mutex);
    std::uint64_t sum = 0;
    for (const auto& buffer : m_buffers)
        sum += buffer->m_dropped;
    return sum;
}

ir::NodeKey SliceBuffers::openInstruction() const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& buffer : m_buffers) {
        if (buffer->m_instruction != 0)
            return buffer->m_instruction;
    }
    return 0;
}

void SliceBuffers::waitForWriter()
{
    std::unique_lock lock(m_mutex);
    m_taken.wait(lock, [this] { return m_closed || m_full.size() < mostWaiting / 2; });
}

void SliceBuffers::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_taken.notify_all();
}

} // namespace jitscope::record
