// Opens a file, applies passes, runs, and draws what the window then shows into files: window.png,
// graph.png, report.txt and the document.
#pragma once

#include "app/gui/command_line.h"
#include "core/support/error.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <string>
#include <vector>

namespace jitscope::views {
class MainWindow;
class TimelineView;
class Workspace;
} // namespace jitscope::views

namespace jitscope::gui {

class RenderJob : public QObject
{
    Q_OBJECT

public:
    // Works in the current tab of the window, which must outlive it.
    RenderJob(views::MainWindow& window, CommandLine commandLine, QObject* parent = nullptr);

    void start();

Q_SIGNALS:
    // Once. The exit code is that of docs/command-line.md, 1 when something that was asked for is
    // not in the model; what went wrong was printed.
    void finished(int exitCode);

private:
    void look();
    [[nodiscard]] bool isQuiet() const;
    void nextStep();
    void writeFiles();
    void addFinding(const QString& sentence);
    void fail(const Error& error);
    void end(int exitCode);

    views::Workspace& m_workspace;
    views::MainWindow& m_window;
    views::TimelineView* m_timeline;
    CommandLine m_commandLine;
    QTimer m_clock;
    QElapsedTimer m_quietSince;
    QElapsedTimer m_lastChange;
    bool m_isAwaitingPicture = true; // the first one
    bool m_isAwaitingStage = false;
    bool m_isAwaitingRun = false;
    bool m_isToFit = false; // nobody can scroll in a picture
    bool m_isSearching = false;
    bool m_hasFindings = false;
    bool m_isOver = false;
    std::size_t m_nextPass = 0;
    std::vector<std::string> m_problems;
};

} // namespace jitscope::gui
