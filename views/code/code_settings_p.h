// What the code view remembers from one start to the next. Private to views/code. UI thread only.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace jitscope::views {

// Which texts stand beside each other.
struct ShownTexts
{
    bool python = true;
    bool serialized = false;
    bool ir = false;
    friend bool operator==(const ShownTexts&, const ShownTexts&) = default;
};

class CodeSettings
{
public:
    [[nodiscard]] ShownTexts shownTexts() const;
    void setShownTexts(ShownTexts texts);

    // The sizes of the panes, in pixels, for an arrangement of them; empty when they were never
    // changed.
    [[nodiscard]] QList<int> paneSizes(const QString& arrangement) const;
    void setPaneSizes(const QString& arrangement, const QList<int>& sizes);

    // In which Python files are looked for that are not where they were.
    [[nodiscard]] QStringList searchFolders() const;
    void setSearchFolders(const QStringList& folders);

    // The file that the user chose for one that a model names; empty for none. It is forgotten when
    // it is gone.
    [[nodiscard]] QString chosenFile(const QString& file) const;
    void setChosenFile(const QString& file, const QString& path);
};

} // namespace jitscope::views
