#include "views/shell/document_saver.h"

#include "core/document/copy.h"

#include <QFileDialog>
#include <QFileInfo>

namespace jitscope::views {

DocumentSaver::DocumentSaver(QWidget* window) : FileWriter(window, QStringLiteral("saveProgress"))
{}

void DocumentSaver::askAndSave(const QString& document, const QString& title)
{
    if (isBusy())
        return showProgress();
    const QString target = QFileDialog::getSaveFileName(window(), tr("Save document as"),
                                                        title + QStringLiteral(".jitscope"),
                                                        tr("Jitscope documents (*.jitscope)"));
    if (!target.isEmpty())
        save(document, target);
}

void DocumentSaver::save(const QString& document, const QString& target)
{
    start(target, tr("Saving %1").arg(QFileInfo(target).fileName()), Shows::Fraction,
          [from = document.toStdString(), to = target.toStdString()](const JobContext& job) {
              return document::copyDocument(from, to, job);
          });
}

} // namespace jitscope::views
