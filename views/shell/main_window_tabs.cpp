// The tabs of the window: which page is shown, and what follows it.
#include "views/shell/main_window.h"

#include "views/graph/graph_view.h"
#include "views/shell/document_tabs.h"

#include <QDockWidget>
#include <QStackedWidget>

namespace jitscope::views {

DocumentPage& MainWindow::addPage()
{
    auto made = std::make_unique<DocumentPage>(m_makeWorkspace(), m_surroundings);
    DocumentPage& added = *made;
    const auto isShown = [this, &added] { return m_tabs->current() == &added; };
    connect(&added, &DocumentPage::changed, this, [this, isShown] {
        if (isShown()) {
            updateTitle();
            updateMethods();
            updateActions();
        }
    });
    connect(&added, &DocumentPage::statusChanged, this, [this, isShown] {
        if (isShown())
            updateStatus();
    });
    connect(&added, &DocumentPage::openedChanged, this, [this, &added, isShown] {
        if (isShown()) {
            const bool isOpen = added.workspace().document().isOpen();
            showDocks(isOpen);
            if (isOpen)
                added.graph().setFocus();
        }
        rememberDocuments();
    });
    connect(&added, &DocumentPage::dockWanted, this, [this, isShown](const QString& name) {
        if (isShown())
            showDock(name);
    });
    connect(&added, &DocumentPage::findClosed, this, [this, &added] {
        dock(QStringLiteral("findDock"))->hide();
        added.graph().setFocus();
    });
    connect(&added, &DocumentPage::openRequested, this, &MainWindow::askForFile);
    connect(&added, &DocumentPage::fileChosen, this, &MainWindow::openFile);
    connect(&added.workspace(), &Workspace::modelNeeded, this, &MainWindow::askForModel);
    if (m_docks.isEmpty())
        buildDocks(added);
    m_centres->addWidget(&added.centre());
    for (std::size_t i = 0; i < added.dockViews().size(); ++i) {
        auto* views = qobject_cast<QStackedWidget*>(m_docks[static_cast<qsizetype>(i)]->widget());
        views->addWidget(added.dockViews()[i].view);
    }
    m_tabs->add(std::move(made));
    return added;
}

void MainWindow::showPage(DocumentPage& shown)
{
    const bool hadFocus = m_centres->isAncestorOf(focusWidget());
    m_centres->setCurrentWidget(&shown.centre());
    for (std::size_t i = 0; i < shown.dockViews().size(); ++i) {
        auto* views = qobject_cast<QStackedWidget*>(m_docks[static_cast<qsizetype>(i)]->widget());
        views->setCurrentWidget(shown.dockViews()[i].view);
    }
    fillMenusOf(shown);
    shown.wake();
    const bool isOpen = shown.workspace().document().isOpen();
    showDocks(isOpen);
    if (hadFocus || focusWidget() == nullptr)
        (isOpen ? static_cast<QWidget&>(shown.graph()) : shown.centre()).setFocus();
    updateTitle();
    updateMethods();
    updateActions();
    updateStatus();
    rememberDocuments();
}

void MainWindow::openFile(const QString& path)
{
    if (DocumentPage* there = m_tabs->withFile(path)) {
        m_tabs->setCurrent(*there);
        return;
    }
    DocumentPage& chosen = page().isEmpty() ? page() : addPage();
    m_tabs->setCurrent(chosen);
    chosen.openFile(path);
}

void MainWindow::newTab()
{
    for (DocumentPage* candidate : m_tabs->pages()) {
        if (candidate->isEmpty()) {
            m_tabs->setCurrent(*candidate);
            return;
        }
    }
    m_tabs->setCurrent(addPage());
}

// The last tab stays, with nothing in it.
void MainWindow::closePage(DocumentPage& closed)
{
    if (m_tabs->count() > 1) {
        m_tabs->remove(closed);
        rememberDocuments();
    } else {
        closed.close();
    }
}

void MainWindow::rememberDocuments()
{
    OpenDocuments documents;
    for (const DocumentPage* candidate : m_tabs->pages()) {
        if (!candidate->isLasting())
            continue;
        documents.files << candidate->file();
        if (candidate == &page())
            documents.current = candidate->file();
    }
    rememberOpenDocuments(documents);
}

void MainWindow::restoreDocuments()
{
    const OpenDocuments documents = std::exchange(m_lastTime, {});
    if (!restoresDocuments() || documents.files.isEmpty())
        return;
    DocumentPage* current = nullptr;
    for (const QString& file : documents.files) {
        DocumentPage& restored = page().isEmpty() ? page() : addPage();
        restored.setWaitingFile(file);
        if (current == nullptr || file == documents.current)
            current = &restored;
    }
    if (current == &page())
        showPage(*current);
    else
        m_tabs->setCurrent(*current);
}

} // namespace jitscope::views
