// The actions of the window, each once: menus, the tool bar, the keys page and tests use the same
// ones.
#pragma once

#include <QObject>

class QAction;
class QKeySequence;
class QMainWindow;
class QMenu;

namespace jitscope::views {

struct WindowActions
{
    // Every action is a child of `window` and added to it, with its name as object name.
    explicit WindowActions(QMainWindow& window);

    QAction* open;
    QAction* saveDocument;
    QAction* exportGraph;
    QAction* operatorLibraries;
    QAction* reopen;
    QAction* close;
    QAction* quit;
    QAction* undo;
    QAction* redo;
    QAction* run;
    QAction* runAgain;
    QAction* cancel;
    QAction* back;
    QAction* forward;
    QAction* resetLayout;
    QAction* themeSystem;
    QAction* themeLight;
    QAction* themeDark;
    QAction* keys;
    QAction* about;
};

// A table of all actions of the window that have a shortcut, for reading.
void showKeys(QMainWindow& window);

} // namespace jitscope::views
