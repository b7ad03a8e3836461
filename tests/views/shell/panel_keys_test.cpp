// What keys and clicks do to the panels around the graph.
#include "tests/views/shell/window_fixture.h"
#include "views/code/code_view.h"
#include "views/shell/document_tabs.h"
#include "views/shell/message_bar.h"

#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QHeaderView>
#include <QLabel>
#include <QMenuBar>
#include <QScreen>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

namespace jitscope::views {

class PanelKeysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QSettings().clear();
        m = std::make_unique<WindowFixture>();
        m->start();
        m->open(m->document("sample.jitscope"));
    }

    void cleanup() { m.reset(); }

    void aKeyBringsAPanelToTheFrontAndTakesItAwayAgain()
    {
        auto* code = m->child<QDockWidget>("codeDock");
        auto* passes = m->child<QDockWidget>("passesDock");
        auto* action = m->child<QAction>("codeDockToggle");
        QVERIFY(!code->isHidden() && code->visibleRegion().isEmpty()); // behind the passes
        QVERIFY(action->isChecked());
        QTest::keyClick(m->window.get(), Qt::Key_5, Qt::ControlModifier);
        QTRY_VERIFY(!code->visibleRegion().isEmpty());
        QTRY_VERIFY(code->isAncestorOf(QApplication::focusWidget()));
        QVERIFY(!code->isHidden() && action->isChecked());

        m->window->graphView().setFocus(); // in front, but without the focus: it gets it
        QTest::keyClick(m->window.get(), Qt::Key_5, Qt::ControlModifier);
        QVERIFY(!code->isHidden() && action->isChecked());
        QTRY_VERIFY(code->isAncestorOf(QApplication::focusWidget()));

        QTest::keyClick(m->window.get(), Qt::Key_5, Qt::ControlModifier);
        QVERIFY(code->isHidden() && !action->isChecked());
        QVERIFY(!passes->isHidden());
        QVERIFY(m->window->graphView().isAncestorOf(QApplication::focusWidget()) ||
                m->window->graphView().hasFocus());
        QTest::keyClick(m->window.get(), Qt::Key_5, Qt::ControlModifier);
        QVERIFY(!code->isHidden() && action->isChecked());
        code->close(); // by its button
        QVERIFY(!action->isChecked());
    }

    void noPanelTakesTheKeyOfAMenu()
    {
        QSet<QKeySequence> menus;
        for (const QAction* menu : m->window->menuBar()->actions())
            menus.insert(QKeySequence::mnemonic(menu->text()));
        QVERIFY(menus.size() > 7);
        const auto check = [&menus](const QString& text) {
            const QKeySequence key = QKeySequence::mnemonic(text);
            QVERIFY2(key.isEmpty() || !menus.contains(key), qPrintable(text));
        };
        for (const QDockWidget* dock : m->window->findChildren<QDockWidget*>()) {
            for (const QAbstractButton* button : dock->findChildren<QAbstractButton*>())
                check(button->text());
            for (const QLabel* label : dock->findChildren<QLabel*>()) {
                if (label->buddy() != nullptr)
                    check(label->text());
            }
            for (const QTabBar* bar : dock->findChildren<QTabBar*>()) {
                for (int i = 0; i < bar->count(); ++i)
                    check(bar->tabText(i));
            }
        }
    }

    void aSelectionThatIsGoneIsGoneFromTheWeights()
    {
        m->window->workspace().selection().selectModule(QStringLiteral("features.0"), nullptr);
        auto* summary = m->child<QLabel>("weightsSummary");
        QTRY_VERIFY(summary->text().startsWith(QStringLiteral("2 selected")));
        m->window->workspace().selection().clear(nullptr);
        QVERIFY2(summary->text().startsWith(QStringLiteral("2 tensors")),
                 qPrintable(summary->text()));
        QVERIFY(!m->child<QTableView>("weightsTable")->selectionModel()->hasSelection());
    }

    void propertiesCountWhatIsSelected()
    {
        Workspace& workspace = m->window->workspace();
        const auto index = workspace.document().nodeIndex();
        std::vector<document::NodeRef> refs;
        for (const ir::NodeKey key : {101U, 101U, 200U}) { // twice the convolution
            document::NodeRef ref;
            ref.key = key;
            ref.loaded = key;
            refs.push_back(ref);
        }
        refs[1].modulePath = "features.0";
        workspace.selection().selectNodes(refs, nullptr);
        auto* tree = m->child<QTreeWidget>("propertyTree");
        QTRY_VERIFY(tree->topLevelItemCount() > 1);
        const QTreeWidgetItem* number = tree->topLevelItem(0);
        QCOMPARE(number->text(0), QStringLiteral("3 nodes selected"));
        QCOMPARE(number->child(0)->text(0), QStringLiteral("aten::conv2d"));
        QCOMPARE(number->child(0)->text(1), QStringLiteral("2"));
        QCOMPARE(number->child(1)->text(0), QStringLiteral("aten::relu"));
        QVERIFY(tree->topLevelItem(1)->text(0).startsWith(QStringLiteral("The first:")));
        refs.resize(1);
        workspace.selection().selectNodes(refs, nullptr);
        QTRY_VERIFY(tree->topLevelItemCount() > 0 &&
                    !tree->topLevelItem(0)->text(0).contains(QStringLiteral("selected")));
    }

    void propertiesShowAValueThatIsNoNode()
    {
        Selection& selection = m->window->workspace().selection();
        selection.selectModule(QStringLiteral("features.0"), nullptr);
        selection.selectPlace(
            QStringLiteral("/in0"), nullptr,
            SelectedValue{QStringLiteral("x.1"), QStringLiteral("Tensor"), {}, true, {}});
        auto* tree = m->child<QTreeWidget>("propertyTree");
        QTRY_COMPARE(tree->topLevelItemCount(), 1);
        QCOMPARE(tree->topLevelItem(0)->text(0), QStringLiteral("Input"));
        QCOMPARE(tree->topLevelItem(0)->child(0)->text(1), QStringLiteral("x.1"));
        QVERIFY(selection.isEmpty());
        selection.selectModule(QStringLiteral("features.0"), nullptr);
        QVERIFY(!selection.value());
        QTRY_COMPARE(tree->topLevelItem(0)->text(0), QStringLiteral("Conv2d"));
    }

    void aMessageMovesNothing()
    {
        const QWidget& graph = m->window->graphView();
        QTest::qWait(300); // the docks find their sizes
        const QRect before(graph.mapTo(m->window.get(), QPoint()), graph.size());
        m->window->page().message().showNotice(QStringLiteral("By the way."));
        QCoreApplication::processEvents();
        MessageBar& bar = m->window->page().message();
        QTRY_VERIFY(bar.isVisible() && !bar.visibleRegion().isEmpty());
        QCOMPARE(QRect(graph.mapTo(m->window.get(), QPoint()), graph.size()), before);
        QVERIFY(bar.height() < 100 && bar.width() == graph.width());
        m->window->resize(1200, 800);
        QTRY_COMPARE(bar.width(), graph.width());
        QCOMPARE(bar.mapTo(m->window.get(), QPoint(0, bar.height())).y(),
                 graph.mapTo(m->window.get(), QPoint(0, graph.height())).y());
    }

    void manyTabsKeepTheirNames()
    {
        for (int i = 0; i < 9; ++i)
            m->open(m->document(
                qPrintable(QStringLiteral("a_model_with_a_long_name_%1.jitscope").arg(i))));
        auto* tabs = m->child<DocumentTabs>("documentTabs");
        QCOMPARE(tabs->count(), 10);
        for (int i = 1; i < tabs->count(); ++i) {
            QVERIFY2(tabs->tabRect(i).width() >= tabs->fontMetrics().averageCharWidth() * 20,
                     qPrintable(QString::number(tabs->tabRect(i).width())));
            QCOMPARE(tabs->tabToolTip(i), tabs->pageAt(i)->file());
        }
        QVERIFY(tabs->usesScrollButtons());
        QVERIFY(m->window->width() <= 1400);
    }

    void theKeysAreShownInFull()
    {
        bool isSeen = false;
        QTimer::singleShot(0, this, [&isSeen] {
            auto* dialog = QApplication::activeModalWidget();
            auto* tree = dialog->findChild<QTreeWidget*>(QStringLiteral("keysTree"));
            for (int i = 0; i < tree->topLevelItemCount(); ++i) {
                for (int j = 0; j < tree->topLevelItem(i)->childCount(); ++j) {
                    const QString text = tree->topLevelItem(i)->child(j)->text(0);
                    isSeen = tree->fontMetrics().horizontalAdvance(text) < tree->columnWidth(0);
                    if (!isSeen) {
                        qInfo("%s is cut", qPrintable(text));
                        i = tree->topLevelItemCount() - 1;
                        break;
                    }
                }
            }
            dialog->close();
        });
        m->child<QAction>("actionKeys")->trigger();
        QVERIFY(isSeen);
    }

    void theFirstWindowFitsTheScreen()
    {
        const MainWindow window(
            [this] {
                return std::make_unique<Workspace>(QStringLiteral(JITSCOPE_FAKE_ENGINE),
                                                   m->folder.filePath(QStringLiteral("documents")));
            },
            QString());
        // As small as it can be, where the screen is smaller than what it would like to have.
        const QSize there = window.screen()->availableSize();
        QVERIFY(there.width() >= 1616 || window.width() < 1600);
        QVERIFY(there.height() >= 1048 || window.height() < 1000);
    }

private:
    std::unique_ptr<WindowFixture> m;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::PanelKeysTest)
#include "panel_keys_test.moc"
