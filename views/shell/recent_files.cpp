#include "views/shell/recent_files.h"

#include <QSettings>

namespace jitscope::views {

namespace {

constexpr int most = 12;

QString key()
{
    return QStringLiteral("recentFiles");
}

} // namespace

QStringList RecentFiles::files() const
{
    return QSettings().value(key()).toStringList();
}

void RecentFiles::add(const QString& path)
{
    QStringList all = files();
    all.removeAll(path);
    all.prepend(path);
    while (all.size() > most)
        all.removeLast();
    QSettings().setValue(key(), all);
    Q_EMIT changed();
}

void RecentFiles::clear()
{
    QSettings().remove(key());
    Q_EMIT changed();
}

} // namespace jitscope::views
