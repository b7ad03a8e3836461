#include "views/shell/report_exporter.h"

#include "core/document/reader.h"
#include "core/report/report.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QProgressDialog>
#include <QSaveFile>
#include <QThread>
#include <QTimeZone>

#include <optional>
#include <utility>

namespace jitscope::views {

namespace {

constexpr int progressDelay = 500; // ms; what is quicker needs no window

Result<std::string> pageOf(const QString& document, const std::string& madeAt,
                           const JobContext& job)
{
    const Result<document::Reader> reader = document::Reader::open(document.toStdString());
    if (!reader)
        return tl::unexpected(reader.error());
    report::Source source = report::sourceOf(*reader);
    source.madeAt = madeAt;
    return report::html(source, job);
}

std::optional<Error> save(const std::string& page, const QString& target)
{
    QSaveFile file(target);
    const auto size = static_cast<qint64>(page.size());
    if (file.open(QIODevice::WriteOnly) && file.write(page.data(), size) == size && file.commit())
        return {};
    return Error{ErrorCode::UnusableFile,
                 ReportExporter::tr("The report cannot be written: %1.")
                     .arg(file.errorString())
                     .toStdString(),
                 target.toStdString(),
                 ReportExporter::tr("Choose a folder that exists, has room and may be written.")
                     .toStdString()};
}

} // namespace

ReportExporter::ReportExporter(QWidget* window) : QObject(window), m_window(window) {}

ReportExporter::~ReportExporter()
{
    m_cancel.cancel();
    if (m_thread != nullptr)
        m_thread->wait();
    delete m_thread;
}

void ReportExporter::askAndExport(const QString& document, const QString& title)
{
    if (isBusy()) {
        if (m_progress)
            m_progress->show();
        return;
    }
    const QString target =
        QFileDialog::getSaveFileName(m_window, tr("Export report"), title + QStringLiteral(".html"),
                                     tr("Web pages (*.html *.htm)"));
    if (!target.isEmpty())
        write(document, target);
}

void ReportExporter::write(const QString& document, const QString& target)
{
    if (isBusy())
        return;
    m_cancel = {};
    m_progress = new QProgressDialog(tr("Writing %1").arg(QFileInfo(target).fileName()),
                                     tr("Cancel"), 0, 0, m_window);
    m_progress->setObjectName(QStringLiteral("reportProgress"));
    m_progress->setAutoClose(false);
    m_progress->setAutoReset(false);
    m_progress->setMinimumDuration(progressDelay);
    connect(m_progress, &QProgressDialog::canceled, this, [this] { m_cancel.cancel(); });

    JobContext job;
    job.cancel = m_cancel;
    job.onProgress = [this](const Progress& progress) {
        QMetaObject::invokeMethod(
            this, [this, phase = QString::fromStdString(std::string(progress.phase))] {
                if (m_progress && !phase.isEmpty())
                    m_progress->setLabelText(phase);
            });
    };
    const std::string madeAt = QDateTime::currentDateTimeUtc()
                                   .toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'"))
                                   .toStdString();
    m_thread = QThread::create([this, job, document, target, madeAt] {
        const Result<std::string> page = pageOf(document, madeAt, job);
        std::optional<Error> error;
        if (!page)
            error = page.error();
        else if (job.isCancelled())
            error = Error{ErrorCode::Cancelled, "Cancelled.", {}, {}};
        else
            error = save(*page, target);
        QMetaObject::invokeMethod(
            this, [this, error, target] { end(error ? &*error : nullptr, target); },
            Qt::QueuedConnection);
    });
    m_thread->setObjectName(QStringLiteral("report exporter"));
    m_thread->start();
}

void ReportExporter::end(const Error* error, const QString& target)
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
}

} // namespace jitscope::views
