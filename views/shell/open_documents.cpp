#include "views/shell/open_documents.h"

#include <QFileInfo>
#include <QSettings>

namespace jitscope::views {

namespace {

QString filesKey()
{
    return QStringLiteral("openDocuments");
}

QString currentKey()
{
    return QStringLiteral("openDocument");
}

QString wantedKey()
{
    return QStringLiteral("restoreDocuments");
}

} // namespace

void rememberOpenDocuments(const OpenDocuments& documents)
{
    QSettings settings;
    settings.setValue(filesKey(), documents.files);
    settings.setValue(currentKey(), documents.current);
}

OpenDocuments takeOpenDocuments()
{
    QSettings settings;
    OpenDocuments documents;
    for (const QString& file : settings.value(filesKey()).toStringList()) {
        if (QFileInfo::exists(file))
            documents.files << file;
    }
    documents.current = settings.value(currentKey()).toString();
    settings.remove(filesKey());
    settings.remove(currentKey());
    settings.sync();
    return documents;
}

bool restoresDocuments()
{
    return QSettings().value(wantedKey(), true).toBool();
}

void setRestoresDocuments(bool on)
{
    QSettings().setValue(wantedKey(), on);
}

} // namespace jitscope::views
