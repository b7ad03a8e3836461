#include "views/shell/main_window.h"

#include "views/code/code_view.h"
#include "views/graph/graph_view.h"
#include "views/icons/icon.h"
#include "views/passes/passes_panel.h"
#include "views/passes/run_dialog.h"
#include "views/shell/document_saver.h"
#include "views/shell/log_panel.h"
#include "views/shell/message_bar.h"
#include "views/shell/module_tree.h"
#include "views/shell/operator_libraries_dialog.h"
#include "views/shell/properties_panel.h"
#include "views/shell/start_page.h"
#include "views/shell/theme.h"
#include "views/timeline/timeline_view.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QSettings>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

namespace {

constexpr int layoutVersion =
    1; // raise it when docks change, so that an old layout is not restored

} // namespace

MainWindow::MainWindow(Workspace& workspace, const QString& samples, QWidget* parent)
    : QMainWindow(parent), m_workspace(workspace), m_actions(*this)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setWindowIcon(icon(QStringLiteral("jitscope")));
    resize(1600, 1000);
    buildViews(samples);
    arrangeDocks();
    buildMenus();
    buildToolBar();
    buildStatusBar();
    connectWorkspace();
    connectActions();
    m_firstLayout = saveState(layoutVersion);
    restoreLayout();
    showDocks(false);
    updateTitle();
    updateActions();
}

MainWindow::~MainWindow()
{
    // The workspace outlives the window, which must not be told any more while its views go.
    m_workspace.disconnect(this);
    m_workspace.document().disconnect(this);
    m_workspace.selection().disconnect(this);
    m_workspace.engine().disconnect(this);
}

void MainWindow::openFile(const QString& path)
{
    m_message->hide();
    m_workspace.openFile(path);
}

void MainWindow::buildViews(const QString& samples)
{
    DocumentModel& document = m_workspace.document();
    Selection& selection = m_workspace.selection();
    m_message = new MessageBar;
    m_graph = new GraphView(document, selection);
    m_code = new CodeView(document, selection);
    m_timeline = new TimelineView(document, selection);
    m_passes = new PassesPanel(document);
    m_properties = new PropertiesPanel(document, selection);
    m_log = new LogPanel;
    m_saver = new DocumentSaver(this);
    auto* start = new StartPage(m_recent, samples);
    connect(start, &StartPage::openRequested, this, &MainWindow::askForFile);
    connect(start, &StartPage::fileChosen, this, &MainWindow::openFile);
    m_pages = new QStackedWidget;
    m_pages->addWidget(start);
    m_pages->addWidget(m_graph);

    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_pages);
    setCentralWidget(centre);

    m_moduleDock = addDock(QStringLiteral("moduleDock"), tr("Modules"),
                           new ModuleTree(document, selection), Qt::LeftDockWidgetArea);
    m_propertiesDock = addDock(QStringLiteral("propertiesDock"), tr("Properties"), m_properties,
                               Qt::LeftDockWidgetArea);
    m_passesDock = addDock(QStringLiteral("passesDock"), tr("Stages and passes"), m_passes,
                           Qt::RightDockWidgetArea);
    m_codeDock = addDock(QStringLiteral("codeDock"), tr("Code"), m_code, Qt::RightDockWidgetArea);
    m_timelineDock = addDock(QStringLiteral("timelineDock"), tr("Timeline"), m_timeline,
                             Qt::BottomDockWidgetArea);
    m_logDock = addDock(QStringLiteral("logDock"), tr("Log"), m_log, Qt::BottomDockWidgetArea);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* view,
                                 Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title);
    dock->setObjectName(name);
    dock->setWidget(view);
    addDockWidget(area, dock);
    m_docks.append(dock);
    return dock;
}

// Beside the start page they would be empty boxes.
void MainWindow::showDocks(bool shown)
{
    if (shown == m_layout.isEmpty())
        return;
    if (shown) {
        restoreState(std::exchange(m_layout, {}), layoutVersion);
        return;
    }
    m_layout = saveState(layoutVersion);
    for (QDockWidget* dock : m_docks)
        dock->hide();
}

void MainWindow::arrangeDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    tabifyDockWidget(m_timelineDock, m_logDock);
    tabifyDockWidget(m_passesDock, m_codeDock);
    m_timelineDock->raise();
    m_passesDock->raise();
    resizeDocks({m_moduleDock, m_passesDock}, {330, 400}, Qt::Horizontal);
    resizeDocks({m_moduleDock, m_propertiesDock}, {300, 320}, Qt::Vertical);
    resizeDocks({m_timelineDock}, {320}, Qt::Vertical);
}

