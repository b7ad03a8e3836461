// What a few letters match, and the palette by keys alone.
#include "views/palette/command_palette.h"

#include "views/palette/fuzzy_match.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

namespace jitscope::views {

class CommandPaletteTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letters()
    {
        QCOMPARE(places("rnag", "Run again"), (QList<int>{0, 2, 4, 5}));
        QCOMPARE(places("ra", "Run again"), (QList<int>{0, 4})); // words begin there
        QCOMPARE(places("op", "Export open"), (QList<int>{7, 8}));
        QCOMPARE(places("sd", "saveDocument"), (QList<int>{0, 4}));
        QCOMPARE(places("run again", "Run again").size(), 8);
        QVERIFY(!fuzzyMatch(u"nur", u"Run").has_value());
        QVERIFY(!fuzzyMatch(u"run", u"").has_value());
        QVERIFY(!fuzzyMatch(u"longer than", u"text").has_value());
        QCOMPARE(fuzzyMatch(u"", u"x")->score, 0);
        QCOMPARE(fuzzyMatch(u"  ", u"")->score, 0);
    }

    void betterMatchesScoreMore()
    {
        QVERIFY(fuzzyMatch(u"run", u"Run")->score > fuzzyMatch(u"run", u"Return now")->score);
        QVERIFY(fuzzyMatch(u"open", u"Open")->score > fuzzyMatch(u"open", u"Reopen")->score);
        QVERIFY(fuzzyMatch(u"fit", u"Fit")->score >
                fuzzyMatch(u"fit", u"Fit the whole graph")->score);
    }

    void init()
    {
        m_done.clear();
        m_window = std::make_unique<QWidget>();
        m_window->resize(800, 600);
        m_palette = new CommandPalette(
            {{QString(), QStringLiteral("Commands"), [this](const QString&) { return commands(); }},
             {QStringLiteral("@"), QStringLiteral("Modules"),
              [this](const QString&) {
                  return QList<PaletteItem>{item("layer1"), item("layer2")};
              }},
             {QStringLiteral("#"), QStringLiteral("Nodes"),
              [this](const QString& text) {
                  PaletteItem look = item("look");
                  look.title = QStringLiteral("Look for ") + text;
                  return QList<PaletteItem>{look};
              },
              true}},
            *m_window);
        m_tester = std::make_unique<QAbstractItemModelTester>(list()->model());
        m_window->show();
        QVERIFY(!m_palette->isVisible());
        m_palette->open();
        QVERIFY(m_palette->isVisible());
    }

    void cleanup()
    {
        m_tester.reset();
        m_window.reset();
    }

    void byKeysAlone()
    {
        QCOMPARE(titles(), (QStringList{QStringLiteral("Open"), QStringLiteral("Run"),
                                        QStringLiteral("Run again"), QStringLiteral("Cancel")}));
        QTest::keyClicks(line(), QStringLiteral("ru"));
        QCOMPARE(titles(), (QStringList{QStringLiteral("Run"), QStringLiteral("Run again")}));
        QTest::keyClick(line(), Qt::Key_Down);
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(m_done, QStringList{QStringLiteral("Run again")});
        QVERIFY(!m_palette->isVisible());
    }

    void arrowsGoRound()
    {
        QTest::keyClick(line(), Qt::Key_Up);
        QCOMPARE(list()->currentIndex().row(), 3);
        QTest::keyClick(line(), Qt::Key_Down);
        QCOMPARE(list()->currentIndex().row(), 0);
    }

    void whatWasUsedLastComesFirst()
    {
        QSignalSpy changed(m_palette, &CommandPalette::recentChanged);
        QTest::keyClicks(line(), QStringLiteral("again"));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(changed.size(), 1);
        m_palette->open();
        QCOMPARE(titles().front(), QStringLiteral("Run again"));
        QCOMPARE(m_palette->recent(), QStringList{QStringLiteral("Run again")});
        m_palette->setRecent({QStringLiteral("Cancel"), QStringLiteral("no longer there")});
        m_palette->open();
        QCOMPARE(titles().front(), QStringLiteral("Cancel"));
    }

    void whatCannotBeDoneSaysWhy()
    {
        QTest::keyClicks(line(), QStringLiteral("cancel"));
        const QModelIndex cancel = list()->currentIndex();
        QCOMPARE(cancel.data(PaletteModel::detailRole).toString(),
                 QStringLiteral("Nothing is running"));
        QVERIFY(cancel.data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("not available")));
        QTest::keyClick(line(), Qt::Key_Return);
        QVERIFY(m_done.isEmpty());
        QVERIFY(m_palette->isVisible());
    }

    void detailsMatchToo()
    {
        QTest::keyClicks(line(), QStringLiteral("file open"));
        QCOMPARE(titles(), QStringList()); // in this order it is nowhere
        line()->setText(QStringLiteral("open file"));
        QCOMPARE(titles(), QStringList{QStringLiteral("Open")});
    }

    void prefixes()
    {
        QTest::keyClicks(line(), QStringLiteral("@la2"));
        QCOMPARE(titles(), QStringList{QStringLiteral("layer2")});
        line()->setText(QStringLiteral("#conv x"));
        QCOMPARE(titles(), QStringList{QStringLiteral("Look for conv x")});
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(m_done, QStringList{QStringLiteral("look")});
        m_palette->open(QStringLiteral("@"));
        QCOMPARE(titles().size(), 2);
    }

    void escapeAndAClickElsewhereClose()
    {
        QSignalSpy closed(m_palette, &CommandPalette::closed);
        QTest::keyClick(line(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QCOMPARE(closed.size(), 1);
        m_palette->open();
        QFocusEvent lost(QEvent::FocusOut, Qt::MouseFocusReason);
        QCoreApplication::sendEvent(line(), &lost);
        QVERIFY(!m_palette->isVisible());
    }

    void aClickDoesIt()
    {
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                          list()->visualRect(list()->model()->index(1, 0)).center());
        QCOMPARE(m_done, QStringList{QStringLiteral("Run")});
    }

private:
    static QList<int> places(const char* pattern, const char* text)
    {
        const auto match = fuzzyMatch(QString::fromLatin1(pattern), QString::fromLatin1(text));
        return match ? match->letters : QList<int>{-1};
    }

    PaletteItem item(const char* title)
    {
        const QString text = QString::fromLatin1(title);
        PaletteItem made;
        made.id = text;
        made.title = text;
        made.run = [this, text] { m_done << text; };
        return made;
    }

    QList<PaletteItem> commands()
    {
        QList<PaletteItem> items{item("Open"), item("Run"), item("Run again"), item("Cancel")};
        items[0].detail = QStringLiteral("File");
        items[0].shortcut = QStringLiteral("Ctrl+O");
        items[3].isEnabled = false;
        items[3].reason = QStringLiteral("Nothing is running");
        return items;
    }

    [[nodiscard]] QLineEdit* line() const
    {
        return m_palette->findChild<QLineEdit*>(QStringLiteral("paletteText"));
    }
    [[nodiscard]] QListView* list() const
    {
        return m_palette->findChild<QListView*>(QStringLiteral("paletteList"));
    }
    [[nodiscard]] QStringList titles() const
    {
        QStringList all;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            all << list()->model()->index(row, 0).data().toString();
        return all;
    }

    std::unique_ptr<QWidget> m_window;
    CommandPalette* m_palette = nullptr;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QStringList m_done;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::CommandPaletteTest)
#include "command_palette_test.moc"
