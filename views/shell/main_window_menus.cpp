// The menus and bars of the window, and what they show of the current page.
#include "views/shell/main_window.h"

#include "views/code/code_view.h"
#include "views/find/find_panel.h"
#include "views/graph/graph_view.h"
#include "views/icons/icon.h"
#include "views/palette/command_palette.h"
#include "views/shell/document_tabs.h"
#include "views/shell/menu_actions.h"
#include "views/shell/palette_sources.h"
#include "views/timeline/timeline_view.h"
#include "views/weights/weights_view.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QSettings>
#include <QSignalBlocker>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>

namespace jitscope::views {

void MainWindow::buildMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_actions.open, m_actions.newTab});
    QMenu* recent = file->addMenu(icon(QStringLiteral("recent")), tr("Open &recent"));
    markFilledWhenOpened(*recent);
    connect(recent, &QMenu::aboutToShow, this, [this, recent] {
        recent->clear();
        const QStringList files = m_recent.files();
        for (const QString& path : files)
            recent->addAction(path, this, [this, path] { openFile(path); });
        if (!files.isEmpty())
            recent->addSeparator();
        recent->addAction(tr("&Forget these"), &m_recent, &RecentFiles::clear)
            ->setEnabled(!files.isEmpty());
    });
    file->addSeparator();
    file->addActions({m_actions.saveDocument, m_actions.exportGraph, m_actions.exportReport});
    file->addSeparator();
    file->addActions({m_actions.archive, m_actions.operatorLibraries});
    file->addSeparator();
    file->addActions({m_actions.reopen, m_actions.restore, m_actions.close, m_actions.quit});

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_actions.undo, m_actions.redo});
    edit->addSeparator();
    edit->addActions({m_actions.back, m_actions.forward});
    edit->addSeparator();
    edit->addActions({m_actions.find, m_actions.findNext, m_actions.findPrevious});
    edit->addAction(m_actions.goToModule);

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({m_actions.run, m_actions.runAgain, m_actions.cancel});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addAction(m_actions.palette);
    view->addSeparator();
    view->addActions(m_dockKeys);
    view->addAction(m_actions.resetLayout);
    view->addSeparator();
    view->addActions({m_actions.nextTab, m_actions.previousTab});
    view->addSeparator();
    QMenu* theme = view->addMenu(tr("&Theme"));
    theme->addActions({m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark});

    m_graphMenu = menuBar()->addMenu(tr("&Graph"));
    m_codeMenu = menuBar()->addMenu(tr("&Code"));
    m_timelineMenu = menuBar()->addMenu(tr("&Timeline"));
    m_weightsMenu = menuBar()->addMenu(tr("&Weights"));

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_actions.help, m_actions.keys, m_actions.about});
}

void MainWindow::fillMenusOf(DocumentPage& shown)
{
    const std::pair<QMenu*, QWidget*> menus[] = {{m_graphMenu, &shown.graph()},
                                                 {m_codeMenu, &shown.code()},
                                                 {m_timelineMenu, &shown.timeline()},
                                                 {m_weightsMenu, &shown.weights()}};
    for (const auto& [menu, view] : menus) {
        menu->clear();
        menu->addActions(view->actions());
    }
}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->toggleViewAction()->setVisible(false); // it holds what is in no other place in sight
    bar->setMovable(false);
    bar->setIconSize(QSize(20, 20));
    bar->addActions({m_actions.open, m_actions.saveDocument});
    bar->addSeparator();
    bar->addActions({m_actions.back, m_actions.forward});
    bar->addSeparator();
    bar->addActions({m_actions.undo, m_actions.redo});
    bar->addSeparator();
    bar->addAction(m_actions.run);
    if (auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(m_actions.run)))
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions({m_actions.runAgain, m_actions.cancel});
    bar->addSeparator();
    m_method = new QComboBox;
    m_method->setObjectName(QStringLiteral("methodBox"));
    m_method->setAccessibleName(tr("Method to show, optimise and run"));
    m_method->setToolTip(m_method->accessibleName());
    m_method->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    bar->addWidget(m_method);
    bar->addSeparator();
    bar->addAction(m_actions.find);
}

