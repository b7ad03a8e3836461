// Reads how long each node of a run took, on a thread of its own with a reader of its own. Private
// to views/code.
#pragma once

#include "core/timeline/node_totals.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace jitscope::views {

class HeatLoader : public QObject
{
    Q_OBJECT

public:
    explicit HeatLoader(QObject* parent = nullptr);
    ~HeatLoader() override;

    // Answered by loaded(), unless another call comes first. Without an answer when the run cannot
    // be read: the timeline says why.
    void load(const QString& path, std::int64_t run);
    void stop();

Q_SIGNALS:
    void loaded(const std::shared_ptr<const jitscope::timeline::NodeTotals>& totals);

private:
    QThread m_thread;
    QObject* m_worker;
    CancelToken m_cancel;
    quint64 m_number = 0;
};

} // namespace jitscope::views
