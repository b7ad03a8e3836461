// The path above the graph, where there is less room than it wants.
#include "views/graph/breadcrumb_bar_p.h"

#include <QAction>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

namespace jitscope::views {

class BreadcrumbBarTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLongPathIsCutInItsMiddle()
    {
        BreadcrumbBar bar;
        QStringList steps;
        for (int i = 0; i < 14; ++i)
            steps << QStringLiteral("a module with a long name %1").arg(i);
        bar.setSteps(steps);
        bar.resize(600, 30);
        bar.show();
        QVERIFY(bar.minimumSizeHint().width() < 100);
        auto* hidden = bar.findChild<QToolButton*>(QStringLiteral("graphHiddenSteps"));
        QVERIFY(hidden->isVisible());
        const auto isShown = [&bar](const QString& step) {
            for (const QToolButton* button : bar.findChildren<QToolButton*>()) {
                if (button->text() == step && button->isVisible())
                    return button->geometry().right() <= bar.width();
            }
            return false;
        };
        QVERIFY(isShown(steps.front()));
        QVERIFY(isShown(steps.back()));
        QVERIFY(!isShown(steps[1]));
        // What is not seen is in the menu.
        QCOMPARE(hidden->menu()->actions().front()->text(), steps[1]);
        QSignalSpy chosen(&bar, &BreadcrumbBar::stepChosen);
        hidden->menu()->actions().at(2)->trigger();
        QCOMPARE(chosen.back().front().toInt(), 3);

        bar.resize(6000, 30);
        QTRY_VERIFY(!hidden->isVisible());
        QVERIFY(isShown(steps[1]));
        bar.setSteps({QStringLiteral("forward"), QStringLiteral("one")});
        QVERIFY(!hidden->isVisible());
        bar.setSteps({});
        bar.resize(300, 30);
        QVERIFY(!hidden->isVisible());
    }

    void aLongNameIsCut()
    {
        BreadcrumbBar bar;
        const QString name(200, QLatin1Char('x'));
        bar.setSteps({name});
        QVERIFY(bar.sizeHint().width() < bar.fontMetrics().horizontalAdvance(name) / 2);
        for (const QToolButton* button : bar.findChildren<QToolButton*>()) {
            if (button->toolTip() == name)
                return;
        }
        QFAIL("the whole name is nowhere");
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::BreadcrumbBarTest)
#include "breadcrumb_bar_test.moc"
