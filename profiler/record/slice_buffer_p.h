// Where the running threads leave what they executed: one buffer a thread, in blocks. A thread
// writes without a lock; a full block is handed over under one. The writer thread may look at any
// time at what a thread has published.
#pragma once

#include "core/ir/graph.h"
#include "profiler/record/clock_p.h"
#include "profiler/record/recorder.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace jitscope::record {

struct TickSlice
{
    Ticks start = 0;
    Ticks end = 0;
    ir::NodeKey node = 0;
    std::int32_t iteration = 0;
};

class SliceBuffers;

class SliceBuffer
{
public:
    explicit SliceBuffer(SliceBuffers& owner, std::uint32_t thread);

    void push(const TickSlice& slice)
    {
        ++m_executed;
        std::uint32_t count = m_block->count.load(std::memory_order_relaxed);
        if (count == blockSize) [[unlikely]] {
            if (!nextBlock())
                return;
            count = 0;
        }
        m_block->slices[count] = slice;
        m_block->count.store(count + 1, std::memory_order_release);
    }

    static constexpr std::uint32_t blockSize = 4096;

    // The instruction of the interpreter that this thread is in, for when it throws; 0 for none.
    // `isLinked`: what it launches is being linked to it.
    void setInstruction(ir::NodeKey node, bool isLinked)
    {
        m_instruction = node;
        m_isLinked = isLinked;
    }
    [[nodiscard]] bool takeLinked() { return std::exchange(m_isLinked, false); }

private:
    friend class SliceBuffers;

    struct Block
    {
        std::array<TickSlice, blockSize> slices;
        std::atomic<std::uint32_t> count{0};
        std::uint32_t taken = 0; // by the writer
        std::uint32_t thread = 0;
    };

    bool nextBlock();

    SliceBuffers& m_owner;
    std::uint32_t m_thread;
    std::shared_ptr<Block> m_block;
    std::uint64_t m_executed = 0; // counted apart from the blocks
    std::uint64_t m_dropped = 0;
    ir::NodeKey m_instruction = 0;
    bool m_isLinked = false;
};

// All buffers of one run.
class SliceBuffers
{
public:
    explicit SliceBuffers(BufferPolicy whenFull = BufferPolicy::Drop);
    SliceBuffers(const SliceBuffers&) = delete;
    SliceBuffers& operator=(const SliceBuffers&) = delete;

    // The buffer of the calling thread, which keeps it for the run. The first one is thread 0.
    [[nodiscard]] SliceBuffer& ofThisThread();

    struct Taken
    {
        std::uint32_t thread = 0;
        std::vector<TickSlice> slices;
    };
    // What was published since the last call, in order for each thread. For the writer thread.
    [[nodiscard]] std::vector<Taken> take();

    // After the run, when no thread writes any more.
    [[nodiscard]] std::uint64_t executed() const;
    [[nodiscard]] std::uint64_t dropped() const;
    // The instruction that a thread did not get out of; 0 if there is none.
    [[nodiscard]] ir::NodeKey openInstruction() const;

    // Waits until the writer has caught up. Between iterations, where it disturbs no times.
    void waitForWriter();
    // Nobody takes any more: whoever waits for the writer goes on, and drops.
    void close();

private:
    friend class SliceBuffer;
    using Block = SliceBuffer::Block;

    // Blocks that wait for the writer: beyond this the machine cannot keep up, and slices are
    // dropped and counted.
    static constexpr std::size_t mostWaiting = 2048; // 200 MB

    [[nodiscard]] bool handOver(std::shared_ptr<Block> full);
    const BufferPolicy m_whenFull;
    static void takeFrom(Block& block, std::vector<Taken>& taken);

    const std::uint64_t
        m_identity; // tells this run's buffers from those of an earlier one at the same address
    mutable std::mutex m_mutex;
    std::condition_variable m_taken;
    bool m_closed = false;
    std::deque<std::unique_ptr<SliceBuffer>> m_buffers;
    std::vector<std::shared_ptr<Block>> m_full;
};

} // namespace jitscope::record
