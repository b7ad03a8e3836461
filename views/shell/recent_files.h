// The files that were opened last, newest first, kept in the settings.
#pragma once

#include <QObject>
#include <QStringList>

namespace jitscope::views {

class RecentFiles : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] QStringList files() const;
    void add(const QString& path);
    void clear();

Q_SIGNALS:
    void changed();
};

} // namespace jitscope::views
