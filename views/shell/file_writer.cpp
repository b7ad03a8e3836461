#include "views/shell/file_writer.h"

#include <QProgressDialog>
#include <QThread>

#include <optional>
#include <utility>

namespace jitscope::views {

namespace {

constexpr int progressSteps = 1000;
constexpr int progressDelay = 500; // ms; what is quicker needs no window

} // namespace

FileWriter::FileWriter(QWidget* window, QString name)
    : QObject(window), m_window(window), m_name(std::move(name))
{}

FileWriter::~FileWriter()
{
    m_cancel.cancel();
    if (m_thread != nullptr)
        m_thread->wait();
    delete m_thread;
}

void FileWriter::start(const QString& target, const QString& label, Shows shows, Work work)
{
    if (isBusy())
        return;
    m_cancel = {};
    const int steps = shows == Shows::Fraction ? progressSteps : 0; // 0: no end is known
    m_progress = new QProgressDialog(label, tr("Cancel"), 0, steps, m_window);
    m_progress->setObjectName(m_name);
    m_progress->setAutoClose(false);
    m_progress->setAutoReset(false);
    m_progress->setMinimumDuration(progressDelay);
    connect(m_progress, &QProgressDialog::canceled, this, &FileWriter::cancel);

    JobContext job;
    job.cancel = m_cancel;
    if (shows == Shows::Fraction) {
        job.onProgress = [this, last = 0](const Progress& progress) mutable {
            const int step = static_cast<int>(progress.fraction * progressSteps);
            if (std::exchange(last, step) == step)
                return;
            QMetaObject::invokeMethod(this, [this, step] {
                if (m_progress)
                    m_progress->setValue(step);
            });
        };
    } else {
        job.onProgress = [this](const Progress& progress) {
            QMetaObject::invokeMethod(
                this, [this, phase = QString::fromStdString(std::string(progress.phase))] {
                    if (m_progress && !phase.isEmpty())
                        m_progress->setLabelText(phase);
                });
        };
    }
    m_thread = QThread::create([this, job, target, work = std::move(work)] {
        const Result<void> done = work(job);
        std::optional<Error> error;
        if (!done)
            error = done.error();
        QMetaObject::invokeMethod(
            this, [this, error, target] { end(error ? &*error : nullptr, target); },
            Qt::QueuedConnection);
    });
    m_thread->setObjectName(m_name);
    m_thread->start();
}

void FileWriter::cancel()
{
    m_cancel.cancel();
}

void FileWriter::showProgress()
{
    if (m_progress)
        m_progress->show();
}

void FileWriter::end(const Error* error, const QString& target)
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
        Q_EMIT written(target);
    Q_EMIT finished();
}

} // namespace jitscope::views
