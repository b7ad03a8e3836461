// A thread that makes texts and what belongs to them. Private to views/code. UI thread only.
#pragma once

#include "core/support/job.h"

#include <QObject>
#include <QThread>

#include <functional>
#include <map>
#include <memory>

class QTextDocument;

namespace jitscope::views {

class Background : public QObject
{
    Q_OBJECT

public:
    // Runs on the UI thread with what the work brought.
    using Finish = std::function<void()>;
    // Runs on the thread.
    using Work = std::function<Finish(const CancelToken&)>;

    explicit Background(QObject* parent = nullptr);
    ~Background() override;

    // One after the other. What the lane had to do before is cancelled, and not finished.
    void post(int lane, Work work);
    void cancel();

    // Takes a document apart on the thread: with 40,000 lines that takes its time.
    void dispose(std::shared_ptr<QTextDocument> document);

private:
    struct Lane
    {
        quint64 number = 0;
        CancelToken cancel;
    };

    QThread m_thread;
    QObject* m_worker;
    std::map<int, Lane> m_lanes;
};

} // namespace jitscope::views
