// A thread for what takes its time, of which only the newest answer counts. UI thread only.
#pragma once

#include "core/support/job.h"

#include <QObject>
#include <QThread>

#include <functional>
#include <map>
#include <memory>

namespace jitscope::views {

class Background : public QObject
{
    Q_OBJECT

public:
    // Runs on the UI thread with what the work brought. An empty one brings nothing.
    using Finish = std::function<void()>;
    // Runs on the thread.
    using Work = std::function<Finish(const CancelToken&)>;

    // `name` is that of the thread, which starts with the first work.
    explicit Background(const char* name, QObject* parent = nullptr);
    ~Background() override;

    // One after the other. What the lane had to do before is cancelled, and not finished.
    void post(int lane, Work work);
    void cancel();

    // Takes an object apart on the thread: a document of 40,000 lines takes its time.
    void dispose(std::shared_ptr<QObject> object);

private:
    struct Lane
    {
        quint64 number = 0;
        CancelToken cancel;
    };

    void run(std::function<void()> work); // on the thread

    QThread m_thread;
    QObject* m_worker;
    std::map<int, Lane> m_lanes;
};

} // namespace jitscope::views