void MainWindow::buildStatusBar()
{
    m_status = new QLabel;
    m_status->setObjectName(QStringLiteral("statusText"));
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("progressBar"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setMaximumWidth(220);
    m_progress->setTextVisible(false);
    m_progress->hide();
    m_engineState = new QLabel;
    m_engineState->setObjectName(QStringLiteral("engineState"));
    m_cancel = new QToolButton;
    m_cancel->setDefaultAction(m_actions.cancel);
    m_cancel->setObjectName(QStringLiteral("cancelButton"));
    m_cancel->setAutoRaise(true);
    m_cancel->hide();
    statusBar()->addWidget(m_status, 1);
    statusBar()->addPermanentWidget(m_progress);
    statusBar()->addPermanentWidget(m_cancel);
    statusBar()->addPermanentWidget(m_engineState);
}

void MainWindow::buildPalette()
{
    PaletteContext context{*menuBar(), m_recent, {}, {}, {}, {}};
    context.page = [this]() -> DocumentPage& { return page(); };
    context.openFile = [this](const QString& path) { openFile(path); };
    context.showMethod = [this](const QString& module, const QString& method) {
        showMethod(module, method);
    };
    context.find = [this](const QString& text) {
        openFind(text);
        if (!text.isEmpty())
            page().find().first();
    };
    const QString key = QStringLiteral("paletteRecent");
    m_palette = new CommandPalette(paletteSources(std::move(context)), *this);
    m_palette->setRecent(QSettings().value(key).toStringList());
    connect(m_palette, &CommandPalette::recentChanged, this,
            [key](const QStringList& recent) { QSettings().setValue(key, recent); });
}

void MainWindow::updateActions()
{
    Workspace& current = workspace();
    const bool open = current.document().isOpen();
    const bool busy = current.isBusy();
    const QString nothingOpen = tr("Nothing is open.");
    const auto whenOpen = [&](QAction* action, bool available, const QString& reason) {
        setAvailable(*action, open && available, open ? reason : nothingOpen);
    };
    whenOpen(m_actions.saveDocument, true, {});
    whenOpen(m_actions.exportGraph, true, {});
    whenOpen(m_actions.exportReport, true, {});
    whenOpen(m_actions.archive, true, {});
    setAvailable(*m_actions.reopen, !current.filePath().isEmpty(), nothingOpen);
    setAvailable(*m_actions.close, open || m_tabs->count() > 1, nothingOpen);
    whenOpen(m_actions.undo, current.canUndo(), tr("This is the model as it was loaded."));
    whenOpen(m_actions.redo, current.canRedo(), tr("No stage was made from this one."));
    const QString working = tr("The engine is working.");
    const QString withoutModel = current.document().content()->withoutModel();
    for (QAction* run : {m_actions.run, m_actions.runAgain})
        whenOpen(run, !busy && withoutModel.isEmpty(), busy ? working : withoutModel);
    setAvailable(*m_actions.cancel, busy, tr("Nothing is running."));
    setAvailable(*m_actions.back, current.selection().canGoBack(),
                 tr("Nothing was selected before."));
    setAvailable(*m_actions.forward, current.selection().canGoForward(),
                 tr("Nothing was selected after this."));
    for (QAction* action :
         {m_actions.find, m_actions.findNext, m_actions.findPrevious, m_actions.goToModule})
        whenOpen(action, true, {});
    for (QAction* action : {m_actions.nextTab, m_actions.previousTab})
        setAvailable(*action, m_tabs->count() > 1, tr("There is one tab."));
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    const auto& engine = current.engine();
    switch (engine.state()) {
    case EngineClient::State::Ready:
        m_engineState->setText(
            tr("LibTorch %1").arg(QString::fromStdString(engine.description().torchVersion)));
        break;
    case EngineClient::State::Starting:
        m_engineState->setText(tr("Engine starting"));
        break;
    case EngineClient::State::Stopped:
    case EngineClient::State::Lost:
        m_engineState->setText(tr("Engine not running"));
        break;
    }
}

void MainWindow::updateStatus()
{
    const double fraction = page().progress();
    m_status->setText(page().status());
    m_progress->setRange(0, fraction < 0 ? 0 : 1000);
    m_progress->setValue(static_cast<int>(fraction * 1000));
}

void MainWindow::updateTitle()
{
    const QString file = workspace().filePath();
    setWindowTitle(file.isEmpty()
                       ? QStringLiteral("Jitscope")
                       : QFileInfo(file).fileName() + QStringLiteral(" \u2013 Jitscope"));
    setWindowFilePath(file);
}

void MainWindow::updateMethods()
{
    const QSignalBlocker quiet(m_method);
    m_method->clear();
    const auto content = workspace().document().content();
    const document::ModuleRow* root = content->moduleAt({});
    for (const document::MethodRow& method : content->methods) {
        if (root == nullptr || method.module != root->id)
            continue;
        const QString name = QString::fromStdString(method.name);
        m_method->addItem(name, QStringList{QString(), name});
    }
    if (!workspace().module().isEmpty())
        m_method->addItem(workspace().module() + QLatin1Char('.') + workspace().method(),
                          QStringList{workspace().module(), workspace().method()});
    m_method->setCurrentIndex(
        m_method->findData(QStringList{workspace().module(), workspace().method()}));
    m_method->setEnabled(m_method->count() > 1);
}

} // namespace jitscope::views
