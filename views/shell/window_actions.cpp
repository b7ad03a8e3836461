#include "views/shell/window_actions.h"

#include "views/icons/icon.h"

#include <QAction>
#include <QActionGroup>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QMainWindow>
#include <QTableWidget>
#include <QVBoxLayout>

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
      saveDocument(make(window, "actionSaveDocument", tr("&Save document as\u2026"), "save",
                        QKeySequence::SaveAs)),
      exportGraph(make(window, "actionExportGraph", tr("&Export graph\u2026"), "export",
                       QKeySequence(QStringLiteral("Ctrl+E")))),
      operatorLibraries(make(window, "actionOperatorLibraries", tr("Operator &libraries\u2026"), "",
                             QKeySequence(QStringLiteral("Ctrl+Shift+L")))),
      reopen(make(window, "actionReopen", tr("Open a&gain"), "",
                  QKeySequence(QStringLiteral("Ctrl+Shift+O")))),
      close(make(window, "actionClose", tr("&Close"), "", QKeySequence::Close)),
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
      resetLayout(make(window, "actionResetLayout", tr("&Reset layout"), "")),
      themeSystem(make(window, "actionThemeSystem", tr("&System"), "")),
      themeLight(make(window, "actionThemeLight", tr("&Light"), "theme-light")),
      themeDark(make(window, "actionThemeDark", tr("&Dark"), "theme-dark")),
      keys(make(window, "actionKeys", tr("&Keys"), "help", QKeySequence(QStringLiteral("?")))),
      about(make(window, "actionAbout", tr("&About Jitscope"), "about"))
{
    // Enabled only while something runs; a find bar that is open keeps Esc for itself.
    cancel->setShortcuts({cancel->shortcut(), QKeySequence(Qt::Key_Escape)});
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
    auto* themes = new QActionGroup(&window);
    for (QAction* theme : {themeSystem, themeLight, themeDark}) {
        theme->setCheckable(true);
        themes->addAction(theme);
    }
}

void showKeys(QMainWindow& window)
{
    QDialog dialog(&window);
    dialog.setObjectName(QStringLiteral("keysDialog"));
    dialog.setWindowTitle(tr("Keys"));
    auto* table = new QTableWidget(0, 2);
    table->setHorizontalHeaderLabels({tr("Action"), tr("Keys")});
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    const QList<QAction*> actions = window.findChildren<QAction*>();
    for (const QAction* action : actions) {
        if (action->shortcut().isEmpty() || action->text().isEmpty())
            continue;
        const int row = table->rowCount();
        table->insertRow(row);
        QString text = action->text();
        table->setItem(row, 0, new QTableWidgetItem(text.remove(QLatin1Char('&'))));
        table->setItem(row, 1,
                       new QTableWidgetItem(QKeySequence::listToString(action->shortcuts(),
                                                                       QKeySequence::NativeText)));
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(&dialog);
    layout->addWidget(table);
    layout->addWidget(buttons);
    dialog.resize(dialog.fontMetrics().averageCharWidth() * 70, dialog.fontMetrics().height() * 30);
    dialog.exec();
}

} // namespace jitscope::views