void MainWindow::buildMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(m_actions.open);
    QMenu* recent = file->addMenu(icon(QStringLiteral("recent")), tr("Open &recent"));
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
    file->addActions({m_actions.saveDocument, m_actions.exportGraph});
    file->addSeparator();
    file->addAction(m_actions.operatorLibraries);
    file->addSeparator();
    file->addActions({m_actions.reopen, m_actions.close, m_actions.quit});

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_actions.undo, m_actions.redo});
    edit->addSeparator();
    edit->addActions({m_actions.back, m_actions.forward});
    edit->addSeparator();
    edit->addActions(m_code->actions());

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({m_actions.run, m_actions.runAgain, m_actions.cancel});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (QDockWidget* dock :
         {m_moduleDock, m_propertiesDock, m_passesDock, m_codeDock, m_timelineDock, m_logDock})
        view->addAction(dock->toggleViewAction());
    view->addAction(m_actions.resetLayout);
    view->addSeparator();
    QMenu* theme = view->addMenu(tr("&Theme"));
    theme->addActions({m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark});

    menuBar()->addMenu(tr("&Graph"))->addActions(m_graph->actions());
    menuBar()->addMenu(tr("&Timeline"))->addActions(m_timeline->actions());

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_actions.keys, m_actions.about});
}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
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

void MainWindow::connectWorkspace()
{
    DocumentModel& document = m_workspace.document();
    connect(&m_workspace, &Workspace::fileChanged, this, &MainWindow::updateTitle);
    connect(&m_workspace, &Workspace::busyChanged, this, &MainWindow::updateActions);
    connect(&m_workspace, &Workspace::progress, this,
            [this](const QString& phase, double fraction) {
                m_status->setText(m_workspace.activity().isEmpty()
                                      ? phase
                                      : m_workspace.activity() + QStringLiteral(": ") + phase);
                m_progress->setRange(0, fraction < 0 ? 0 : 1000);
                m_progress->setValue(static_cast<int>(fraction * 1000));
            });
    connect(&m_workspace, &Workspace::failed, this, [this](const Error& error) {
        m_message->showError(error, concernsOperatorLibraries(error) ? m_actions.operatorLibraries
                                                                     : nullptr);
        m_log->add(QStringLiteral("error"), QString::fromStdString(error.message()));
    });
    connect(&m_workspace, &Workspace::notice, this, [this](const QString& text) {
        m_message->showNotice(text);
        m_log->add(QStringLiteral("info"), text);
    });
    connect(&m_workspace, &Workspace::librariesMissing, this, [this](const QString& text) {
        m_message->showNotice(text, m_actions.operatorLibraries);
        m_log->add(QStringLiteral("warning"), text);
    });
    m_workspace.setOperatorLibraries(m_libraries.files());
    connect(&m_libraries, &OperatorLibraries::changed, this, [this] {
        m_workspace.setOperatorLibraries(m_libraries.files());
        if (m_workspace.document().isOpen())
            m_message->showNotice(tr("The operator libraries have changed. Open the file again to "
                                     "use them."),
                                  m_actions.reopen);
    });
    connect(m_timeline, &TimelineView::timesChanged, m_properties, &PropertiesPanel::setTimes);
    connect(m_saver, &DocumentSaver::saved, this,
            [this](const QString& path) { m_message->showNotice(tr("Saved as %1.").arg(path)); });
    connect(m_saver, &DocumentSaver::failed, this, [this](const Error& error) {
        if (error.code == ErrorCode::Cancelled)
            m_message->showNotice(tr("Saving was cancelled. Nothing was changed."));
        else
            m_message->showError(error);
    });
    connect(&m_workspace, &Workspace::passesChanged, m_passes, &PassesPanel::setPasses);
    connect(&m_workspace, &Workspace::modelNeeded, this, &MainWindow::askForModel);
    connect(&m_workspace, &Workspace::methodChanged, this, &MainWindow::updateMethods);
    connect(&m_workspace.engine(), &EngineClient::logged, m_log, &LogPanel::add);
    connect(&m_workspace.engine(), &EngineClient::stateChanged, this, &MainWindow::updateActions);
    connect(&document, &DocumentModel::opened, this, [this] {
        m_recent.add(m_workspace.filePath());
        showDocks(true);
        m_pages->setCurrentWidget(m_graph);
        m_graph->setFocus();
        updateMethods();
        updateActions();
    });
    connect(&document, &DocumentModel::closed, this, [this] {
        m_pages->setCurrentIndex(0);
        showDocks(false);
        updateMethods();
        updateActions();
    });
    connect(&document, &DocumentModel::changed, this, &MainWindow::updateActions);
    connect(&document, &DocumentModel::currentStageChanged, this, &MainWindow::updateActions);
    connect(&document, &DocumentModel::currentRunChanged, this, [this](std::int64_t run) {
        if (run != 0) {
            m_timelineDock->show();
            m_timelineDock->raise();
        }
    });
    connect(&m_workspace.selection(), &Selection::changed, this, &MainWindow::updateActions);
    connect(m_passes, &PassesPanel::applyRequested, &m_workspace, &Workspace::applyPass);
    connect(m_graph, &GraphView::showInCodeRequested, this, [this] {
        m_codeDock->show();
        m_codeDock->raise();
    });
    connect(m_graph, &GraphView::statusMessage, m_status, &QLabel::setText);
    connect(m_code, &CodeView::statusMessage, m_status, &QLabel::setText);
    connect(m_timeline, &TimelineView::statusMessage, m_status, &QLabel::setText);
}

