#include "app/cli/serve/job_thread.h"

namespace jitscope::cli {

JobThread::~JobThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void JobThread::post(protocol::RequestId id, Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back({std::move(id), {}, std::move(work)});
    }
    if (!m_thread.joinable())
        m_thread = std::thread([this] { loop(); });
    m_changed.notify_all();
}

void JobThread::cancel(const protocol::RequestId& id)
{
    const std::lock_guard lock(m_mutex);
    for (const Job& job : m_jobs) {
        if (job.id == id)
            job.token.cancel();
    }
}

void JobThread::cancelAll()
{
    const std::lock_guard lock(m_mutex);
    for (const Job& job : m_jobs)
        job.token.cancel();
}

void JobThread::loop()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
        if (m_stopping)
            return;
        // Stays in the queue while it works, so that it can be cancelled; others are only added
        // behind it.
        const CancelToken token = m_jobs.front().token;
        const Work work = std::move(m_jobs.front().work);
        lock.unlock();
        work(token);
        lock.lock();
        m_jobs.pop_front();
    }
}

} // namespace jitscope::cli
