#include "views/shell/window_actions.h"

#include "views/icons/icon.h"

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>

namespace jitscope::views {

namespace {

QAction* make(QMainWindow& window, const char* name, const QString& text, const char* iconName,
              const QKeySequence& shortcut = {})
{
    auto* action = new QAction(text, &window);
    action->setObjectName(QLatin1String(name));
    if (*iconName != 0)
        action->setIcon(icon(QLatin1String(iconName)));
    action->setShortcut(shortcut);
    if (!shortcut.isEmpty()) {
        action->setToolTip(QStringLiteral("%1 (%2)").arg(
            action->text().remove(QLatin1Char('&')).remove(QStringLiteral("\u2026")),
            shortcut.toString(QKeySequence::NativeText)));
    }
    window.addAction(action);
    return action;
}

QString tr(const char* text)
{
    return QObject::tr(text);
}

} // namespace

WindowActions::WindowActions(QMainWindow& window)
    : open(make(window, "actionOpen", tr("&Open\u2026"), "open", QKeySequence::Open)),
      newTab(
          make(window, "actionNewTab", tr("&New tab"), "", QKeySequence(QStringLiteral("Ctrl+T")))),
      nextTab(make(window, "actionNextTab", tr("Next &tab"), "",
                   QKeySequence(QStringLiteral("Ctrl+Tab")))),
      previousTab(make(window, "actionPreviousTab", tr("Pre&vious tab"), "",
                       QKeySequence(QStringLiteral("Ctrl+Shift+Tab")))),
      restore(make(window, "actionRestore", tr("Open these again at the next &start"), "",
                   QKeySequence(QStringLiteral("Ctrl+Alt+O")))),
      saveDocument(make(window, "actionSaveDocument", tr("&Save document as\u2026"), "save",
                        QKeySequence(QStringLiteral("Ctrl+Shift+S")))),
      exportGraph(make(window, "actionExportGraph", tr("&Export graph\u2026"), "export",
                       QKeySequence(QStringLiteral("Ctrl+E")))),
      exportReport(make(window, "actionExportReport", tr("Export re&port\u2026"), "",
                        QKeySequence(QStringLiteral("Ctrl+Alt+R")))),
      archive(make(window, "actionArchive", tr("&Archive\u2026"), "",
                   QKeySequence(QStringLiteral("Ctrl+Shift+A")))),
      operatorLibraries(make(window, "actionOperatorLibraries", tr("Operator &libraries\u2026"), "",
                             QKeySequence(QStringLiteral("Ctrl+Shift+L")))),
      reopen(make(window, "actionReopen", tr("Open a&gain"), "",
                  QKeySequence(QStringLiteral("Ctrl+Shift+O")))),
      close(make(window, "actionClose", tr("&Close"), "", QKeySequence(QStringLiteral("Ctrl+W")))),
      quit(make(window, "actionQuit", tr("&Quit"), "quit", QKeySequence(QStringLiteral("Ctrl+Q")))),
      undo(make(window, "actionUndo", tr("&Undo pass"), "undo", QKeySequence::Undo)),
      redo(make(window, "actionRedo", tr("&Redo pass"), "redo",
                QKeySequence(QStringLiteral("Ctrl+Shift+Z")))),
      run(make(window, "actionRun", tr("&Run\u2026"), "run",
               QKeySequence(QStringLiteral("Ctrl+R")))),
      runAgain(make(window, "actionRunAgain", tr("Run &again"), "run-again",
                    QKeySequence(QStringLiteral("F5")))),
      cancel(make(window, "actionCancel", tr("&Cancel"), "cancel",
                  QKeySequence(QStringLiteral("Ctrl+.")))),
      back(make(window, "actionBack", tr("&Back"), "back",
                QKeySequence(QStringLiteral("Alt+Left")))),
      forward(make(window, "actionForward", tr("&Forward"), "forward",
                   QKeySequence(QStringLiteral("Alt+Right")))),
      find(make(window, "actionFind", tr("&Find\u2026"), "find", QKeySequence::Find)),
      findNext(
          make(window, "actionFindNext", tr("Find ne&xt"), "", QKeySequence(QStringLiteral("F3")))),
      findPrevious(make(window, "actionFindPrevious", tr("Find pre&vious"), "",
                        QKeySequence(QStringLiteral("Shift+F3")))),
      palette(make(window, "actionPalette", tr("&Commands\u2026"), "",
                   QKeySequence(QStringLiteral("Ctrl+Shift+P")))),
      goToModule(make(window, "actionGoToModule", tr("Go to &module\u2026"), "module",
                      QKeySequence(QStringLiteral("Ctrl+Shift+M")))),
      resetLayout(make(window, "actionResetLayout", tr("&Reset layout"), "layout-reset",
                       QKeySequence(QStringLiteral("Ctrl+0")))),
      themeSystem(make(window, "actionThemeSystem", tr("&System"), "",
                       QKeySequence(QStringLiteral("Ctrl+Alt+S")))),
      themeLight(make(window, "actionThemeLight", tr("&Light"), "theme-light",
                      QKeySequence(QStringLiteral("Ctrl+Alt+L")))),
      themeDark(make(window, "actionThemeDark", tr("&Dark"), "theme-dark",
                     QKeySequence(QStringLiteral("Ctrl+Alt+D")))),
      help(make(window, "actionHelp", tr("&How to use Jitscope"), "help",
                QKeySequence(QStringLiteral("F1")))),
      keys(make(window, "actionKeys", tr("&Keys"), "", QKeySequence(QStringLiteral("?")))),
      about(make(window, "actionAbout", tr("&About Jitscope"), "about",
                 QKeySequence(QStringLiteral("Ctrl+F1"))))
{
    // Enabled only while something runs; a find bar that is open keeps Esc for itself.
    cancel->setShortcuts({cancel->shortcut(), QKeySequence(Qt::Key_Escape)});
    nextTab->setShortcuts({nextTab->shortcut(), QKeySequence(QStringLiteral("Ctrl+PgDown"))});
    previousTab->setShortcuts({previousTab->shortcut(), QKeySequence(QStringLiteral("Ctrl+PgUp"))});
    restore->setCheckable(true);
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
    auto* themes = new QActionGroup(&window);
    for (QAction* theme : {themeSystem, themeLight, themeDark}) {
        theme->setCheckable(true);
        themes->addAction(theme);
    }
}

} // namespace jitscope::views
