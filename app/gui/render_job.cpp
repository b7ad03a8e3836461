#include "app/gui/render_job.h"

#include "app/gui/report.h"
#include "core/document/copy.h"
#include "views/find/find_panel.h"
#include "views/graph/graph_view.h"
#include "views/shell/main_window.h"
#include "views/shell/workspace.h"
#include "views/timeline/timeline_view.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPixmap>

#include <cstdio>
#include <utility>

namespace jitscope::gui {

namespace {

constexpr int exitFindings = 1; // docs/command-line.md
constexpr int period = 20;      // ms between two looks
// The views have nothing to do for this long: what was asked for is drawn. They read and lay out on
// threads of their own, and one answer may lead to the next question.
constexpr int quietTime = 300;        // ms
constexpr int patience = 10 * 60'000; // ms without any change

void say(const std::string& text)
{
    std::fprintf(stderr, "jitscope: %s\n", text.c_str());
}

} // namespace

RenderJob::RenderJob(views::MainWindow& window, CommandLine commandLine, QObject* parent)
    : QObject(parent),
      m_workspace(window.workspace()),
      m_window(window),
      m_timeline(window.findChild<views::TimelineView*>()),
      m_commandLine(std::move(commandLine))
{
    views::GraphView& graph = window.graphView();
    views::DocumentModel& document = m_workspace.document();
    connect(&graph, &views::GraphView::firstFrame, this, [this] { m_isAwaitingPicture = false; });
    connect(&document, &views::DocumentModel::currentStageChanged, this,
            [this] { m_isAwaitingStage = false; });
    connect(&document, &views::DocumentModel::currentRunChanged, this,
            [this] { m_isAwaitingRun = false; });
    connect(&m_workspace, &views::Workspace::progress, this, [this] { m_lastChange.start(); });
    connect(&m_workspace, &views::Workspace::notice, this,
            [this](const QString& text) { m_problems.push_back(text.toStdString()); });
    connect(&m_workspace, &views::Workspace::failed, this, &RenderJob::fail);
    connect(&graph, &views::GraphView::boxesNotFound, this, [this](const QStringList& names) {
        for (const QString& name : names)
            addFinding(QStringLiteral("There is no box '%1' that could be opened. Give the path of "
                                      "a module, such as layer1.0.")
                           .arg(name));
    });
    m_clock.setInterval(period);
    connect(&m_clock, &QTimer::timeout, this, &RenderJob::look);
}

void RenderJob::start()
{
    if (!QDir().mkpath(m_commandLine.renderFolder)) {
        fail({ErrorCode::UnusableFile, "The folder cannot be made.",
              m_commandLine.renderFolder.toStdString(), "Choose a folder that may be written."});
        return;
    }
    m_quietSince.start();
    m_lastChange.start();
    m_clock.start();
    m_window.openFile(m_commandLine.file);
}

bool RenderJob::isQuiet() const
{
    return m_workspace.document().isOpen() && !m_workspace.isBusy() && !m_isAwaitingPicture &&
           !m_isAwaitingStage && !m_isAwaitingRun && !m_window.graphView().isBusy() &&
           !m_window.page().find().isBusy() && (m_timeline == nullptr || !m_timeline->isBusy());
}

void RenderJob::look()
{
    if (!isQuiet()) {
        m_quietSince.start();
        if (m_lastChange.hasExpired(patience))
            fail({ErrorCode::EngineLost,
                  "Nothing happened for ten minutes.",
                  m_commandLine.file.toStdString(),
                  {}});
        return;
    }
    if (m_quietSince.hasExpired(quietTime)) {
        m_quietSince.start();
        m_lastChange.start();
        nextStep();
    }
}

void RenderJob::nextStep()
{
    if (m_nextPass < m_commandLine.passes.size()) {
        m_isAwaitingStage = true;
        const pipeline::Step& step = m_commandLine.passes[m_nextPass++];
        m_workspace.applyPass(QString::fromStdString(step.pass), step.arguments);
    } else if (std::exchange(m_commandLine.run, false)) {
        m_isAwaitingRun = true;
        m_workspace.run(m_workspace.lastRun());
    } else if (const int depth = std::exchange(m_commandLine.depth, -1); depth >= 0) {
        m_window.graphView().openToDepth(depth);
        m_isToFit = true;
    } else if (const QStringList boxes = std::exchange(m_commandLine.openBoxes, {});
               !boxes.isEmpty()) {
        m_window.graphView().openBoxes(boxes);
        m_isToFit = true;
    } else if (std::exchange(m_isToFit, false)) {
        m_window.graphView().zoomToFit();
    } else if (const QString query = std::exchange(m_commandLine.find, {}); !query.isEmpty()) {
        m_isSearching = true;
        m_window.page().find().setText(query);
        m_window.page().find().next();
    } else {
        if (std::exchange(m_isSearching, false) && m_window.page().find().hitCount() == 0)
            addFinding(QStringLiteral("Nothing was found for '%1'; nothing is selected.")
                           .arg(m_window.page().find().text()));
        writeFiles();
    }
}

void RenderJob::writeFiles()
{
    const QDir folder(m_commandLine.renderFolder);
    const QString window = folder.filePath(QStringLiteral("window.png"));
    if (!m_window.grab().save(window))
        return fail({ErrorCode::UnusableFile, "The picture cannot be written.",
                     window.toStdString(), "Choose a folder that may be written."});
    QString problem;
    QString remark;
    const QString graph = folder.filePath(QStringLiteral("graph.png"));
    if (!m_window.graphView().exportImage(graph, &problem, &remark))
        return fail({ErrorCode::UnusableFile, problem.toStdString(), graph.toStdString(), {}});
    if (!remark.isEmpty())
        say("graph.png: " + remark.toStdString());

    const std::string document = m_workspace.document().path().toStdString();
    const Result<std::string> text = report(document, m_problems);
    if (!text)
        return fail(text.error());
    QFile file(folder.filePath(QStringLiteral("report.txt")));
    const auto size = static_cast<qint64>(text->size());
    if (!file.open(QIODevice::WriteOnly) || file.write(text->data(), size) != size)
        return fail({ErrorCode::UnusableFile, file.errorString().toStdString(),
                     file.fileName().toStdString(), "Choose a folder that may be written."});

    const QString copy = folder.filePath(QFileInfo(m_commandLine.file).completeBaseName() +
                                         QStringLiteral(".jitscope"));
    if (QFileInfo(copy).absoluteFilePath() !=
        QFileInfo(m_workspace.document().path()).absoluteFilePath()) {
        const Result<void> copied = document::copyDocument(document, copy.toStdString());
        if (!copied)
            return fail(copied.error());
    }
    end(m_hasFindings ? exitFindings : 0);
}

void RenderJob::addFinding(const QString& sentence)
{
    m_hasFindings = true;
    say(sentence.toStdString());
}

void RenderJob::fail(const Error& error)
{
    say(error.message());
    end(exitCode(error.code));
}

void RenderJob::end(int code)
{
    m_clock.stop();
    if (!std::exchange(m_isOver, true))
        Q_EMIT finished(code);
}

} // namespace jitscope::gui
