// Reads how long the nodes of a run took and what that makes for boxes, on a thread of its own with
// a reader of its own. Private to views/graph.
#pragma once

#include "core/support/job.h"
#include "views/graph/box_times_p.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace jitscope::views {

class TimesLoader : public QObject
{
    Q_OBJECT

public:
    explicit TimesLoader(QObject* parent = nullptr);
    ~TimesLoader() override;

    // Answered by loaded(), unless another call comes first. Without an answer when the run cannot
    // be read: the timeline says why.
    void load(const QString& path, std::int64_t run,
              std::shared_ptr<const document::NodeIndex> nodes);
    void stop();

Q_SIGNALS:
    void loaded(const std::shared_ptr<const jitscope::views::BoxTimes>& times);

private:
    QThread m_thread;
    QObject* m_worker;
    CancelToken m_cancel;
    quint64 m_number = 0;
};

} // namespace jitscope::views
