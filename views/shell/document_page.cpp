#include "views/shell/document_page.h"

#include "views/code/code_view.h"
#include "views/find/find_panel.h"
#include "views/graph/graph_view.h"
#include "views/passes/passes_panel.h"
#include "views/shell/file_description.h"
#include "views/shell/log_panel.h"
#include "views/shell/message_bar.h"
#include "views/shell/message_overlay.h"
#include "views/shell/module_tree.h"
#include "views/shell/properties_panel.h"
#include "views/shell/start_page.h"
#include "views/shell/workspace_tensors.h"
#include "views/timeline/timeline_view.h"
#include "views/weights/weights_view.h"

#include <QAction>
#include <QFileInfo>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace jitscope::views {

DocumentPage::DocumentPage(std::unique_ptr<Workspace> workspace, const Surroundings& surroundings,
                           QObject* parent)
    : QObject(parent), m_workspace(std::move(workspace))
{
    buildViews(surroundings);
    connectWorkspace(surroundings);
}

DocumentPage::~DocumentPage()
{
    // What the workspace says while it goes is for nobody, and its views go before it.
    m_workspace->disconnect();
    m_workspace->document().disconnect(this);
    m_workspace->selection().disconnect(this);
    m_workspace->engine().disconnect(this);
    disconnect();
    delete m_centre;
    for (const DockView& dock : m_dockViews)
        delete dock.view;
}

void DocumentPage::buildViews(const Surroundings& surroundings)
{
    DocumentModel& document = m_workspace->document();
    Selection& selection = m_workspace->selection();
    m_message = new MessageBar;
    m_fileProblems = new MessageBar;
    m_fileProblems->setObjectName(QStringLiteral("fileProblemsBar"));
    m_showLog = new QAction(tr("&Details"), this);
    m_showLog->setToolTip(tr("All problems of the file, in the log"));
    connect(m_showLog, &QAction::triggered, this,
            [this] { Q_EMIT dockWanted(QStringLiteral("logDock")); });
    m_graph = new GraphView(document, selection);
    m_code = new CodeView(document, selection);
    m_timeline = new TimelineView(document, selection);
    m_passes = new PassesPanel(document);
    m_properties = new PropertiesPanel(document, selection);
    m_find = new FindPanel(document);
    m_log = new LogPanel;
    m_weights = new WeightsView(document, selection,
                                *new WorkspaceTensors(*m_workspace, m_workspace.get()));
    auto* start = new StartPage(surroundings.recent, surroundings.samples);
    connect(start, &StartPage::openRequested, this, &DocumentPage::openRequested);
    connect(start, &StartPage::fileChosen, this, &DocumentPage::fileChosen);
    m_pages = new QStackedWidget;
    m_pages->addWidget(start);
    m_pages->addWidget(m_graph);
    m_centre = new QWidget;
    auto* layout = new QVBoxLayout(m_centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_pages);
    auto* overlay = new MessageOverlay(*m_centre);
    connect(overlay, &MessageOverlay::heightChanged, m_graph, &GraphView::setFoot);
    overlay->add(m_message);
    overlay->add(m_fileProblems);

    m_dockViews = {
        {QStringLiteral("moduleDock"), tr("Modules"), Qt::LeftDockWidgetArea,
         new ModuleTree(document, selection)},
        {QStringLiteral("findDock"), tr("Find"), Qt::LeftDockWidgetArea, m_find},
        {QStringLiteral("propertiesDock"), tr("Properties"), Qt::LeftDockWidgetArea, m_properties},
        {QStringLiteral("passesDock"), tr("Stages and passes"), Qt::RightDockWidgetArea, m_passes},
        {QStringLiteral("codeDock"), tr("Code"), Qt::RightDockWidgetArea, m_code},
        {QStringLiteral("timelineDock"), tr("Timeline"), Qt::BottomDockWidgetArea, m_timeline},
        {QStringLiteral("weightsDock"), tr("Weights"), Qt::BottomDockWidgetArea, m_weights},
        {QStringLiteral("logDock"), tr("Log"), Qt::BottomDockWidgetArea, m_log}};
}

