#include "views/code/background_p.h"

#include <QTextDocument>

namespace jitscope::views {

Background::Background(QObject* parent) : QObject(parent), m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("code texts"));
    m_thread.start();
}

Background::~Background()
{
    cancel();
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void Background::cancel()
{
    for (auto& [number, lane] : m_lanes) {
        lane.cancel.cancel();
        ++lane.number;
    }
}

void Background::post(int lane, Work work)
{
    Lane& place = m_lanes[lane];
    place.cancel.cancel();
    place.cancel = CancelToken();
    const quint64 number = ++place.number;
    QMetaObject::invokeMethod(
        m_worker,
        [this, lane, number, cancel = place.cancel, work = std::move(work)] {
            if (cancel.isCancelled())
                return;
            Finish finish = work(cancel);
            QMetaObject::invokeMethod(
                this,
                [this, lane, number, finish = std::move(finish)] {
                    if (m_lanes[lane].number == number && finish)
                        finish();
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void Background::dispose(std::shared_ptr<QTextDocument> document)
{
    if (!document)
        return;
    document->moveToThread(&m_thread);
    QMetaObject::invokeMethod(
        m_worker, [document = std::move(document)]() mutable { document.reset(); },
        Qt::QueuedConnection);
}

} // namespace jitscope::views
