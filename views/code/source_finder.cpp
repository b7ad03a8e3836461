#include "views/code/source_finder_p.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

namespace jitscope::views {

namespace {

// Of all folders together: an installation with everything has a tenth of it.
constexpr int mostEntries = 1'000'000;

// How many parts of the paths agree, counted from the end.
qsizetype agreement(const QStringList& a, const QString& path)
{
    const QStringList b = path.split(QLatin1Char('/'), Qt::SkipEmptyParts);
    qsizetype count = 0;
    while (count < a.size() && count < b.size() &&
           a[a.size() - 1 - count] == b[b.size() - 1 - count])
        ++count;
    return count;
}

} // namespace

QStringList SourceFinder::candidates(const QString& file, const QStringList& folders,
                                     const CancelToken& cancel)
{
    if (QFileInfo(file).isFile())
        return {file};
    if (folders.isEmpty())
        return {};
    index(folders, cancel);
    const QStringList parts =
        QDir::fromNativeSeparators(file).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    QStringList best;
    qsizetype most = 0;
    for (const QString& path : m_byName.value(parts.value(parts.size() - 1))) {
        const qsizetype agreed = agreement(parts, path);
        if (agreed > most)
            best.clear();
        if (agreed >= most)
            best << path;
        most = qMax(most, agreed);
    }
    best.sort();
    return best;
}

void SourceFinder::index(const QStringList& folders, const CancelToken& cancel)
{
    if (folders == m_folders)
        return;
    m_byName.clear();
    m_folders = folders;
    int entries = 0;
    for (const QString& folder : folders) {
        QDirIterator files(folder, {QStringLiteral("*.py")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext() && ++entries <= mostEntries) {
            files.next();
            QStringList& known = m_byName[files.fileName()];
            const QString path = files.fileInfo().canonicalFilePath();
            if (!known.contains(path))
                known << path;
            if (cancel.isCancelled())
                return forget();
        }
    }
}

} // namespace jitscope::views
