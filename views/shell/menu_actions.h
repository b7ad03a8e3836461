// The actions of a menu bar, with the menus that lead to them.
#pragma once

#include <QAction>
#include <QList>
#include <QStringList>

class QMenu;
class QMenuBar;

namespace jitscope::views {

struct MenuAction
{
    QStringList menus; // the outermost first
    QAction* action = nullptr;
    [[nodiscard]] QString text() const; // without mnemonics and dots
};

// Every action once, in the order of the menus; those of menus that are filled when they are opened
// are left out.
[[nodiscard]] QList<MenuAction> menuActions(const QMenuBar& bar);

// For such a menu.
void markFilledWhenOpened(QMenu& menu);

// Enables an action, or disables it with the reason, a sentence.
void setAvailable(QAction& action, bool available, const QString& reason);
// Why an action cannot be triggered; empty if it can or if nobody has said why.
[[nodiscard]] QString reasonOf(const QAction& action);

} // namespace jitscope::views
