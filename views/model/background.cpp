#include "views/model/background.h"

namespace jitscope::views {

Background::Background(const char* name, QObject* parent) : QObject(parent), m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QLatin1String(name));
}

Background::~Background()
{
    cancel();
    m_thread.quit();
    m_thread.wait();
    delete m_worker; // its thread has ended
}

void Background::run(std::function<void()> work)
{
    if (!m_thread.isRunning())
        m_thread.start();
    QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
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
    run([this, lane, number, cancel = place.cancel, work = std::move(work)] {
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
    });
}

void Background::dispose(std::shared_ptr<QObject> object)
{
    if (!object)
        return;
    object->moveToThread(&m_thread);
    run([object = std::move(object)]() mutable { object.reset(); });
}

} // namespace jitscope::views
