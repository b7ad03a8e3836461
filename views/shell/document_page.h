// One open document with all that belongs to it: workspace, engine and views. The window shows the
// views of one page at a time, in its middle and in its docks. UI thread only.
#pragma once

#include "core/search/index.h"
#include "core/support/error.h"
#include "views/shell/operator_libraries.h"
#include "views/shell/recent_files.h"
#include "views/shell/workspace.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

class QAction;
class QStackedWidget;
class QWidget;

namespace jitscope::views {

class CodeView;
class FindPanel;
class GraphView;
class LogPanel;
class MessageBar;
class PassesPanel;
class PropertiesPanel;
class TimelineView;
class WeightsView;

class DocumentPage : public QObject
{
    Q_OBJECT

public:
    // What is the same for all pages; it outlives them.
    struct Surroundings
    {
        RecentFiles& recent;
        OperatorLibraries& libraries;
        QString samples;                      // folder of the sample models
        QAction* operatorLibraries = nullptr; // what the message bar offers when one is missing
        QAction* reopen = nullptr;            // and when they have changed
    };
    // A view for a dock. All pages have the same docks in the same order.
    struct DockView
    {
        QString name;
        QString title;
        Qt::DockWidgetArea area = Qt::LeftDockWidgetArea;
        QWidget* view = nullptr;
    };

    DocumentPage(std::unique_ptr<Workspace> workspace, const Surroundings& surroundings,
                 QObject* parent = nullptr);
    ~DocumentPage() override; // its views go with it, wherever they were put

    [[nodiscard]] Workspace& workspace() { return *m_workspace; }
    [[nodiscard]] const Workspace& workspace() const { return *m_workspace; }
    [[nodiscard]] GraphView& graph() { return *m_graph; }
    [[nodiscard]] CodeView& code() { return *m_code; }
    [[nodiscard]] TimelineView& timeline() { return *m_timeline; }
    [[nodiscard]] WeightsView& weights() { return *m_weights; }
    [[nodiscard]] FindPanel& find() { return *m_find; }
    [[nodiscard]] MessageBar& message() { return *m_message; }
    [[nodiscard]] MessageBar& fileProblems() { return *m_fileProblems; } // of the pre-flight
    [[nodiscard]] LogPanel& log() { return *m_log; }
    [[nodiscard]] QWidget& centre() { return *m_centre; }
    [[nodiscard]] const std::vector<DockView>& dockViews() const { return m_dockViews; }

    void openFile(const QString& path);
    // Remembers a file that is opened when the page is shown, by wake().
    void setWaitingFile(const QString& path);
    void wake();
    void close(); // what is open; the page stays
    // Nothing is open, on its way or waiting.
    [[nodiscard]] bool isEmpty() const;
    // A document is open or waiting: one to open again at the next start.
    [[nodiscard]] bool isLasting() const;
    // What is open, on its way or waiting; what failed is not.
    [[nodiscard]] QString file() const;
    [[nodiscard]] QString title() const; // of its tab
    [[nodiscard]] const QString& status() const { return m_status; }
    [[nodiscard]] double progress() const { return m_progress; } // negative when unknown

    [[nodiscard]] const std::vector<protocol::PassDescription>& passes() const
    {
        return m_passList;
    }

    void showSource(const QString& file, int line);
    void showTarget(const search::Target& target); // selects it and opens what is around it
    // Ends its engine. The page can do no more, and is to be deleted a little later: an engine
    // needs a moment to leave.
    void retire();

Q_SIGNALS:
    void changed();       // what can be done, or the title
    void openedChanged(); // a document was opened or closed
    void statusChanged();
    void dockWanted(const QString& name);
    void findClosed();
    void fileChosen(const QString& path); // in the lists of the start page
    void openRequested();

private:
    void buildViews(const Surroundings& surroundings);
    void connectWorkspace(const Surroundings& surroundings);
    void tellFileProblems();
    void setStatus(const QString& text);

    std::unique_ptr<Workspace> m_workspace;
    std::vector<DockView> m_dockViews;
    QWidget* m_centre = nullptr;
    QStackedWidget* m_pages = nullptr; // the start page, or the graph
    MessageBar* m_message = nullptr;
    MessageBar* m_fileProblems = nullptr;
    QAction* m_showLog = nullptr; // what the bar of the file's problems offers
    GraphView* m_graph = nullptr;
    CodeView* m_code = nullptr;
    TimelineView* m_timeline = nullptr;
    WeightsView* m_weights = nullptr;
    PassesPanel* m_passes = nullptr;
    PropertiesPanel* m_properties = nullptr;
    FindPanel* m_find = nullptr;
    LogPanel* m_log = nullptr;
    std::vector<protocol::PassDescription> m_passList; // of the engine
    QString m_waitingFile;
    QString m_status;
    double m_progress = -1;
};

} // namespace jitscope::views
