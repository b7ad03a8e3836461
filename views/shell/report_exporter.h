// Writes the report of a document, one HTML page, on a thread of its own, with a window for its
// progress. UI thread only.
#pragma once

#include "core/support/error.h"
#include "core/support/job.h"

#include <QObject>
#include <QPointer>
#include <QString>

class QProgressDialog;
class QThread;
class QWidget;

namespace jitscope::views {

class ReportExporter : public QObject
{
    Q_OBJECT

public:
    explicit ReportExporter(QWidget* window);
    ~ReportExporter() override; // cancels and waits

    // Asks for the file. Nothing is written when the user gives none. `title` is the name that is
    // proposed, without ending.
    void askAndExport(const QString& document, const QString& title);
    // A file that is there is replaced, once the page is complete.
    void write(const QString& document, const QString& target);
    [[nodiscard]] bool isBusy() const { return m_thread != nullptr; }

Q_SIGNALS:
    void written(const QString& path);
    void failed(const jitscope::Error& error); // also Cancelled

private:
    void end(const Error* error, const QString& target);

    QWidget* m_window;
    QThread* m_thread = nullptr;
    QPointer<QProgressDialog> m_progress;
    CancelToken m_cancel;
};

} // namespace jitscope::views
