// What a long job gets from whoever started it: a way to be stopped, to tell how far it is, and to
// log.
#pragma once

#include "core/support/result.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace jitscope {

// A flag shared between the one who asks and the one who works. Any thread may call any function.
class CancelToken
{
public:
    CancelToken() : m_flag(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isCancelled() const { return m_flag->load(std::memory_order_relaxed); }
    // For code that polls in a hot loop. Valid as long as a copy of the token lives.
    [[nodiscard]] const std::atomic<bool>& flag() const { return *m_flag; }

private:
    std::shared_ptr<std::atomic<bool>> m_flag;
};

struct Progress
{
    std::string_view phase; // such as "reading weights"
    double fraction = -1;   // 0 to 1; negative when unknown
};

enum class LogLevel
{
    Debug,
    Info,
    Warning,
    Error
};

// The callbacks may be empty, and are called on the thread that does the job.
struct JobContext
{
    CancelToken cancel;
    std::function<void(const Progress&)> onProgress;
    std::function<void(LogLevel, std::string_view)> onLog;

    void progress(std::string_view phase, double fraction = -1) const
    {
        if (onProgress)
            onProgress({phase, fraction});
    }
    void log(LogLevel level, std::string_view text) const
    {
        if (onLog)
            onLog(level, text);
    }
    [[nodiscard]] bool isCancelled() const { return cancel.isCancelled(); }
};

[[nodiscard]] inline tl::unexpected<Error> cancelled()
{
    return fail(ErrorCode::Cancelled, "Cancelled.");
}

} // namespace jitscope
