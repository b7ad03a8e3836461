// Writes a file on a thread of its own, with a window of progress that can cancel it when it takes
// long. UI thread only.
#pragma once

#include "core/support/error.h"
#include "core/support/job.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>

class QProgressDialog;
class QThread;
class QWidget;

namespace jitscope::views {

class FileWriter : public QObject
{
    Q_OBJECT

public:
    // `name` is that of the thread; the progress has it as object name.
    FileWriter(QWidget* window, QString name);
    ~FileWriter() override; // cancels and waits: nothing half made is left

    [[nodiscard]] bool isBusy() const { return m_thread != nullptr; }
    void cancel();
    void showProgress(); // at once instead of when it takes long

Q_SIGNALS:
    void written(const QString& target);
    void failed(const jitscope::Error& error); // a cancelled one too
    void finished();                           // after either

protected:
    using Work = std::function<Result<void>(const JobContext&)>;
    // What the progress shows of the work: how much of it is done, or what it is at.
    enum class Shows
    {
        Fraction,
        Phase
    };

    [[nodiscard]] QWidget* window() const { return m_window; }
    // One at a time: nothing while it works. `work` runs on the thread.
    void start(const QString& target, const QString& label, Shows shows, Work work);

private:
    void end(const Error* error, const QString& target);

    QWidget* m_window;
    QString m_name;
    QThread* m_thread = nullptr;
    CancelToken m_cancel;
    QPointer<QProgressDialog> m_progress;
};

} // namespace jitscope::views
