#include "views/shell/menu_actions.h"

#include <QMenu>
#include <QMenuBar>

namespace jitscope::views {

namespace {

constexpr auto reasonProperty = "whyDisabled";
constexpr auto filledProperty = "filledWhenOpened";

QString plain(QString text)
{
    text.remove(QLatin1Char('&'));
    text.remove(QStringLiteral("\u2026"));
    text.remove(QStringLiteral(" ..."));
    return text;
}

void add(const QList<QAction*>& actions, const QStringList& menus, QList<MenuAction>& found)
{
    for (QAction* action : actions) {
        if (action->isSeparator() || !action->isVisible())
            continue;
        if (const QMenu* menu = action->menu()) {
            if (!menu->property(filledProperty).toBool())
                add(menu->actions(), menus + QStringList{plain(menu->title())}, found);
            continue;
        }
        found.append({menus, action});
    }
}

} // namespace

QString MenuAction::text() const
{
    return plain(action->text());
}

QList<MenuAction> menuActions(const QMenuBar& bar)
{
    QList<MenuAction> found;
    add(bar.actions(), {}, found);
    return found;
}

void markFilledWhenOpened(QMenu& menu)
{
    menu.setProperty(filledProperty, true);
}

void setAvailable(QAction& action, bool available, const QString& reason)
{
    action.setEnabled(available);
    action.setProperty(reasonProperty, available ? QString() : reason);
}

QString reasonOf(const QAction& action)
{
    return action.isEnabled() ? QString() : action.property(reasonProperty).toString();
}

} // namespace jitscope::views
