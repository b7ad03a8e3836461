// Settings of the process that a run changes, for as long as it lasts. LibTorch's types; private to
// profiler/record.
#pragma once

#include <ATen/Parallel.h>

namespace jitscope::record {

// The number of intra-op threads; 0 leaves it.
class ThreadSetting
{
public:
    explicit ThreadSetting(int threads) : m_before(at::get_num_threads())
    {
        if (threads > 0)
            at::set_num_threads(threads);
    }
    ~ThreadSetting() { at::set_num_threads(m_before); }
    ThreadSetting(const ThreadSetting&) = delete;
    ThreadSetting& operator=(const ThreadSetting&) = delete;

private:
    int m_before;
};

// The interpreter lets exceptions through as they are, instead of as a std::runtime_error with a
// traceback (whose making may crash on damaged source ranges).
class OwnExceptions
{
public:
    OwnExceptions();
    ~OwnExceptions();
    OwnExceptions(const OwnExceptions&) = delete;
    OwnExceptions& operator=(const OwnExceptions&) = delete;

private:
    bool m_before;
};

} // namespace jitscope::record
