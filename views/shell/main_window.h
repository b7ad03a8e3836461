// The window: composes the views around the graph and connects actions with the workspace. Owns no
// logic.
#pragma once

#include "views/shell/operator_libraries.h"
#include "views/shell/recent_files.h"
#include "views/shell/window_actions.h"
#include "views/shell/workspace.h"

#include <QMainWindow>

class QComboBox;
class QDockWidget;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QToolButton;

namespace jitscope::views {

class CodeView;
class DocumentSaver;
class GraphView;
class LogPanel;
class MessageBar;
class PassesPanel;
class PropertiesPanel;
class TimelineView;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // Object name "mainWindow". `samples` is the folder of the sample models; it may not exist.
    MainWindow(Workspace& workspace, const QString& samples, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openFile(const QString& path);
    [[nodiscard]] GraphView& graphView() { return *m_graph; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildViews(const QString& samples);
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* view,
                         Qt::DockWidgetArea area);
    void arrangeDocks();
    void showDocks(bool shown);
    void buildMenus();
    void buildToolBar();
    void buildStatusBar();
    void connectWorkspace();
    void connectActions();
    void updateActions();
    void updateTitle();
    void updateMethods();
    void askForFile();
    void askForModel(const QString& recordedPath);
    void askForLibraries();
    void askHowToRun();
    void showAbout();
    void chooseTheme(int theme);
    void restoreLayout();

    Workspace& m_workspace;
    RecentFiles m_recent;
    OperatorLibraries m_libraries;
    WindowActions m_actions;
    QByteArray m_firstLayout; // before the user moved anything
    QByteArray m_layout;      // while the docks are hidden because nothing is open
    QList<QDockWidget*> m_docks;
    QStackedWidget* m_pages = nullptr;
    GraphView* m_graph = nullptr;
    CodeView* m_code = nullptr;
    TimelineView* m_timeline = nullptr;
    PassesPanel* m_passes = nullptr;
    PropertiesPanel* m_properties = nullptr;
    LogPanel* m_log = nullptr;
    DocumentSaver* m_saver = nullptr;
    MessageBar* m_message = nullptr;
    QDockWidget* m_codeDock = nullptr;
    QDockWidget* m_moduleDock = nullptr;
    QDockWidget* m_propertiesDock = nullptr;
    QDockWidget* m_passesDock = nullptr;
    QDockWidget* m_timelineDock = nullptr;
    QDockWidget* m_logDock = nullptr;
    QComboBox* m_method = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_engineState = nullptr;
    QProgressBar* m_progress = nullptr;
    QToolButton* m_cancel = nullptr;
};

} // namespace jitscope::views