void DocumentPage::connectWorkspace(const Surroundings& surroundings)
{
    Workspace& workspace = *m_workspace;
    DocumentModel& document = workspace.document();
    const auto say = [this](const char* level, const QString& text) {
        m_log->add(QLatin1String(level), text);
    };
    connect(&workspace, &Workspace::fileChanged, this, &DocumentPage::changed);
    connect(&workspace, &Workspace::busyChanged, this, [this](bool busy) {
        m_passes->setBusy(busy);
        if (!busy)
            setStatus({});
        Q_EMIT changed();
    });
    connect(&workspace, &Workspace::progress, this, [this](const QString& phase, double fraction) {
        m_progress = fraction;
        const QString activity = m_workspace->activity();
        setStatus(activity.isEmpty() ? phase : activity + QStringLiteral(": ") + phase);
    });
    connect(&workspace, &Workspace::failed, this,
            [this, say, libraries = surroundings.operatorLibraries](const Error& error) {
                m_message->showError(error, concernsOperatorLibraries(error) ? libraries : nullptr);
                say("error", QString::fromStdString(error.message()));
            });
    connect(&workspace, &Workspace::notice, this, [this, say](const QString& text) {
        m_message->showNotice(text);
        say("info", text);
    });
    connect(&workspace, &Workspace::librariesMissing, this,
            [this, say, libraries = surroundings.operatorLibraries](const QString& text) {
                m_message->showNotice(text, libraries);
                say("warning", text);
            });
    workspace.setOperatorLibraries(surroundings.libraries.files());
    connect(&surroundings.libraries, &OperatorLibraries::changed, this,
            [this, all = &surroundings.libraries, reopen = surroundings.reopen] {
                m_workspace->setOperatorLibraries(all->files());
                if (m_workspace->document().isOpen())
                    m_message->showNotice(tr("The operator libraries have changed. Open the file "
                                             "again to use them."),
                                          reopen);
            });
    connect(&workspace, &Workspace::passesChanged, this,
            [this](const std::vector<protocol::PassDescription>& passes) {
                m_passList = passes;
                m_passes->setPasses(passes);
            });
    connect(&workspace, &Workspace::methodChanged, this, &DocumentPage::changed);
    connect(&workspace.engine(), &EngineClient::logged, m_log, &LogPanel::add);
    connect(&workspace.engine(), &EngineClient::stateChanged, this, &DocumentPage::changed);
    connect(&workspace.selection(), &Selection::changed, this, &DocumentPage::changed);
    connect(&document, &DocumentModel::opened, this, [this, recent = &surroundings.recent] {
        recent->add(m_workspace->filePath());
        m_pages->setCurrentWidget(m_graph);
        tellFileProblems();
        Q_EMIT openedChanged();
        Q_EMIT changed();
    });
    connect(&document, &DocumentModel::closed, this, [this] {
        m_pages->setCurrentIndex(0);
        Q_EMIT openedChanged();
        Q_EMIT changed();
    });
    connect(&document, &DocumentModel::changed, this, &DocumentPage::changed);
    connect(&document, &DocumentModel::currentStageChanged, this, &DocumentPage::changed);
    connect(&document, &DocumentModel::currentRunChanged, this, [this](std::int64_t run) {
        if (run != 0)
            Q_EMIT dockWanted(QStringLiteral("timelineDock"));
    });
    connect(m_passes, &PassesPanel::applyRequested, &workspace, &Workspace::applyPass);
    connect(m_timeline, &TimelineView::timesChanged, m_properties, &PropertiesPanel::setTimes);
    connect(m_graph, &GraphView::showInCodeRequested, this,
            [this] { Q_EMIT dockWanted(QStringLiteral("codeDock")); });
    connect(m_graph, &GraphView::statusMessage, this, &DocumentPage::setStatus);
    connect(m_code, &CodeView::wanted, this,
            [this] { Q_EMIT dockWanted(QStringLiteral("codeDock")); });
    connect(m_code, &CodeView::statusMessage, this, &DocumentPage::setStatus);
    connect(m_timeline, &TimelineView::statusMessage, this, &DocumentPage::setStatus);
    connect(m_weights, &WeightsView::statusMessage, this, &DocumentPage::setStatus);
    connect(m_find, &FindPanel::chosen, this, &DocumentPage::showTarget);
    connect(m_find, &FindPanel::closeRequested, this, &DocumentPage::findClosed);
}

