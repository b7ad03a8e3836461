#include "views/graph/times_loader_p.h"

namespace jitscope::views {

TimesLoader::TimesLoader(QObject* parent) : QObject(parent), m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("graph times"));
    m_thread.start();
}

TimesLoader::~TimesLoader()
{
    m_cancel.cancel();
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void TimesLoader::stop()
{
    m_cancel.cancel();
    ++m_number;
}

void TimesLoader::load(const QString& path, std::int64_t run,
                       std::shared_ptr<const document::NodeIndex> nodes)
{
    stop();
    m_cancel = CancelToken();
    QMetaObject::invokeMethod(
        m_worker,
        [this, path, run, nodes = std::move(nodes), cancel = m_cancel, number = m_number] {
            if (cancel.isCancelled())
                return;
            const Result<document::Reader> reader = document::Reader::open(path.toStdString());
            if (!reader)
                return;
            const Result<timeline::NodeTotals> totals = timeline::nodeTotals(*reader, run, cancel);
            if (!totals)
                return;
            auto times = std::make_shared<const BoxTimes>(*totals, *nodes);
            QMetaObject::invokeMethod(
                this,
                [this, number, times] {
                    if (number == m_number)
                        Q_EMIT loaded(times);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

} // namespace jitscope::views
