// Saves a copy of the document on a thread of its own, with a window of progress that can cancel it
// when it takes long. UI thread only.
#pragma once

#include "core/support/error.h"
#include "core/support/job.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <memory>

class QProgressDialog;
class QThread;
class QWidget;

namespace jitscope::views {

class DocumentSaver : public QObject
{
    Q_OBJECT

public:
    explicit DocumentSaver(QWidget* window);
    ~DocumentSaver() override; // cancels and waits: nothing half made is left

    // Asks where to, then saves. `title` is proposed as name, without extension.
    void askAndSave(const QString& document, const QString& title);
    // One at a time: nothing while it works.
    void save(const QString& document, const QString& target);
    [[nodiscard]] bool isBusy() const { return m_thread != nullptr; }
    void cancel();
    void showProgress(); // at once instead of when it takes long

Q_SIGNALS:
    void saved(const QString& target);
    void failed(const jitscope::Error& error); // a cancelled one too
    void finished();                           // after either

private:
    void end(const Error* error, const QString& target);

    QWidget* m_window;
    QThread* m_thread = nullptr;
    CancelToken m_cancel;
    QPointer<QProgressDialog> m_progress; // object name "saveProgress"
};

} // namespace jitscope::views