// What the check before loading found. A document that is opened again says it too.
void DocumentPage::tellFileProblems()
{
    const auto content = m_workspace->document().content();
    if (content->problems.empty())
        return;
    QStringList texts;
    for (const document::ProblemRow& problem : content->problems)
        texts << problemText(problem);
    for (const QString& text : texts) {
        if (!m_log->says(text)) // the engine has, when it looked at the file just now
            m_log->add(QStringLiteral("warning"), text);
    }
    m_fileProblems->showProblem(
        texts.size() == 1 ? texts.front()
                          : tr("%1 and %2 more.").arg(texts.front()).arg(texts.size() - 1),
        m_showLog);
}

void DocumentPage::setStatus(const QString& text)
{
    m_status = text;
    Q_EMIT statusChanged();
}

void DocumentPage::openFile(const QString& path)
{
    m_waitingFile.clear();
    m_message->hide();
    m_fileProblems->hide();
    m_workspace->openFile(path);
}

void DocumentPage::setWaitingFile(const QString& path)
{
    m_waitingFile = path;
    Q_EMIT changed();
}

void DocumentPage::wake()
{
    m_workspace->warmUp();
    if (const QString path = std::exchange(m_waitingFile, {}); !path.isEmpty())
        openFile(path);
}

void DocumentPage::close()
{
    m_waitingFile.clear();
    m_message->hide();
    m_fileProblems->hide();
    m_workspace->closeFile();
}

bool DocumentPage::isLasting() const
{
    return !m_waitingFile.isEmpty() || m_workspace->document().isOpen();
}

bool DocumentPage::isEmpty() const
{
    return file().isEmpty();
}

QString DocumentPage::file() const
{
    if (!m_waitingFile.isEmpty())
        return m_waitingFile;
    const bool isThere = m_workspace->document().isOpen() || m_workspace->isBusy();
    return isThere ? m_workspace->filePath() : QString();
}

QString DocumentPage::title() const
{
    const QString path = file().isEmpty() ? m_workspace->filePath() : file();
    return path.isEmpty() ? tr("Start") : QFileInfo(path).fileName();
}

void DocumentPage::showSource(const QString& file, int line)
{
    m_code->showSource(file, line);
    Q_EMIT dockWanted(QStringLiteral("codeDock"));
}

void DocumentPage::showTarget(const search::Target& target)
{
    if (target.isModule) {
        const QString path = QString::fromStdString(target.modulePath);
        m_workspace->selection().selectModule(path, m_find);
        m_graph->revealModule(path);
        return;
    }
    // What a condensed picture folds away is shown by who uses it.
    const bool isFolded = !m_graph->isRawSsa() && !target.users.empty();
    const std::vector<document::NodeRef>& nodes = isFolded ? target.users : target.nodes;
    if (!nodes.empty()) {
        m_workspace->selection().selectNodes(nodes, m_find);
        m_graph->reveal(nodes.front(), QString::fromStdString(target.method));
    }
    if (target.isLine) {
        showSource(QString::fromStdString(target.file), static_cast<int>(target.line));
    } else if (nodes.empty()) {
        m_workspace->selection().selectModule(QString::fromStdString(target.modulePath), m_find);
        m_graph->revealModule(QString::fromStdString(target.modulePath));
    }
}

void DocumentPage::retire()
{
    m_workspace->disconnect(this);
    m_workspace->document().disconnect(this);
    m_workspace->selection().disconnect(this);
    m_workspace->engine().disconnect(this);
    m_workspace->endEngine();
}

} // namespace jitscope::views
