// The window: tabs of documents, the docks that follow the current one, menus. Composes and
// connects; owns no logic.
#pragma once

#include "views/shell/document_page.h"
#include "views/shell/open_documents.h"
#include "views/shell/operator_libraries.h"
#include "views/shell/recent_files.h"
#include "views/shell/window_actions.h"
#include "views/shell/workspace.h"

#include <QMainWindow>

#include <functional>
#include <memory>

class QComboBox;
class QDockWidget;
class QLabel;
class QMenu;
class QProgressBar;
class QStackedWidget;
class QToolButton;

namespace jitscope::views {

class CommandPalette;
class DocumentSaver;
class ReportExporter;
class DocumentTabs;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // Makes the workspace of one document; called for every tab.
    using MakeWorkspace = std::function<std::unique_ptr<Workspace>()>;

    // Object name "mainWindow". `samples` is the folder of the sample models; it may not exist.
    MainWindow(MakeWorkspace makeWorkspace, const QString& samples, QWidget* parent = nullptr);
    ~MainWindow() override;

    // In the current tab if nothing is open in it, else in a new one; the tab that has the file
    // already becomes the current one.
    void openFile(const QString& path);
    // The documents that were open when the window was closed last, if the user wants that. They
    // are read when their tabs are shown.
    void restoreDocuments();

    // Of the current tab.
    [[nodiscard]] DocumentPage& page() const;
    [[nodiscard]] Workspace& workspace() const { return page().workspace(); }
    [[nodiscard]] GraphView& graphView() const { return page().graph(); }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // Composition (main_window.cpp).
    void buildCentre();
    void buildDocks(const DocumentPage& page);
    void arrangeDocks();
    void showDocks(bool shown);
    void showDock(const QString& name);
    void goToDock(QDockWidget& dock); // to the front, with the focus; one that has it goes away
    [[nodiscard]] QDockWidget* dock(const QString& name) const;
    void restoreLayout();

    // Tabs (main_window_tabs.cpp).
    DocumentPage& addPage();
    void showPage(DocumentPage& page);
    void closePage(DocumentPage& page);
    void newTab();
    void rememberDocuments();

    // Menus and bars (main_window_menus.cpp).
    void buildMenus();
    void buildToolBar();
    void buildStatusBar();
    void buildPalette();
    void fillMenusOf(DocumentPage& page);
    void updateActions();
    void updateStatus();
    void updateTitle();
    void updateMethods();

    // What actions do (main_window_actions.cpp).
    void connectActions();
    void connectFind();
    void connectSaver();
    void connectReporter();
    void showArchive();
    void openFind(const QString& text);
    void askForFile();
    void askForModel(const QString& recordedPath);
    void askForLibraries();
    void askHowToRun();
    void showMethod(const QString& module, const QString& method);
    void showAbout();
    void chooseTheme(int theme);

    MakeWorkspace m_makeWorkspace;
    RecentFiles m_recent;
    OperatorLibraries m_libraries;
    WindowActions m_actions;
    DocumentPage::Surroundings m_surroundings;
    QByteArray m_firstLayout;    // before the user moved anything
    QByteArray m_layout;         // while the docks are hidden because nothing is open
    QList<QDockWidget*> m_docks; // in the order of the pages' dock views
    QList<QAction*> m_dockKeys;  // of each
    QStackedWidget* m_centres = nullptr;
    DocumentTabs* m_tabs = nullptr;
    DocumentSaver* m_saver = nullptr;
    ReportExporter* m_reporter = nullptr;
    CommandPalette* m_palette = nullptr;
    OpenDocuments m_lastTime; // until they are opened again
    QMenu* m_codeMenu = nullptr;
    QMenu* m_graphMenu = nullptr;
    QMenu* m_timelineMenu = nullptr;
    QMenu* m_weightsMenu = nullptr;
    QComboBox* m_method = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_engineState = nullptr;
    QProgressBar* m_progress = nullptr;
    QToolButton* m_cancel = nullptr;
};

} // namespace jitscope::views
