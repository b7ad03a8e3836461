// One thread that does jobs in order. The jobs are requests: each has an id by which it can be
// cancelled.
#pragma once

#include "core/protocol/connection.h"
#include "core/support/job.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace jitscope::cli {

class JobThread
{
public:
    using Work = std::function<void(const CancelToken& cancel)>;

    JobThread() = default;
    // Waits for the job at work.
    ~JobThread();
    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    // The thread starts with the first job, so that it is confined when the caller is. A job that
    // is cancelled before its turn is still called, with a token that says so.
    void post(protocol::RequestId id, Work work);

    // Nothing when there is no such job.
    void cancel(const protocol::RequestId& id);
    void cancelAll();

private:
    struct Job
    {
        protocol::RequestId id;
        CancelToken token;
        Work work;
    };

    void loop();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Job> m_jobs; // the first one is at work
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace jitscope::cli
