#include "views/shell/main_window.h"

#include "views/graph/graph_view.h"
#include "views/icons/icon.h"
#include "views/palette/command_palette.h"
#include "views/shell/document_saver.h"
#include "views/shell/document_tabs.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

namespace {

constexpr int layoutVersion =
    2; // raise it when docks change, so that an old layout is not restored

} // namespace

MainWindow::MainWindow(MakeWorkspace makeWorkspace, const QString& samples, QWidget* parent)
    : QMainWindow(parent),
      m_makeWorkspace(std::move(makeWorkspace)),
      m_actions(*this),
      m_surroundings{m_recent, m_libraries, samples, m_actions.operatorLibraries, m_actions.reopen}
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setWindowIcon(icon(QStringLiteral("jitscope")));
    resize(1600, 1000);
    m_saver = new DocumentSaver(this);
    buildCentre();
    buildStatusBar();
    m_lastTime = takeOpenDocuments(); // before what is open now is remembered
    addPage();                        // it makes the docks
    arrangeDocks();
    buildMenus();
    buildToolBar();
    buildPalette();
    connectActions();
    connectFind();
    connectSaver();
    m_firstLayout = saveState(layoutVersion);
    restoreLayout();
    showDocks(false);
    showPage(page());
    connect(m_tabs, &DocumentTabs::currentPageChanged, this, [this](DocumentPage* shown) {
        if (shown != nullptr)
            showPage(*shown);
    });
    connect(m_tabs, &DocumentTabs::closeRequested, this,
            [this](DocumentPage* closed) { closePage(*closed); });
    connect(m_tabs, &QTabBar::tabMoved, this, &MainWindow::rememberDocuments);
}

MainWindow::~MainWindow()
{
    // The pages go one by one, and none is to be shown in place of another.
    m_tabs->disconnect(this);
    delete m_tabs;
}

DocumentPage& MainWindow::page() const
{
    return *m_tabs->current();
}

void MainWindow::buildCentre()
{
    m_tabs = new DocumentTabs;
    m_centres = new QStackedWidget;
    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_centres);
    setCentralWidget(centre);
}

void MainWindow::buildDocks(const DocumentPage& page)
{
    int key = 0;
    for (const DocumentPage::DockView& view : page.dockViews()) {
        auto* made = new QDockWidget(view.title);
        made->setObjectName(view.name);
        made->setWidget(new QStackedWidget);
        QAction* toggle = made->toggleViewAction();
        toggle->setObjectName(view.name + QStringLiteral("Toggle"));
        if (++key <= 9)
            toggle->setShortcut(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + key));
        addDockWidget(view.area, made);
        m_docks.append(made);
    }
}

QDockWidget* MainWindow::dock(const QString& name) const
{
    for (QDockWidget* candidate : m_docks) {
        if (candidate->objectName() == name)
            return candidate;
    }
    qFatal("there is no dock %s", qPrintable(name));
    return nullptr;
}

void MainWindow::showDock(const QString& name)
{
    dock(name)->show();
    dock(name)->raise();
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
    for (QDockWidget* hidden : m_docks)
        hidden->hide();
}

void MainWindow::arrangeDocks()
{
    QDockWidget* modules = dock(QStringLiteral("moduleDock"));
    QDockWidget* passes = dock(QStringLiteral("passesDock"));
    QDockWidget* timeline = dock(QStringLiteral("timelineDock"));
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    tabifyDockWidget(modules, dock(QStringLiteral("findDock")));
    tabifyDockWidget(timeline, dock(QStringLiteral("weightsDock")));
    tabifyDockWidget(timeline, dock(QStringLiteral("logDock")));
    tabifyDockWidget(passes, dock(QStringLiteral("codeDock")));
    for (QDockWidget* front : {modules, timeline, passes})
        front->raise();
    resizeDocks({modules, passes}, {330, 400}, Qt::Horizontal);
    resizeDocks({modules, dock(QStringLiteral("propertiesDock"))}, {300, 320}, Qt::Vertical);
    resizeDocks({timeline}, {320}, Qt::Vertical);
}

void MainWindow::restoreLayout()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("layout")).toByteArray(), layoutVersion);
    connect(m_actions.resetLayout, &QAction::triggered, this, [this] {
        if (m_layout.isEmpty())
            restoreState(m_firstLayout, layoutVersion);
        else
            m_layout = m_firstLayout;
    });
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
    rememberDocuments();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls) {
        if (!url.isLocalFile())
            return;
    }
    if (!urls.isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    for (const QUrl& url : event->mimeData()->urls())
        openFile(url.toLocalFile());
}

} // namespace jitscope::views
