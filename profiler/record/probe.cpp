#include "profiler/record/probe_p.h"

#include <ATen/core/jit_type.h>

namespace jitscope::record {

void OperatorProbe::call(c10::Stack& stack)
{
    recording.checkCancel();
    if (pushesCount)
        stack.emplace_back(inputs);
    LaunchLink* const link = recording.launchLink();
    if (link != nullptr) [[unlikely]]
        link->enter(node);
    const Ticks start = ticksNow();
    try {
        operation(stack);
    } catch (...) {
        recording.executed(node, start, ticksNow());
        if (link != nullptr)
            link->leave();
        recording.failed(node);
        throw;
    }
    recording.executed(node, start, ticksNow());
    if (link != nullptr) [[unlikely]]
        link->leave();
}

void MarkProbe::begin(c10::Stack& stack) const
{
    recording.checkCancel();
    recording.enterInstruction(node, staysOnThread);
    stack.emplace_back(static_cast<std::int64_t>(ticksNow()));
}

void MarkProbe::end(c10::Stack& stack) const
{
    const auto start = static_cast<Ticks>(stack.back().toInt());
    stack.pop_back();
    recording.leaveInstruction();
    recording.executed(node, start, ticksNow());
}

} // namespace jitscope::record