void MainWindow::connectActions()
{
    connect(m_actions.open, &QAction::triggered, this, &MainWindow::askForFile);
    connect(m_actions.saveDocument, &QAction::triggered, this, [this] {
        m_saver->askAndSave(m_workspace.document().path(),
                            QFileInfo(m_workspace.filePath()).completeBaseName());
    });
    connect(m_actions.operatorLibraries, &QAction::triggered, this, &MainWindow::askForLibraries);
    connect(m_actions.reopen, &QAction::triggered, this,
            [this] { openFile(m_workspace.filePath()); });
    connect(m_actions.exportGraph, &QAction::triggered, m_graph, &GraphView::showExportDialog);
    connect(m_actions.close, &QAction::triggered, &m_workspace, &Workspace::closeFile);
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.undo, &QAction::triggered, &m_workspace, &Workspace::undo);
    connect(m_actions.redo, &QAction::triggered, &m_workspace, &Workspace::redo);
    connect(m_actions.run, &QAction::triggered, this, &MainWindow::askHowToRun);
    connect(m_actions.runAgain, &QAction::triggered, this,
            [this] { m_workspace.run(m_workspace.lastRun()); });
    connect(m_actions.cancel, &QAction::triggered, &m_workspace, &Workspace::cancel);
    connect(m_actions.back, &QAction::triggered, &m_workspace.selection(), &Selection::goBack);
    connect(m_actions.forward, &QAction::triggered, &m_workspace.selection(),
            &Selection::goForward);
    connect(m_actions.resetLayout, &QAction::triggered, this, [this] {
        if (m_layout.isEmpty())
            restoreState(m_firstLayout, layoutVersion);
        else
            m_layout = m_firstLayout;
    });
    connect(m_actions.themeSystem, &QAction::triggered, this,
            [this] { chooseTheme(static_cast<int>(Theme::System)); });
    connect(m_actions.themeLight, &QAction::triggered, this,
            [this] { chooseTheme(static_cast<int>(Theme::Light)); });
    connect(m_actions.themeDark, &QAction::triggered, this,
            [this] { chooseTheme(static_cast<int>(Theme::Dark)); });
    connect(m_actions.keys, &QAction::triggered, this, [this] { showKeys(*this); });
    connect(m_actions.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_method, &QComboBox::activated, this, [this](int index) {
        const QStringList choice = m_method->itemData(index).toStringList();
        m_workspace.setMethod(choice[0], choice[1]);
        m_graph->showMethod(choice[0], choice[1]);
    });
    const int theme = QSettings().value(QStringLiteral("theme"), 0).toInt();
    for (QAction* action : {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark})
        action->setChecked(false);
    (theme == static_cast<int>(Theme::Dark)    ? m_actions.themeDark
     : theme == static_cast<int>(Theme::Light) ? m_actions.themeLight
                                               : m_actions.themeSystem)
        ->setChecked(true);
}

