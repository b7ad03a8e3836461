// What a palette offers.
#pragma once

#include <QChar>
#include <QList>
#include <QString>

#include <functional>

namespace jitscope::views {

struct PaletteItem
{
    QString id;       // the same the next time, for what was used last; empty: not remembered
    QString title;    // what is matched
    QString detail;   // in paler letters: a menu, a folder
    QString shortcut; // at the right
    bool isEnabled = true;
    QString reason; // why it is not enabled, if that is known
    std::function<void()> run;
};

// One sort of items, chosen by what the text begins with.
struct PaletteSource
{
    QString prefix; // ">", "@"; the source of an empty prefix is the one that is shown first
    QString name;   // "Modules", for the help line
    // Everything there is, for the text after the prefix. The palette matches and sorts, unless the
    // source has done so.
    std::function<QList<PaletteItem>(const QString& text)> items;
    bool isMatched = false; // the items are what matches the text, in order
};

} // namespace jitscope::views
