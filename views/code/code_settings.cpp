#include "views/code/code_settings_p.h"

#include <QFileInfo>
#include <QSettings>
#include <QVariantMap>

namespace jitscope::views {

namespace {

constexpr QLatin1String textsKey("code/texts");
constexpr QLatin1String sizesKey("code/paneSizes/");
constexpr QLatin1String foldersKey("code/searchFolders");
constexpr QLatin1String chosenKey("code/chosenFiles");
constexpr qsizetype mostChosen = 200;

} // namespace

ShownTexts CodeSettings::shownTexts() const
{
    const QStringList names =
        QSettings().value(textsKey, QStringLiteral("python")).toString().split(QLatin1Char(' '));
    ShownTexts texts{names.contains(QStringLiteral("python")),
                     names.contains(QStringLiteral("serialized")),
                     names.contains(QStringLiteral("ir"))};
    return texts == ShownTexts{false, false, false} ? ShownTexts{} : texts;
}

void CodeSettings::setShownTexts(ShownTexts texts)
{
    QStringList names;
    if (texts.python)
        names << QStringLiteral("python");
    if (texts.serialized)
        names << QStringLiteral("serialized");
    if (texts.ir)
        names << QStringLiteral("ir");
    QSettings().setValue(textsKey, names.join(QLatin1Char(' ')));
}

QList<int> CodeSettings::paneSizes(const QString& arrangement) const
{
    QList<int> sizes;
    for (const QVariant& size : QSettings().value(sizesKey + arrangement).toList())
        sizes << size.toInt();
    return sizes;
}

void CodeSettings::setPaneSizes(const QString& arrangement, const QList<int>& sizes)
{
    QVariantList values;
    for (const int size : sizes)
        values << size;
    QSettings().setValue(sizesKey + arrangement, values);
}

QStringList CodeSettings::searchFolders() const
{
    return QSettings().value(foldersKey).toStringList();
}

void CodeSettings::setSearchFolders(const QStringList& folders)
{
    QSettings().setValue(foldersKey, folders);
}

QString CodeSettings::chosenFile(const QString& file) const
{
    const QString path = QSettings().value(chosenKey).toMap().value(file).toString();
    return QFileInfo(path).isFile() ? path : QString();
}

void CodeSettings::setChosenFile(const QString& file, const QString& path)
{
    QVariantMap all = QSettings().value(chosenKey).toMap();
    if (path.isEmpty())
        all.remove(file);
    else if (all.size() < mostChosen || all.contains(file))
        all.insert(file, path);
    else
        all = {{file, path}};
    QSettings().setValue(chosenKey, all);
}

} // namespace jitscope::views
