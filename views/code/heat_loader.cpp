#include "views/code/heat_loader_p.h"

namespace jitscope::views {

HeatLoader::HeatLoader(QObject* parent) : QObject(parent), m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("heat reader"));
    m_thread.start();
}

HeatLoader::~HeatLoader()
{
    m_cancel.cancel();
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void HeatLoader::stop()
{
    m_cancel.cancel();
    ++m_number;
}

void HeatLoader::load(const QString& path, std::int64_t run)
{
    stop();
    m_cancel = CancelToken();
    QMetaObject::invokeMethod(
        m_worker,
        [this, path, run, cancel = m_cancel, number = m_number] {
            if (cancel.isCancelled())
                return;
            const Result<document::Reader> reader = document::Reader::open(path.toStdString());
            if (!reader)
                return;
            Result<timeline::NodeTotals> totals = timeline::nodeTotals(*reader, run, cancel);
            if (!totals)
                return;
            auto shared = std::make_shared<const timeline::NodeTotals>(std::move(*totals));
            QMetaObject::invokeMethod(
                this,
                [this, number, shared] {
                    if (number == m_number)
                        Q_EMIT loaded(shared);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

} // namespace jitscope::views
