#include "views/timeline/timeline_loader_p.h"

namespace jitscope::views {

namespace {

// The first picture comes after so many chunks (of up to 4096 slices), each further one after twice
// as many.
constexpr std::size_t firstChunks = 16;
constexpr std::size_t largestStep = 4096;

} // namespace

struct TimelineLoader::Job
{
    QString path;
    std::int64_t run = 0;
    NodeIndexPtr nodes;
    CancelToken cancel;
};

struct TimelineLoader::Reading
{
    QString path;
    std::int64_t run = 0;
    std::unique_ptr<document::Reader> reader;
    std::unique_ptr<timeline::RunLoader> loader;

    void close()
    {
        loader.reset();
        reader.reset();
        path.clear();
        run = 0;
    }
};

TimelineLoader::TimelineLoader(QObject* parent)
    : QObject(parent), m_worker(new QObject), m_reading(std::make_unique<Reading>())
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("timeline reader"));
    m_thread.start();
}

TimelineLoader::~TimelineLoader()
{
    if (m_job)
        m_job->cancel.cancel();
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void TimelineLoader::onThread(std::function<void()> work)
{
    QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
}

void TimelineLoader::answer(std::function<void()> done)
{
    QMetaObject::invokeMethod(this, std::move(done), Qt::QueuedConnection);
}

void TimelineLoader::load(const QString& path, std::int64_t run, NodeIndexPtr nodes)
{
    if (m_job)
        m_job->cancel.cancel();
    m_job = std::make_shared<Job>(Job{path, run, std::move(nodes), {}});
    m_isBusy = true;
    onThread([this, job = m_job] { open(job); });
}

void TimelineLoader::stop()
{
    if (m_job)
        m_job->cancel.cancel();
    m_job.reset();
    m_isBusy = false;
    ++m_statisticsNumber;
    ++m_occurrencesNumber;
    onThread([this] { m_reading->close(); });
}

void TimelineLoader::open(const std::shared_ptr<Job>& job)
{
    if (job->cancel.isCancelled())
        return;
    // A document that is made again at the same path is told by stop(), which comes before it.
    if (m_reading->path != job->path || m_reading->run != job->run || !m_reading->loader) {
        m_reading->close();
        Result<document::Reader> reader = document::Reader::open(job->path.toStdString());
        if (!reader) {
            answer([this, job, message = QString::fromStdString(reader.error().message())] {
                if (job == m_job) {
                    m_isBusy = false;
                    Q_EMIT failed(message);
                }
            });
            return;
        }
        m_reading->path = job->path;
        m_reading->run = job->run;
        m_reading->reader = std::make_unique<document::Reader>(std::move(*reader));
        m_reading->loader = std::make_unique<timeline::RunLoader>(*m_reading->reader, job->run);
    }
    readNext(job, firstChunks);
}

void TimelineLoader::readNext(const std::shared_ptr<Job>& job, std::size_t chunks)
{
    if (job->cancel.isCancelled() || !m_reading->loader)
        return;
    const Result<TimelinePtr> read = m_reading->loader->read(*job->nodes, chunks, job->cancel);
    if (!read && read.error().code == ErrorCode::Cancelled)
        return;
    if (!read)
        m_reading->close();
    answer([this, job, read] {
        if (job != m_job)
            return;
        m_isBusy = read && !(*read)->isComplete;
        if (read)
            Q_EMIT loaded(*read);
        else
            Q_EMIT failed(QString::fromStdString(read.error().message()));
    });
    // As an event of its own, so that questions asked meanwhile are answered between two steps.
    if (read && !(*read)->isComplete)
        onThread([this, job, chunks] { readNext(job, std::min(largestStep, chunks * 2)); });
}

void TimelineLoader::requestStatistics(TimelinePtr timeline, timeline::GroupBy by,
                                       std::optional<timeline::TimeRange> range)
{
    const quint64 number = ++m_statisticsNumber;
    onThread([this, number, timeline = std::move(timeline), by, range] {
        auto statistics = std::make_shared<const timeline::Statistics>(
            timeline::statisticsOf(*timeline, by, range));
        answer([this, number, statistics] {
            if (number == m_statisticsNumber)
                Q_EMIT statisticsReady(statistics);
        });
    });
}

void TimelineLoader::requestTimes(TimelinePtr timeline)
{
    onThread([this, timeline = std::move(timeline)] {
        auto times = std::make_shared<const timeline::RunTimes>(*timeline);
        answer([this, timeline, times] { Q_EMIT timesReady(timeline, times); });
    });
}

void TimelineLoader::requestOccurrences(TimelinePtr timeline, SelectedSlices selected)
{
    const quint64 number = ++m_occurrencesNumber;
    onThread([this, number, timeline = std::move(timeline), selected = std::move(selected)] {
        auto occurrences =
            std::make_shared<const Occurrences>(findOccurrences(*timeline, selected));
        answer([this, number, timeline, occurrences] {
            if (number == m_occurrencesNumber)
                Q_EMIT occurrencesReady(timeline, occurrences);
        });
    });
}

} // namespace jitscope::views
