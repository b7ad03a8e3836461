#include "views/shell/document_saver.h"

#include "core/document/copy.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QProgressDialog>
#include <QThread>

#include <optional>
#include <utility>

namespace jitscope::views {

namespace {

constexpr int progressSteps = 1000;
constexpr int progressDelay = 500; // ms; what is quicker needs no window

} // namespace

DocumentSaver::DocumentSaver(QWidget* window) : QObject(window), m_window(window) {}

DocumentSaver::~DocumentSaver()
{
    m_cancel.cancel();
    if (m_thread != nullptr)
        m_thread->wait();
    delete m_thread;
}

void DocumentSaver::askAndSave(const QString& document, const QString& title)
{
    if (isBusy())
        return showProgress();
    const QString target = QFileDialog::getSaveFileName(m_window, tr("Save document as"),
                                                        title + QStringLiteral(".jitscope"),
                                                        tr("Jitscope documents (*.jitscope)"));
    if (!target.isEmpty())
        save(document, target);
}

void DocumentSaver::save(const QString& document, const QString& target)
{
    if (isBusy())
        return;
    m_cancel = {};
    m_progress = new QProgressDialog(tr("Saving %1").arg(QFileInfo(target).fileName()),
                                     tr("Cancel"), 0, progressSteps, m_window);
    m_progress->setObjectName(QStringLiteral("saveProgress"));
    m_progress->setAutoClose(false);
    m_progress->setAutoReset(false);
    m_progress->setMinimumDuration(progressDelay);
    connect(m_progress, &QProgressDialog::canceled, this, &DocumentSaver::cancel);

    JobContext job;
    job.cancel = m_cancel;
    job.onProgress = [this, last = 0](const Progress& progress) mutable {
        const int step = static_cast<int>(progress.fraction * progressSteps);
        if (std::exchange(last, step) == step)
            return;
        QMetaObject::invokeMethod(this, [this, step] {
            if (m_progress)
                m_progress->setValue(step);
        });
    };
    m_thread = QThread::create([this, job, document, target] {
        const Result<void> copied =
            document::copyDocument(document.toStdString(), target.toStdString(), job);
        std::optional<Error> error;
        if (!copied)
            error = copied.error();
        QMetaObject::invokeMethod(
            this, [this, error, target] { end(error ? &*error : nullptr, target); },
            Qt::QueuedConnection);
    });
    m_thread->setObjectName(QStringLiteral("document saver"));
    m_thread->start();
}

void DocumentSaver::cancel()
{
    m_cancel.cancel();
}

void DocumentSaver::showProgress()
{
    if (m_progress)
        m_progress->show();
}

void DocumentSaver::end(const Error* error, const QString& target)
{
    m_thread->wait(); // it has nothing left to do
    delete std::exchange(m_thread, nullptr);
    if (m_progress) {
        m_progress->disconnect(this);
        delete m_progress;
    }
    if (error != nullptr)
        Q_EMIT failed(*error);
    else
        Q_EMIT saved(target);
    Q_EMIT finished();
}

} // namespace jitscope::views
