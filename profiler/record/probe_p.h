// What is called around each node of an instrumented graph. LibTorch's types; private to
// profiler/record.
#pragma once

#include "core/ir/graph.h"
#include "profiler/record/launch_link_p.h"
#include "profiler/record/slice_buffer_p.h"

#include <ATen/core/stack.h>

#include <atomic>
#include <exception>

namespace jitscope::record {

// Thrown through the interpreter when the user asked to stop.
class CancelledRun : public std::exception
{
public:
    [[nodiscard]] const char* what() const noexcept override { return "cancelled by the user"; }
};

// The state of a run that every probe looks at.
class Recording
{
public:
    Recording(SliceBuffers& buffers, const std::atomic<bool>& cancel)
        : m_buffers(buffers), m_cancel(cancel)
    {}

    // Slices are kept for iterations from 0 on; warm-ups have negative numbers.
    void startIteration(std::int32_t number)
    {
        m_iteration.store(number, std::memory_order_relaxed);
    }
    void setLaunchLink(LaunchLink* link) { m_link = link; }
    [[nodiscard]] LaunchLink* launchLink() const
    {
        return m_iteration.load(std::memory_order_relaxed) >= 0 ? m_link : nullptr;
    }

    void checkCancel() const
    {
        if (m_cancel.load(std::memory_order_relaxed) || m_stop.load(std::memory_order_relaxed))
            [[unlikely]]
            throw CancelledRun();
    }
    // Ends what still runs, in forks too.
    void stop() { m_stop.store(true, std::memory_order_relaxed); }
    // Goes on after stop().
    void rearm() { m_stop.store(false, std::memory_order_relaxed); }

    void executed(ir::NodeKey node, Ticks start, Ticks end)
    {
        const std::int32_t iteration = m_iteration.load(std::memory_order_relaxed);
        if (iteration >= 0)
            m_buffers.ofThisThread().push({start, end, node, iteration});
    }

    // The first node that threw; 0 if none did.
    void failed(ir::NodeKey node)
    {
        ir::NodeKey expected = 0;
        m_failed.compare_exchange_strong(expected, node);
    }
    // Instructions cannot be called in a try block; the one that a thread is in is remembered.
    // Launches in one that ends on the thread where it began (`isLinked`) are linked to it.
    void enterInstruction(ir::NodeKey node, bool isLinked)
    {
        LaunchLink* const link = isLinked ? launchLink() : nullptr;
        m_buffers.ofThisThread().setInstruction(node, link != nullptr);
        if (link != nullptr) [[unlikely]]
            link->enter(node);
    }
    void leaveInstruction()
    {
        unlinkInstruction();
        m_buffers.ofThisThread().setInstruction(0, false);
    }
    // After an exception, on the thread that it ran through: takes back the link of the instruction
    // that threw.
    void unlinkInstruction()
    {
        if (m_buffers.ofThisThread().takeLinked() && m_link != nullptr) [[unlikely]]
            m_link->leave();
    }
    [[nodiscard]] ir::NodeKey failedNode() const
    {
        const ir::NodeKey failed = m_failed.load();
        return failed != 0 ? failed : m_buffers.openInstruction();
    }

private:
    SliceBuffers& m_buffers;
    const std::atomic<bool>& m_cancel;
    std::atomic<bool> m_stop{false};
    std::atomic<std::int32_t> m_iteration{-1};
    std::atomic<ir::NodeKey> m_failed{0};
    LaunchLink* m_link = nullptr;
};

// A node that stands for an operator call: it calls the operator and records it.
struct OperatorProbe
{
    Recording& recording;
    torch::jit::Operation operation;
    ir::NodeKey node = 0;
    bool pushesCount =
        false; // the operator is variadic and wants its number of inputs on the stack
    std::int64_t inputs = 0;

    void call(c10::Stack& stack);
};

// A pair of nodes around one that is an instruction of the interpreter. The start goes to the end
// through a value of the graph, since the interpreter may go on with the end on another thread.
struct MarkProbe
{
    Recording& recording;
    ir::NodeKey node = 0;
    // The interpreter goes on with the end on the thread of the begin: it is no call, fork or wait
    // and has no blocks.
    bool staysOnThread = false;

    void begin(c10::Stack& stack) const;
    void end(c10::Stack& stack) const;
};

} // namespace jitscope::record