void MainWindow::updateActions()
{
    const bool open = m_workspace.document().isOpen();
    const bool busy = m_workspace.isBusy();
    m_actions.saveDocument->setEnabled(open);
    m_actions.exportGraph->setEnabled(open);
    m_actions.reopen->setEnabled(!m_workspace.filePath().isEmpty());
    m_actions.close->setEnabled(open);
    m_actions.undo->setEnabled(open && m_workspace.canUndo());
    m_actions.redo->setEnabled(open && m_workspace.canRedo());
    const QString without = m_workspace.document().content()->withoutModel();
    for (QAction* run : {m_actions.run, m_actions.runAgain}) {
        run->setEnabled(open && !busy && without.isEmpty());
        run->setStatusTip(without);
    }
    m_actions.cancel->setEnabled(busy);
    m_actions.back->setEnabled(m_workspace.selection().canGoBack());
    m_actions.forward->setEnabled(m_workspace.selection().canGoForward());
    m_passes->setBusy(busy);
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    if (!busy)
        m_status->clear();
    const auto& engine = m_workspace.engine();
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

void MainWindow::updateTitle()
{
    const QString file = m_workspace.filePath();
    setWindowTitle(file.isEmpty()
                       ? QStringLiteral("Jitscope")
                       : QFileInfo(file).fileName() + QStringLiteral(" \u2013 Jitscope"));
    setWindowFilePath(file);
}

void MainWindow::updateMethods()
{
    const QSignalBlocker quiet(m_method);
    m_method->clear();
    const auto content = m_workspace.document().content();
    const document::ModuleRow* root = content->moduleAt({});
    for (const document::MethodRow& method : content->methods) {
        if (root == nullptr || method.module != root->id)
            continue;
        const QString name = QString::fromStdString(method.name);
        m_method->addItem(name, QStringList{QString(), name});
    }
    if (!m_workspace.module().isEmpty())
        m_method->addItem(m_workspace.module() + QLatin1Char('.') + m_workspace.method(),
                          QStringList{m_workspace.module(), m_workspace.method()});
    m_method->setCurrentIndex(
        m_method->findData(QStringList{m_workspace.module(), m_workspace.method()}));
    m_method->setEnabled(m_method->count() > 1);
}

void MainWindow::askForFile()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open"), QFileInfo(m_workspace.filePath()).absolutePath(),
        tr("Models and documents (*.pt *.pth *.ts *.torchscript *.zip *.ptl *.jitscope);;"
           "Printed IR (*.txt *.log *.ir);;All files "
           "(*)"));
    if (!path.isEmpty())
        openFile(path);
}

void MainWindow::askForModel(const QString& recordedPath)
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Where is the model %1?").arg(QFileInfo(recordedPath).fileName()), recordedPath);
    m_workspace.setModelPath(path);
}

void MainWindow::askForLibraries()
{
    auto* dialog =
        new OperatorLibrariesDialog(m_libraries.files(), m_workspace.missingOperators(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->add(m_workspace.missingLibraries());
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_libraries.set(dialog->files()); });
    dialog->open();
}

void MainWindow::askHowToRun()
{
    const auto content = m_workspace.document().content();
    const document::ModuleRow* module = content->moduleAt(m_workspace.module().toStdString());
    const document::FunctionRow* function =
        module == nullptr ? nullptr
                          : content->functionOf(module->id, m_workspace.method().toStdString());
    const QString schema =
        function == nullptr ? QString() : QString::fromStdString(function->schema);
    QStringList devices;
    for (const std::string& device : m_workspace.engine().description().devices)
        devices << QString::fromStdString(device);
    auto* dialog = new RunDialog(inputArguments(schema), devices, m_workspace.lastRun(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { m_workspace.run(dialog->params()); });
    dialog->open();
}

void MainWindow::showAbout()
{
    const protocol::InitializeResult& engine = m_workspace.engine().description();
    QString text =
        tr("<h3>Jitscope %1</h3><p>Reads, optimises, runs and explains TorchScript models.</p>"
           "<p>Engine %2, LibTorch %3, Qt %4</p>")
            .arg(QApplication::applicationVersion(), QString::fromStdString(engine.engineVersion),
                 QString::fromStdString(engine.torchVersion), QString::fromLatin1(qVersion()));
    if (!engine.cudaRecording.empty())
        text += QStringLiteral("<p>%1</p>")
                    .arg(QString::fromStdString(engine.cudaRecording).toHtmlEscaped());
    QMessageBox::about(this, tr("About Jitscope"), text);
}

void MainWindow::chooseTheme(int theme)
{
    QSettings().setValue(QStringLiteral("theme"), theme);
    if (auto* application = qobject_cast<QApplication*>(QCoreApplication::instance()))
        applyTheme(*application, static_cast<Theme>(theme));
}

void MainWindow::restoreLayout()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("layout")).toByteArray(), layoutVersion);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_saver->isBusy()) { // what the user wanted to keep comes first
        event->ignore();
        m_saver->showProgress();
        connect(m_saver, &DocumentSaver::finished, this, &QWidget::close,
                static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
        return;
    }
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("layout"),
                      m_layout.isEmpty() ? saveState(layoutVersion) : m_layout);
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    openFile(event->mimeData()->urls().front().toLocalFile());
}

} // namespace jitscope::views
