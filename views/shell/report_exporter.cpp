#include "views/shell/report_exporter.h"

#include "core/document/reader.h"
#include "core/report/report.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>
#include <QTimeZone>

namespace jitscope::views {

namespace {

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

Result<void> save(const std::string& page, const QString& target)
{
    QSaveFile file(target);
    const auto size = static_cast<qint64>(page.size());
    if (file.open(QIODevice::WriteOnly) && file.write(page.data(), size) == size && file.commit())
        return {};
    return fail(ErrorCode::UnusableFile,
                ReportExporter::tr("The report cannot be written: %1.")
                    .arg(file.errorString())
                    .toStdString(),
                target.toStdString(),
                ReportExporter::tr("Choose a folder that exists, has room and may be written.")
                    .toStdString());
}

} // namespace

ReportExporter::ReportExporter(QWidget* window)
    : FileWriter(window, QStringLiteral("reportProgress"))
{}

void ReportExporter::askAndExport(const QString& document, const QString& title)
{
    if (isBusy())
        return showProgress();
    const QString target =
        QFileDialog::getSaveFileName(window(), tr("Export report"), title + QStringLiteral(".html"),
                                     tr("Web pages (*.html *.htm)"));
    if (!target.isEmpty())
        write(document, target);
}

void ReportExporter::write(const QString& document, const QString& target)
{
    const std::string madeAt = QDateTime::currentDateTimeUtc()
                                   .toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'"))
                                   .toStdString();
    start(target, tr("Writing %1").arg(QFileInfo(target).fileName()), Shows::Phase,
          [document, target, madeAt](const JobContext& job) -> Result<void> {
              const Result<std::string> page = pageOf(document, madeAt, job);
              if (!page)
                  return tl::unexpected(page.error());
              if (job.isCancelled())
                  return cancelled();
              return save(*page, target);
          });
}

} // namespace jitscope::views
