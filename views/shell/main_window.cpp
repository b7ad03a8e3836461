#include "views/shell/main_window.h"

#include "views/graph/graph_view.h"
#include "views/icons/icon.h"
#include "views/palette/command_palette.h"
#include "views/shell/document_saver.h"
#include "views/shell/document_tabs.h"
#include "views/shell/report_exporter.h"

#include <QAbstractScrollArea>
#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

namespace {

constexpr int layoutVersion =
    2; // raise it when docks change, so that an old layout is not restored
constexpr QSize frameRoom(16, 48); // what a window system puts around the first window

// The widget of a view that keys are for: what it says itself, else its first text, table or tree.
QWidget* keyTarget(QWidget& view)
{
    if (view.focusProxy() != nullptr || view.focusPolicy() & Qt::TabFocus)
        return &view;
    QWidget* first = nullptr;
    for (QWidget* next = view.nextInFocusChain(); next != nullptr && next != &view;
         next = next->nextInFocusChain()) {
        if (!view.isAncestorOf(next) || !next->isVisible() || !next->isEnabled() ||
            !(next->focusPolicy() & Qt::TabFocus))
            continue;
        if (qobject_cast<QAbstractScrollArea*>(next) != nullptr)
            return next;
        if (first == nullptr)
            first = next;
    }
    return first == nullptr ? &view : first;
}

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
    resize(QSize(1600, 1000).boundedTo(screen()->availableSize() - frameRoom));
    m_saver = new DocumentSaver(this);
    m_reporter = new ReportExporter(this);
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
    connectReporter();
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
        auto* action = new QAction(view.title, this);
        action->setObjectName(view.name + QStringLiteral("Toggle"));
        action->setCheckable(true);
        if (++key <= 9)
            action->setShortcut(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + key));
        connect(action, &QAction::triggered, this, [this, made] { goToDock(*made); });
        connect(made->toggleViewAction(), &QAction::toggled, action, &QAction::setChecked);
        addDockWidget(view.area, made);
        action->setChecked(true);
        m_docks.append(made);
        m_dockKeys.append(action);
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

void MainWindow::goToDock(QDockWidget& dock)
{
    const auto* views = qobject_cast<QStackedWidget*>(dock.widget());
    QWidget* view = views == nullptr ? nullptr : views->currentWidget();
    const bool hadFocus = dock.isAncestorOf(QApplication::focusWidget());
    if (hadFocus && !dock.isHidden()) {
        dock.hide();
        page().graph().setFocus();
    } else {
        dock.show();
        dock.raise();
        if (view != nullptr)
            keyTarget(*view)->setFocus(Qt::ShortcutFocusReason);
    }
    // The key has toggled the mark, whatever became of the dock.
    m_dockKeys[m_docks.indexOf(&dock)]->setChecked(!dock.isHidden());
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
    for (FileWriter* writer : std::initializer_list<FileWriter*>{m_saver, m_reporter}) {
        if (!writer->isBusy())
            continue;
        event->ignore(); // what the user wanted to keep comes first
        writer->showProgress();
        connect(writer, &FileWriter::finished, this, &QWidget::close,
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
