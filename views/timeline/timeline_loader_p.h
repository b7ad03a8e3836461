// Reads recordings and computes statistics on a thread of its own, with a reader of its own.
// Answers come as signals on the thread that made it. Private to views/timeline.
#pragma once

#include "core/timeline/run_loader.h"
#include "core/timeline/run_times.h"
#include "core/timeline/statistics.h"
#include "views/timeline/occurrences_p.h"

#include <QObject>
#include <QThread>

#include <functional>
#include <memory>
#include <set>

namespace jitscope::views {

using TimelinePtr = std::shared_ptr<const timeline::RunTimeline>;
using RunTimesPtr = std::shared_ptr<const timeline::RunTimes>;
using NodeIndexPtr = std::shared_ptr<const document::NodeIndex>;

class TimelineLoader : public QObject
{
    Q_OBJECT

public:
    explicit TimelineLoader(QObject* parent = nullptr);
    ~TimelineLoader() override;

    // Reads the run of the document, a growing part at a time, each answered by loaded(). The same
    // run again reads what was added to it. Whatever was being read before is dropped.
    void load(const QString& path, std::int64_t run, NodeIndexPtr nodes);
    void stop(); // nothing more arrives; the document is closed

    // Answered by statisticsReady() and occurrencesReady(); only the newest request of each kind
    // is.
    void requestStatistics(TimelinePtr timeline, timeline::GroupBy by,
                           std::optional<timeline::TimeRange> range);
    void requestOccurrences(TimelinePtr timeline, SelectedSlices selected);

    // Answered by timesReady().
    void requestTimes(TimelinePtr timeline);

    [[nodiscard]] bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    void loaded(const jitscope::views::TimelinePtr& timeline);
    void failed(const QString& message);
    void statisticsReady(const std::shared_ptr<const jitscope::timeline::Statistics>& statistics);
    void timesReady(const jitscope::views::TimelinePtr& timeline,
                    const jitscope::views::RunTimesPtr& times);
    void occurrencesReady(const jitscope::views::TimelinePtr& timeline,
                          const std::shared_ptr<const jitscope::views::Occurrences>& occurrences);

private:
    struct Reading; // what the thread holds open
    struct Job;

    void readNext(const std::shared_ptr<Job>& job, std::size_t chunks); // on the thread
    void open(const std::shared_ptr<Job>& job);                         // on the thread
    void onThread(std::function<void()> work);
    void answer(std::function<void()> done); // from the thread

    QThread m_thread;
    QObject* m_worker;
    std::unique_ptr<Reading> m_reading; // used on the thread only
    std::shared_ptr<Job> m_job;
    quint64 m_statisticsNumber = 0;
    quint64 m_occurrencesNumber = 0;
    bool m_isBusy = false;
};

} // namespace jitscope::views
