#include "views/model/selection.h"

#include <QSignalSpy>
#include <QTest>

namespace jitscope::views {

class SelectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nodesAndModulesExcludeEachOther()
    {
        Selection selection;
        QVERIFY(selection.isEmpty());
        selection.selectModule(QStringLiteral("layer1"), nullptr);
        QVERIFY(selection.hasModule());
        QVERIFY(selection.nodes().empty());
        selection.selectNodes({node(3), node(4)}, nullptr);
        QVERIFY(!selection.hasModule());
        QCOMPARE(selection.nodes().size(), std::size_t(2));
        QCOMPARE(selection.module(), QStringLiteral("layer2"));
        selection.clear(nullptr);
        QVERIFY(selection.isEmpty());
        QVERIFY(selection.module().isEmpty());
    }

    void theRootIsAModule()
    {
        Selection selection;
        selection.selectModule(QString(), nullptr);
        QVERIFY(!selection.isEmpty());
        QVERIFY(selection.hasModule());
    }

    void tellsWhoChangedItAndOnlyWhenItChanged()
    {
        Selection selection;
        QSignalSpy changed(&selection, &Selection::changed);
        selection.clear(this);
        QCOMPARE(changed.size(), 0);
        selection.selectNodes({node(3)}, this);
        selection.selectNodes({node(3)}, nullptr);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.at(0).at(0).value<const QObject*>(), static_cast<const QObject*>(this));
        selection.selectNodes({}, this); // the same as clear
        QCOMPARE(changed.size(), 2);
        QVERIFY(selection.isEmpty());
    }

    void goesBackAndForward()
    {
        Selection selection;
        QVERIFY(!selection.canGoBack());
        QVERIFY(!selection.canGoForward());
        for (const ir::NodeKey key : {1U, 2U, 3U})
            selection.selectNodes({node(key)}, this);
        QVERIFY(!selection.canGoForward());
        selection.goBack();
        QCOMPARE(keyOf(selection), 2U);
        selection.goBack();
        QCOMPARE(keyOf(selection), 1U);
        QVERIFY(!selection.canGoBack());
        selection.goBack(); // nothing
        QCOMPARE(keyOf(selection), 1U);
        selection.goForward();
        QCOMPARE(keyOf(selection), 2U);
        selection.selectNodes({node(9)}, this); // what lay ahead is gone
        QVERIFY(!selection.canGoForward());
        selection.goBack();
        QCOMPARE(keyOf(selection), 2U);
    }

    void backFromNothingLeadsToWhatWasSelectedLast()
    {
        Selection selection;
        selection.selectNodes({node(1)}, this);
        selection.clear(this);
        QVERIFY(selection.canGoBack());
        selection.goBack();
        QCOMPARE(keyOf(selection), 1U);
    }

    void aPlaceInTheGraphIsInTheHistory()
    {
        Selection selection;
        selection.selectNodes({node(1)}, this);
        selection.selectPlace(QStringLiteral("/in0"), this);
        QVERIFY(selection.isEmpty()); // for those who know nothing of it
        QCOMPARE(selection.place(), QStringLiteral("/in0"));
        selection.selectNodes({node(2)}, this);
        QVERIFY(selection.place().isEmpty());
        selection.goBack();
        QCOMPARE(selection.place(), QStringLiteral("/in0"));
        selection.goBack();
        QCOMPARE(keyOf(selection), 1U);
        selection.goForward();
        selection.clear(this);
        QVERIFY(selection.place().isEmpty());
        selection.goBack();
        QCOMPARE(selection.place(), QStringLiteral("/in0"));
    }

    void theHistoryHasAnEnd()
    {
        Selection selection;
        for (ir::NodeKey key = 1; key <= 5000; ++key)
            selection.selectNodes({node(key)}, this);
        int steps = 0;
        for (; selection.canGoBack(); ++steps)
            selection.goBack();
        QVERIFY(steps >= 50);
        QVERIFY(steps < 1000);
        for (; selection.canGoForward(); --steps)
            selection.goForward();
        QCOMPARE(steps, 0);
        QCOMPARE(keyOf(selection), 5000U);
    }

    void aListenerMaySelectSomethingElse()
    {
        Selection selection;
        connect(&selection, &Selection::changed, this, [this, &selection] {
            if (!selection.nodes().empty() && keyOf(selection) < 50)
                selection.selectNodes({node(keyOf(selection) + 1)}, this);
        });
        selection.selectNodes({node(1)}, nullptr);
        QCOMPARE(keyOf(selection), 50U);
        selection.goBack();
        QCOMPARE(keyOf(selection), 50U);
    }

private:
    static document::NodeRef node(ir::NodeKey key) { return {"layer2", key, key}; }
    static ir::NodeKey keyOf(const Selection& selection) { return selection.nodes().front().key; }
};

} // namespace jitscope::views

QTEST_GUILESS_MAIN(jitscope::views::SelectionTest)
#include "selection_test.moc"
