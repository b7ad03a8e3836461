// Several documents in one window: tabs, what follows them, what is there again at the next start;
// and the keys that work across them: find, commands, back and forward.
#include "tests/views/shell/window_fixture.h"
#include "views/find/find_panel.h"
#include "views/shell/document_tabs.h"
#include "views/shell/message_bar.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPointer>
#include <QStackedWidget>
#include <QTreeView>

namespace jitscope::views {

class TabsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support|.*XDG_RUNTIME_DIR)")));
        QSettings().clear();
        m = std::make_unique<WindowFixture>();
        m->start();
    }

    void cleanup() { m.reset(); }

    void aSecondFileGetsATab()
    {
        QVERIFY(!tabs()->isVisible()); // one needs no bar
        m->open(m->model("first.pt"));
        m->open(m->model("second.pt"));
        QCOMPARE(tabs()->count(), 2);
        QTRY_VERIFY(tabs()->isVisible());
        QCOMPARE(texts(), (QStringList{QStringLiteral("first.pt"), QStringLiteral("second.pt")}));
        QCOMPARE(m->window->windowTitle(), QStringLiteral("second.pt \u2013 Jitscope"));
        tabs()->setCurrentIndex(0);
        QCOMPARE(m->window->windowTitle(), QStringLiteral("first.pt \u2013 Jitscope"));
        // Each has a document and an engine of its own.
        const std::vector<DocumentPage*> pages = tabs()->pages();
        QVERIFY(pages[0]->workspace().document().path() != pages[1]->workspace().document().path());
        QVERIFY(&pages[0]->workspace().engine() != &pages[1]->workspace().engine());
    }

    void theSameFileIsGoneTo()
    {
        const QString first = m->model("first.pt");
        m->open(first);
        m->open(m->model("second.pt"));
        m->window->openFile(first);
        QCOMPARE(tabs()->count(), 2);
        QCOMPARE(tabs()->currentIndex(), 0);
        // Its document too: one engine writes it.
        m->window->openFile(tabs()->pageAt(1)->workspace().document().path());
        QCOMPARE(tabs()->count(), 2);
        QCOMPARE(tabs()->currentIndex(), 1);
    }

    void theDocksFollowTheTab()
    {
        m->open(m->model("first.pt"));
        m->open(m->document("sample.jitscope"));
        for (const char* name : {"moduleDock", "findDock", "propertiesDock", "passesDock",
                                 "codeDock", "timelineDock", "logDock"}) {
            auto* views = qobject_cast<QStackedWidget*>(m->child<QDockWidget>(name)->widget());
            QCOMPARE(views->count(), 2);
            QCOMPARE(views->currentIndex(), 1);
            tabs()->setCurrentIndex(0);
            QCOMPARE(views->currentIndex(), 0);
            tabs()->setCurrentIndex(1);
        }
        // So do the menus.
        const QAction* fit = tabs()->pageAt(1)->graph().actions().front();
        QVERIFY(isInAMenu(fit));
        tabs()->setCurrentIndex(0);
        QVERIFY(!isInAMenu(fit));
        // A start page has no docks beside it.
        m->child<QAction>("actionNewTab")->trigger();
        QCOMPARE(tabs()->count(), 3);
        QVERIFY(!m->child<QDockWidget>("moduleDock")->isVisible());
        m->child<QAction>("actionNewTab")->trigger(); // there is an empty one
        QCOMPARE(tabs()->count(), 3);
        tabs()->setCurrentIndex(0);
        QVERIFY(m->child<QDockWidget>("moduleDock")->isVisible());
    }

    void byKeysAndByTheMiddleButton()
    {
        m->open(m->model("first.pt"));
        m->open(m->model("second.pt"));
        m->open(m->model("third.pt"));
        QTest::keyClick(m->window.get(), Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(tabs()->currentIndex(), 0);
        QTest::keyClick(m->window.get(), Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(tabs()->currentIndex(), 2);
        QTest::mouseClick(tabs(), Qt::MiddleButton, {}, tabs()->tabRect(1).center());
        QCOMPARE(texts(), (QStringList{QStringLiteral("first.pt"), QStringLiteral("third.pt")}));
        QCOMPARE(tabs()->currentIndex(), 1);
        QTest::keyClick(m->window.get(), Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(texts(), QStringList{QStringLiteral("first.pt")});
        QCOMPARE(m->window->windowTitle(), QStringLiteral("first.pt \u2013 Jitscope"));
        QTest::keyClick(m->window.get(), Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(tabs()->count(), 1); // the last one stays, empty
        QVERIFY(!m->window->workspace().document().isOpen());
        QCOMPARE(m->window->windowTitle(), QStringLiteral("Jitscope"));
    }

    void closingATabEndsItsEngine()
    {
        m->open(m->model("first.pt"));
        m->open(m->model("second.pt"));
        QPointer<DocumentPage> second = &m->window->page();
        QSignalSpy state(&second->workspace().engine(), &EngineClient::stateChanged);
        tabs()->setCurrentIndex(0);
        Q_EMIT tabs()->tabCloseRequested(1);
        QVERIFY(!state.isEmpty());
        QCOMPARE(second->workspace().engine().state(), EngineClient::State::Stopped);
        QTRY_VERIFY_WITH_TIMEOUT(second.isNull(), 10'000);
        QCOMPARE(m->window->workspace().engine().state(), EngineClient::State::Ready);
    }

    void anEngineThatDiesConcernsItsTab()
    {
        for (const char* name : {"first.pt", "second.pt"}) {
            m->open(m->model(name));
            m->window->page().message().hide(); // what the engine told of the file
        }
        protocol::RunParams params;
        params.device = "die";
        m->window->workspace().run(params);
        QTRY_VERIFY(m->window->page().message().isVisible());
        tabs()->setCurrentIndex(0);
        QVERIFY2(!m->window->page().message().isVisible(),
                 qPrintable(m->window->page().message().text()));
        QCOMPARE(m->window->workspace().engine().state(), EngineClient::State::Ready);
        tabs()->setCurrentIndex(1);
        QVERIFY(m->window->page().message().isVisible());
    }

    void aFileThatFailsLeavesTheTabFree()
    {
        m->open(m->model("first.pt"));
        m->window->openFile(m->model("error"));
        QCOMPARE(tabs()->count(), 2);
        QTRY_VERIFY(m->window->page().message().isVisible());
        m->open(m->model("second.pt"));
        QCOMPARE(texts(), (QStringList{QStringLiteral("first.pt"), QStringLiteral("second.pt")}));
    }

    void whatWasOpenIsThereAgain()
    {
        const QString first = m->document("first.jitscope");
        const QString second = m->document("second.jitscope");
        const QString gone = m->document("gone.jitscope");
        m->open(first);
        m->open(second);
        m->open(gone);
        m->window->openFile(m->model("error"));
        QTRY_VERIFY(m->window->page().message().isVisible());
        tabs()->setCurrentIndex(1);
        m->window->close();
        QVERIFY(QFile::remove(gone));

        m->start();
        m->window->restoreDocuments();
        QCOMPARE(texts(), (QStringList{QStringLiteral("first.jitscope"),
                                       QStringLiteral("second.jitscope")}));
        QCOMPARE(tabs()->currentIndex(), 1);
        m->waitUntilOpen();
        // The other one is read when it is looked at.
        QVERIFY(!tabs()->pageAt(0)->workspace().document().isOpen());
        tabs()->setCurrentIndex(0);
        m->waitUntilOpen();
        QCOMPARE(m->window->workspace().filePath(), first);
    }

    void nothingIsRestoredUnlessTheUserWantsIt()
    {
        m->open(m->document("first.jitscope"));
        auto* restore = m->child<QAction>("actionRestore");
        QVERIFY(restore->isChecked());
        restore->trigger();
        m->window->close();
        m->start();
        QVERIFY(!m->child<QAction>("actionRestore")->isChecked());
        m->window->restoreDocuments();
        QCOMPARE(tabs()->count(), 1);
        QVERIFY(!m->window->workspace().isBusy());
    }

    void findGoesToANodeInAClosedBox()
    {
        m->open(m->document("sample.jitscope"));
        QTest::keyClick(m->window.get(), Qt::Key_F, Qt::ControlModifier);
        auto* line = m->child<QLineEdit>("findText");
        QTRY_VERIFY(line->hasFocus());
        QSignalSpy answered(&m->window->page().find(), &FindPanel::answered);
        QTest::keyClicks(line, QStringLiteral("kind:relu"));
        QTRY_VERIFY(!answered.isEmpty() && !m->window->page().find().isBusy());
        QTest::keyClick(line, Qt::Key_Return);
        Selection& selection = m->window->workspace().selection();
        QCOMPARE(selection.nodes().size(), std::size_t(1));
        const document::NodeRef first = selection.nodes().front();
        m->window->graphView().setFocus();
        QTest::keyClick(m->window.get(), Qt::Key_F3);
        QVERIFY(selection.nodes().front() != first);
        QTest::keyClick(m->window.get(), Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(selection.nodes().front(), first);
        // Another tab has a search of its own.
        m->open(m->model("second.pt"));
        QCOMPARE(m->window->page().find().text(), QString());
        tabs()->setCurrentIndex(0);
        QCOMPARE(m->window->page().find().text(), QStringLiteral("kind:relu"));
        m->window->page().find().open();
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(!m->child<QDockWidget>("findDock")->isVisible());
    }

    void inTheCodeTheKeysOfFindingAreAboutTheText()
    {
        m->open(m->document("sample.jitscope"));
        auto* dock = m->child<QDockWidget>("codeDock");
        dock->raise();
        auto* line = m->child<QLineEdit>("codeFindText");
        m->window->page().dockViews()[4].view->findChild<QComboBox*>()->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(line->hasFocus());
        QVERIFY(!m->child<QLineEdit>("findText")->hasFocus());
    }

    void theKeysOfTheCodeWorkEverywhere()
    {
        m->open(m->document("sample.jitscope"));
        auto* dock = m->child<QDockWidget>("codeDock");
        auto* line = m->child<QLineEdit>("codeFindText");
        const auto inGraph = [&](int key, Qt::KeyboardModifiers modifiers) {
            dock->hide();
            m->window->graphView().setFocus();
            QTest::keyClick(m->window.get(), static_cast<Qt::Key>(key), modifiers);
        };
        inGraph(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(dock->isVisible() && line->hasFocus());
        inGraph(Qt::Key_G, Qt::ControlModifier); // nothing to find yet: asks
        QTRY_VERIFY(dock->isVisible() && line->hasFocus());
        inGraph(Qt::Key_F, Qt::ControlModifier | Qt::AltModifier);
        auto* folders = m->child<QWidget>("searchFoldersDialog");
        QTRY_VERIFY(folders->isVisible());
        folders->close();
        QVERIFY(dock->isVisible());
    }

    void commandsByName()
    {
        m->open(m->document("sample.jitscope"));
        auto* palette = m->child<QWidget>("commandPalette");
        auto* line = m->child<QLineEdit>("paletteText");
        QTest::keyClick(m->window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(line->hasFocus());
        QTest::keyClicks(line, QStringLiteral("new tab"));
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(tabs()->count(), 2);
        // A stage, of the tab that is shown.
        tabs()->setCurrentIndex(0);
        m->child<QAction>("actionPalette")->trigger();
        QTest::keyClicks(line, QStringLiteral("stage peephole"));
        QTest::keyClick(line, Qt::Key_Return);
        DocumentModel& document = m->window->workspace().document();
        QCOMPARE(document.stage(document.currentStage())->label, std::string("peephole"));
        // Modules.
        QTest::keyClick(m->window.get(), Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(line->text(), QStringLiteral("@"));
        QTest::keyClicks(line, QStringLiteral("features.1"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(m->window->workspace().selection().module(), QStringLiteral("features.1"));
        // What cannot be done says why.
        m->child<QAction>("actionPalette")->trigger();
        QTest::keyClicks(line, QStringLiteral("cancel"));
        auto* list = m->child<QListView>("paletteList");
        QVERIFY(list->currentIndex()
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("Nothing is running.")));
        // Nodes are found by the other one.
        Selection& selection = m->window->workspace().selection();
        selection.clear(nullptr);
        line->setText(QStringLiteral("#relu"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(m->window->page().find().text(), QStringLiteral("relu"));
        // And the first of them is gone to at once.
        QTRY_VERIFY(!m->window->page().find().isBusy());
        QTRY_VERIFY(!selection.isEmpty());
        const auto* count =
            m->window->page().find().findChild<QLabel*>(QStringLiteral("findCount"));
        const QString first = count->text();
        QVERIFY2(first.startsWith(QStringLiteral("1 of")), qPrintable(first));
        m->window->page().find().next();
        line->setText({});
        m->child<QAction>("actionPalette")->trigger();
        line->setText(QStringLiteral("#relu")); // again from the first
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(count->text(), first);
    }

    void backAndForwardAcrossStagesModulesAndTabs()
    {
        m->open(m->document("sample.jitscope"));
        Selection& selection = m->window->workspace().selection();
        DocumentModel& document = m->window->workspace().document();
        const document::NodeRef node = document.nodeIndex()->refOf("features.0", 101);
        selection.selectNodes({node}, nullptr);
        selection.selectModule(QStringLiteral("features.1"), nullptr);
        document.setCurrentStage(3);
        const std::vector<document::NodeRef> later = document.nodeIndex()->origins(1001);
        selection.selectNodes(later, nullptr);
        key(Qt::Key_Left);
        QCOMPARE(selection.module(), QStringLiteral("features.1"));
        QVERIFY(selection.hasModule());
        key(Qt::Key_Left);
        QCOMPARE(selection.nodes(), std::vector<document::NodeRef>{node});
        QVERIFY(!m->child<QAction>("actionBack")->isEnabled());
        // In another tab there is another past.
        m->open(m->document("other.jitscope"));
        QVERIFY(!m->child<QAction>("actionBack")->isEnabled());
        QVERIFY(!m->child<QAction>("actionForward")->isEnabled());
        m->window->workspace().selection().selectModule(QStringLiteral("features"), nullptr);
        tabs()->setCurrentIndex(0);
        key(Qt::Key_Right);
        key(Qt::Key_Right);
        QCOMPARE(selection.nodes(), later);
        QCOMPARE(tabs()->pageAt(1)->workspace().selection().module(), QStringLiteral("features"));
    }

private:
    [[nodiscard]] DocumentTabs* tabs() const { return m->child<DocumentTabs>("documentTabs"); }

    [[nodiscard]] QStringList texts() const
    {
        QStringList all;
        for (int i = 0; i < tabs()->count(); ++i)
            all << tabs()->tabText(i);
        return all;
    }

    static bool isInAMenu(const QAction* action)
    {
        const QList<QObject*> places = action->associatedObjects();
        return std::any_of(places.begin(), places.end(),
                           [](QObject* place) { return qobject_cast<QMenu*>(place) != nullptr; });
    }

    void key(Qt::Key arrow) { QTest::keyClick(m->window.get(), arrow, Qt::AltModifier); }

    std::unique_ptr<WindowFixture> m;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::TabsTest)
#include "tabs_test.moc"
