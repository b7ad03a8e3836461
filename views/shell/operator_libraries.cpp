#include "views/shell/operator_libraries.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSettings>

namespace jitscope::views {

namespace {

QString key()
{
    return QStringLiteral("operatorLibraries");
}

} // namespace

QStringList OperatorLibraries::files() const
{
    return QSettings().value(key()).toStringList();
}

void OperatorLibraries::set(const QStringList& files)
{
    if (files == this->files())
        return;
    QSettings().setValue(key(), files);
    Q_EMIT changed();
}

bool concernsOperatorLibraries(const Error& error)
{
    // The engine's errors have no finer code than the text; all of them use these words.
    return QString::fromStdString(error.message())
        .contains(QStringLiteral("operator library"), Qt::CaseInsensitive);
}

QStringList librariesOf(const std::string& fact)
{
    QStringList files;
    const QJsonArray list = QJsonDocument::fromJson(QByteArray::fromStdString(fact)).array();
    for (const auto& value : list) {
        if (value.isString())
            files.append(value.toString());
    }
    return files;
}

} // namespace jitscope::views
