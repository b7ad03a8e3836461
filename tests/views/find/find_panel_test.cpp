// The find panel on a small document: what is typed is found, chosen and counted.
#include "views/find/find_panel.h"

#include "tests/views/model/sample_document.h"
#include "views/find/find_model.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

namespace jitscope::views {

class FindPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        qRegisterMetaType<search::Target>();
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(path.toStdString());
        m_document = std::make_unique<DocumentModel>();
        m_panel = std::make_unique<FindPanel>(*m_document);
        m_tester = std::make_unique<QAbstractItemModelTester>(results()->model());
        m_targets.clear();
        connect(m_panel.get(), &FindPanel::chosen, this,
                [this](const search::Target& target) { m_targets.push_back(target); });
        m_panel->resize(400, 600);
        m_panel->show();
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
    }

    void cleanup()
    {
        m_tester.reset();
        m_panel.reset();
        m_document.reset();
    }

    void findsAsOneTypes()
    {
        find("kind:relu");
        QCOMPARE(results()->model()->rowCount(), 1);
        const QModelIndex group = results()->model()->index(0, 0);
        QVERIFY(results()->isExpanded(group));
        QCOMPARE(group.data().toString(), QStringLiteral("Nodes (3)"));
        QCOMPARE(count(), QStringLiteral("1 of 3"));
        QVERIFY(m_targets.empty()); // typing chooses nothing
        find("relu");
        QVERIFY(results()->model()->rowCount() >= 2); // the module and its node
        find("no such thing");
        QCOMPARE(results()->model()->rowCount(), 0);
        QCOMPARE(count(), QStringLiteral("Nothing found in this stage."));
        line()->clear();
        QCOMPARE(count(), QString());
        QVERIFY(m_panel->findChild<QLabel*>(QStringLiteral("findHint"))->isVisible());
    }

    // Enter chooses the first, then goes on; round the end.
    void enterAndShiftEnter()
    {
        find("kind:relu");
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(m_targets.size(), std::size_t(1));
        QCOMPARE(count(), QStringLiteral("1 of 3"));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(count(), QStringLiteral("2 of 3"));
        QTest::keyClick(line(), Qt::Key_Return);
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(count(), QStringLiteral("1 of 3"));
        QTest::keyClick(line(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(count(), QStringLiteral("3 of 3"));
        QCOMPARE(m_targets.size(), std::size_t(5));
        QVERIFY(m_targets[0].nodes != m_targets[1].nodes);
        QCOMPARE(m_targets[0].nodes, m_targets[3].nodes);
        QVERIFY(!m_targets[0].isModule);
        QCOMPARE(m_targets[0].method, std::string("forward"));
        QCOMPARE(m_targets[1].method, std::string("encode"));
    }

    void theListIsWalkedFromTheLine()
    {
        find("kind:relu");
        QTest::keyClick(line(), Qt::Key_Down);
        QCOMPARE(count(), QStringLiteral("2 of 3"));
        QVERIFY(m_targets.empty());
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(count(), QStringLiteral("2 of 3")); // the one that was gone to
        QCOMPARE(m_targets.size(), std::size_t(1));
    }

    void aClickChooses()
    {
        find("features.0");
        const QModelIndex module = results()->model()->index(0, 0, results()->model()->index(0, 0));
        QTest::mouseClick(results()->viewport(), Qt::LeftButton, {},
                          results()->visualRect(module).center());
        QCOMPARE(m_targets.size(), std::size_t(1));
        QVERIFY(m_targets[0].isModule);
        QCOMPARE(m_targets[0].modulePath, std::string("features.0"));
    }

    void escapeAndTheButtonClose()
    {
        QSignalSpy closed(m_panel.get(), &FindPanel::closeRequested);
        QTest::keyClick(line(), Qt::Key_Escape);
        QTest::keyClick(results(), Qt::Key_Escape);
        QTest::mouseClick(m_panel->findChild<QToolButton*>(QStringLiteral("findClose")),
                          Qt::LeftButton);
        QCOMPARE(closed.size(), 3);
    }

    void followsTheStage()
    {
        find("kind:relu");
        QCOMPARE(count(), QStringLiteral("1 of 3")); // forward, encode and features.1
        QSignalSpy answered(m_panel.get(), &FindPanel::answered);
        m_document->setCurrentStage(m_document->stages().back().id);
        QVERIFY(answered.wait());
        QCOMPARE(count(), QStringLiteral("1 of 1"));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(m_targets.size(), std::size_t(1));
        QVERIFY(!m_targets[0].nodes.empty());
        QVERIFY(m_targets[0].nodes[0].key >= 1000); // of the stage
    }

    void emptiesWithTheDocument()
    {
        find("conv");
        m_document->close();
        QCOMPARE(results()->model()->rowCount(), 0);
        QCOMPARE(count(), QStringLiteral("No model is open."));
        m_panel->next();
        m_panel->previous();
        QVERIFY(m_targets.empty());
    }

    void aHiddenPanelAsksWhenItIsShown()
    {
        m_panel->hide();
        m_panel->setText(QStringLiteral("kind:relu"));
        QVERIFY(!m_panel->isBusy());
        QSignalSpy answered(m_panel.get(), &FindPanel::answered);
        m_panel->show();
        QVERIFY(answered.wait());
        QCOMPARE(count(), QStringLiteral("1 of 3"));
    }

    // F3 works while another dock lies before this one, and before the answer is there.
    void aHitMayBeWantedOfAHiddenPanel()
    {
        m_panel->hide();
        m_panel->setText(QStringLiteral("kind:relu"));
        m_panel->next();
        QTRY_COMPARE(m_targets.size(), std::size_t(1));
        m_panel->next();
        QCOMPARE(m_targets.size(), std::size_t(2));
    }

private:
    void find(const char* text)
    {
        QSignalSpy answered(m_panel.get(), &FindPanel::answered);
        line()->clear();
        QTest::keyClicks(line(), QString::fromLatin1(text));
        QTRY_VERIFY(!answered.isEmpty() && !m_panel->isBusy());
    }

    [[nodiscard]] QLineEdit* line() const
    {
        return m_panel->findChild<QLineEdit*>(QStringLiteral("findText"));
    }
    [[nodiscard]] QTreeView* results() const
    {
        return m_panel->findChild<QTreeView*>(QStringLiteral("findResults"));
    }
    [[nodiscard]] QString count() const
    {
        return m_panel->findChild<QLabel*>(QStringLiteral("findCount"))->text();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<FindPanel> m_panel;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::vector<search::Target> m_targets;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::FindPanelTest)
#include "find_panel_test.moc"
