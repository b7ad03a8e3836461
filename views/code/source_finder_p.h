// Where a Python file is that the model was made from. Private to views/code. Belongs to the thread
// that reads texts.
#pragma once

#include "core/support/job.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace jitscope::views {

class SourceFinder
{
public:
    // The file itself if it is where it was; else the Python files below the folders that agree
    // with the longest end of its path: more than one when they agree equally.
    [[nodiscard]] QStringList candidates(const QString& file, const QStringList& folders,
                                         const CancelToken& cancel);
    // The next call looks at the folders anew.
    void forget() { m_folders.clear(); }

private:
    void index(const QStringList& folders, const CancelToken& cancel);

    QStringList m_folders; // of m_byName
    QHash<QString, QStringList> m_byName;
};

} // namespace jitscope::views
