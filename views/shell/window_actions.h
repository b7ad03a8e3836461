// The actions of the window, each once: menus, the tool bar, the keys page and tests use the same
// ones.
#pragma once

#include <QObject>

class QAction;
class QMainWindow;

namespace jitscope::views {

struct WindowActions
{
    // Every action is a child of `window` and added to it, with its name as object name.
    explicit WindowActions(QMainWindow& window);

    QAction* open;
    QAction* newTab;
    QAction* nextTab;
    QAction* previousTab;
    QAction* restore;
    QAction* saveDocument;
    QAction* exportGraph;
    QAction* exportReport;
    QAction* archive;
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
    QAction* find;
    QAction* findNext;
    QAction* findPrevious;
    QAction* palette;
    QAction* goToModule;
    QAction* resetLayout;
    QAction* themeSystem;
    QAction* themeLight;
    QAction* themeDark;
    QAction* help;
    QAction* keys;
    QAction* about;
};

} // namespace jitscope::views
