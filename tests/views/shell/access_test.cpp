// The window by keys and for screen readers: every action has a menu and a key, no key means two
// things in one place, every control has a name.
#include "tests/views/shell/window_fixture.h"
#include "views/shell/menu_actions.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QScrollBar>
#include <QSet>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

namespace jitscope::views {

class AccessTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings().clear();
        m = std::make_unique<WindowFixture>();
        m->start();
        m->open(m->document("sample.jitscope"));
        m->child<QAction>("actionPalette")->trigger();
    }

    void cleanupTestCase() { m.reset(); }

    void everyActionIsInAMenuAndHasAKey()
    {
        QSet<const QAction*> inMenus;
        for (const MenuAction& entry : menuActions(*m->window->menuBar())) {
            inMenus.insert(entry.action);
            QVERIFY2(!entry.text().isEmpty(), qPrintable(entry.action->objectName()));
            QVERIFY2(!entry.action->objectName().isEmpty(), qPrintable(entry.text()));
            QVERIFY2(!entry.action->shortcut().isEmpty(),
                     qPrintable(entry.text() + QStringLiteral(" has no key")));
        }
        QVERIFY(inMenus.size() > 60);
        for (const QAction* action : m->window->findChildren<QAction*>()) {
            const bool isOurs = !action->isSeparator() && !action->objectName().isEmpty() &&
                                action->menu() == nullptr && action->isVisible() &&
                                !action->objectName().startsWith(QLatin1Char('_'));
            QVERIFY2(!isOurs || inMenus.contains(action) || isInAContextMenu(*action),
                     qPrintable(action->objectName() + QStringLiteral(" is in no menu")));
        }
    }

    // Keys of the window hold everywhere; those of a view only in it.
    void noKeyMeansTwoThings()
    {
        QMap<QString, QString> ofWindow;
        QMap<std::pair<const QObject*, QString>, QString> ofView;
        for (const MenuAction& entry : menuActions(*m->window->menuBar())) {
            for (const QKeySequence& key : entry.action->shortcuts()) {
                const QString text = key.toString();
                if (key == QKeySequence(Qt::Key_Escape))
                    continue; // ends whatever goes on; what does not go on is disabled
                if (entry.action->shortcutContext() == Qt::WindowShortcut) {
                    QVERIFY2(!ofWindow.contains(text),
                             qPrintable(text + QStringLiteral(": ") + entry.text() +
                                        QStringLiteral(" and ") + ofWindow.value(text)));
                    ofWindow.insert(text, entry.text());
                } else {
                    const std::pair place(static_cast<const QObject*>(topOf(*entry.action)), text);
                    QVERIFY2(!ofView.contains(place),
                             qPrintable(text + QStringLiteral(": ") + entry.text() +
                                        QStringLiteral(" and ") + ofView.value(place)));
                    ofView.insert(place, entry.text());
                }
            }
        }
        for (auto it = ofView.begin(); it != ofView.end(); ++it)
            QVERIFY2(!ofWindow.contains(it.key().second),
                     qPrintable(it.key().second + QStringLiteral(": ") + it.value() +
                                QStringLiteral(" and ") + ofWindow.value(it.key().second)));
    }

    void everyControlHasAName()
    {
        QStringList nameless;
        int controls = 0;
        for (const QWidget* widget : m->window->findChildren<QWidget*>()) {
            // A label is named by its text, and a button gets its own when it is shown.
            const bool isNamedLater =
                qobject_cast<const QLabel*>(widget) != nullptr ||
                (widget->isHidden() && qobject_cast<const QAbstractButton*>(widget) != nullptr);
            if (isNamedLater || !isControl(*widget))
                continue;
            ++controls;
            if (nameOf(*widget).isEmpty())
                nameless << describe(*widget);
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
        QVERIFY(controls > 40);
    }

    // Twice as large, as on a dense screen with large letters: nothing needs more than a screen.
    void largeLettersFit()
    {
        const QFont before = QApplication::font();
        QFont large = before;
        large.setPointSizeF(before.pointSizeF() * 2);
        QApplication::setFont(large);
        QCoreApplication::processEvents();
        const QSize needed = m->window->minimumSizeHint();
        QApplication::setFont(before);
        QVERIFY2(needed.width() <= 1920 && needed.height() <= 1080,
                 qPrintable(QStringLiteral("%1 x %2").arg(needed.width()).arg(needed.height())));
    }

private:
    // The view that an action of a menu belongs to.
    static const QObject* topOf(const QAction& action)
    {
        const QObject* owner = action.parent();
        while (owner != nullptr && qobject_cast<const QMenu*>(owner) != nullptr)
            owner = owner->parent();
        return owner;
    }

    // What takes the keyboard or is pressed; not what is inside of such.
    static bool isInAContextMenu(const QAction& action)
    {
        const QObjectList owners = action.associatedObjects();
        return std::any_of(owners.begin(), owners.end(), [](const QObject* owner) {
            const auto* view = qobject_cast<const QAbstractItemView*>(owner);
            return view != nullptr && view->contextMenuPolicy() == Qt::ActionsContextMenu;
        });
    }

    static bool isControl(const QWidget& widget)
    {
        if (qobject_cast<const QMenu*>(&widget) != nullptr ||
            qobject_cast<const QMenuBar*>(&widget) != nullptr ||
            qobject_cast<const QScrollBar*>(&widget) != nullptr ||
            qobject_cast<const QDockWidget*>(&widget) != nullptr)
            return false;
        if (widget.objectName().startsWith(QStringLiteral("qt_")))
            return false;
        // Qt's own for docks that lie over each other; its tabs have the docks' names.
        if (qobject_cast<const QTabBar*>(&widget) != nullptr &&
            qobject_cast<const QMainWindow*>(widget.parent()) != nullptr)
            return false;
        for (const QObject* above = widget.parent(); above != nullptr; above = above->parent()) {
            const bool isPart =
                qobject_cast<const QComboBox*>(above) != nullptr ||
                qobject_cast<const QLineEdit*>(above) != nullptr ||
                above->inherits("QAbstractSpinBox") || above->inherits("QAbstractItemView") ||
                above->inherits("QDockWidgetTitleBar") || above->inherits("QTabBar");
            if (isPart)
                return false;
            if (above->inherits("QDockWidget") && (widget.inherits("QDockWidgetTitleButton")))
                return false;
        }
        if (widget.inherits("QToolBarExtension") || widget.inherits("QHeaderView"))
            return false;
        return widget.focusPolicy() != Qt::NoFocus ||
               qobject_cast<const QAbstractButton*>(&widget) != nullptr;
    }

    static QString nameOf(const QWidget& widget)
    {
        if (!widget.accessibleName().isEmpty())
            return widget.accessibleName();
        if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
            return button->text();
        if (const auto* group = qobject_cast<const QGroupBox*>(&widget))
            return group->title();
        const auto labels = widget.window()->findChildren<QLabel*>();
        for (const QLabel* label : labels) {
            if (label->buddy() == &widget)
                return label->text();
        }
        return {};
    }

    static QString describe(const QWidget& widget)
    {
        QStringList way;
        for (const QObject* object = &widget; object != nullptr; object = object->parent())
            way.prepend(QStringLiteral("%1(%2)").arg(
                QString::fromLatin1(object->metaObject()->className()), object->objectName()));
        return way.join(QStringLiteral(" > "));
    }

    std::unique_ptr<WindowFixture> m;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::AccessTest)
#include "access_test.moc"
