// The small parts of the window, each by itself.
#include "views/shell/log_panel.h"
#include "views/shell/message_bar.h"
#include "views/shell/operator_libraries.h"
#include "views/shell/operator_libraries_dialog.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

namespace jitscope::views {

class PanelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    }

    void theLogShowsWhatIsImportantEnough()
    {
        LogPanel log;
        auto* text = child<QPlainTextEdit>(log, "logText");
        auto* level = child<QComboBox>(log, "logLevel");
        log.add(QStringLiteral("debug"), QStringLiteral("details"));
        log.add(QStringLiteral("info"), QStringLiteral("loaded"));
        log.add(QStringLiteral("warning"), QStringLiteral("half full"));
        log.add(QStringLiteral("error"), QStringLiteral("broken"));
        log.add(QStringLiteral("no such level"), QStringLiteral("still said"));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("details")));
        for (const char* said : {"loaded", "half full", "broken", "still said"})
            QVERIFY(text->toPlainText().contains(QLatin1String(said)));
        level->setCurrentIndex(3);
        QVERIFY(text->toPlainText().contains(QStringLiteral("broken")));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("half full")));
        log.add(QStringLiteral("info"), QStringLiteral("later"));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("later")));
        level->setCurrentIndex(0);
        for (const char* said : {"details", "loaded", "broken", "later"})
            QVERIFY(text->toPlainText().contains(QLatin1String(said)));
        QVERIFY(text->isReadOnly());
    }

    void theLogIsCopiedAndCleared()
    {
        LogPanel log;
        log.add(QStringLiteral("info"), QStringLiteral("first"));
        log.add(QStringLiteral("info"), QStringLiteral("second"));
        buttonOf(log, QStringLiteral("Copy all"))->click();
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.contains(QStringLiteral("first")) &&
                copied.contains(QStringLiteral("second")));
        buttonOf(log, QStringLiteral("Clear"))->click();
        QVERIFY(child<QPlainTextEdit>(log, "logText")->toPlainText().isEmpty());
        child<QComboBox>(log, "logLevel")->setCurrentIndex(0); // nothing comes back
        QVERIFY(child<QPlainTextEdit>(log, "logText")->toPlainText().isEmpty());
    }

    void theLogForgetsTheOldest()
    {
        LogPanel log;
        for (int i = 0; i < 12'000; ++i)
            log.add(QStringLiteral("info"), QStringLiteral("line %1.").arg(i));
        auto* text = child<QPlainTextEdit>(log, "logText");
        QVERIFY(text->blockCount() <= 10'000);
        QVERIFY(text->toPlainText().contains(QStringLiteral("line 11999.")));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("line 0.")));
    }

    void anErrorSaysWhatWhereAndWhatToDo()
    {
        QWidget window;
        auto* bar = new MessageBar(&window);
        window.resize(600, 200);
        window.show();
        QVERIFY(!bar->isVisible());
        bar->showError({ErrorCode::UnusableFile, "It is damaged.", "/a/b.pt", "Copy it again."});
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->text(), QStringLiteral("It is damaged. Copy it again."));
        auto* details = child<QLabel>(*bar, "messageDetails");
        QVERIFY(!details->isVisible());
        for (QToolButton* button : bar->findChildren<QToolButton*>()) {
            if (button->isCheckable())
                button->click();
        }
        QVERIFY(details->isVisible());
        QCOMPARE(details->text(), QStringLiteral("/a/b.pt"));
        QVERIFY(!child<QPushButton>(*bar, "messageAction")->isVisible());

        bar->showNotice(QStringLiteral("By the way.")); // an error is not taken away by a notice
        QCOMPARE(bar->text(), QStringLiteral("It is damaged. Copy it again."));
        QTest::mouseClick(child<QToolButton>(*bar, "closeMessage"), Qt::LeftButton);
        QVERIFY(!bar->isVisible());
        bar->showNotice(QStringLiteral("By the way."));
        QCOMPARE(bar->text(), QStringLiteral("By the way."));
        QVERIFY(!details->isVisible());
    }

    void aLongMessageIsCutAndWholeInTheDetails()
    {
        MessageBar bar;
        const std::string what(2000, 'x');
        bar.showError({ErrorCode::ModelFailed, what, {}, {}});
        QVERIFY(bar.text().size() < 500);
        QVERIFY(
            child<QLabel>(bar, "messageDetails")->text().contains(QString::fromStdString(what)));
    }

    void aMessageOffersItsRemedy()
    {
        QAction remedy(QStringLiteral("Help me"));
        QSignalSpy triggered(&remedy, &QAction::triggered);
        MessageBar bar;
        bar.showNotice(QStringLiteral("Something is missing."), &remedy);
        auto* button = child<QPushButton>(bar, "messageAction");
        QVERIFY(button->isVisible());
        QCOMPARE(button->text(), QStringLiteral("Help me"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(triggered.size(), 1);
        QVERIFY(!bar.isVisible());
        bar.showNotice(QStringLiteral("Nothing is missing."));
        QVERIFY(!button->isVisible());
    }

    void librariesAreAddedOrderedAndRemoved()
    {
        const QString there = m_folder.filePath(QStringLiteral("there.so"));
        QVERIFY(QFile(there).open(QIODevice::WriteOnly));
        OperatorLibrariesDialog dialog({QStringLiteral("/a.so"), there},
                                       {QStringLiteral("torchvision::nms")});
        dialog.show();
        QVERIFY(child<QLabel>(dialog, "missingOperators")->isVisible());
        QVERIFY(child<QLabel>(dialog, "missingOperators")
                    ->text()
                    .contains(QStringLiteral("torchvision::nms")));
        auto* list = child<QListWidget>(dialog, "libraryList");
        QVERIFY(list->item(0)->toolTip().contains(QStringLiteral("no such file")));
        QVERIFY(!list->item(1)->toolTip().contains(QStringLiteral("no such file")));
        dialog.add({QStringLiteral("/c.so"), QStringLiteral("/a.so")}); // the second is there
        QCOMPARE(dialog.files(),
                 QStringList({QStringLiteral("/a.so"), there, QStringLiteral("/c.so")}));

        auto* up = child<QPushButton>(dialog, "moveLibraryUp");
        auto* down = child<QPushButton>(dialog, "moveLibraryDown");
        list->setCurrentRow(2);
        QVERIFY(!down->isEnabled());
        QTest::mouseClick(up, Qt::LeftButton);
        QTest::mouseClick(up, Qt::LeftButton);
        QVERIFY(!up->isEnabled());
        QCOMPARE(dialog.files(),
                 QStringList({QStringLiteral("/c.so"), QStringLiteral("/a.so"), there}));
        QTest::mouseClick(down, Qt::LeftButton);
        QTest::mouseClick(child<QPushButton>(dialog, "removeLibrary"), Qt::LeftButton);
        QCOMPARE(dialog.files(), QStringList({QStringLiteral("/a.so"), there}));
        dialog.activateWindow(); // shortcuts are for the active window
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(dialog.files().isEmpty());
        QVERIFY(!child<QPushButton>(dialog, "removeLibrary")->isEnabled());

        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(there)});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&dialog, &enter); // Qt drops where a drag has entered
        QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&dialog, &drop);
        QCOMPARE(dialog.files(), QStringList(there));
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::mouseClick(child<QPushButton>(dialog, "acceptLibraries"), Qt::LeftButton);
        QCOMPARE(accepted.size(), 1);
    }

    void librariesAreRemembered()
    {
        OperatorLibraries libraries;
        QSignalSpy changed(&libraries, &OperatorLibraries::changed);
        const QStringList two = {QStringLiteral("/b.so"), QStringLiteral("/a.so")};
        libraries.set(two);
        libraries.set(two);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(OperatorLibraries().files(), two);
        libraries.set({});
        QVERIFY(OperatorLibraries().files().isEmpty());
    }

    void whatADocumentNamesIsRead()
    {
        QCOMPARE(librariesOf(R"(["/a.so", 3, "/b.so"])"),
                 QStringList({QStringLiteral("/a.so"), QStringLiteral("/b.so")}));
        for (const char* wrong : {"", "nonsense", "{\"a\": 1}", "[", "3"})
            QVERIFY(librariesOf(wrong).isEmpty());
        QVERIFY(concernsOperatorLibraries(
            {ErrorCode::InvalidArgument, "The operator library does not exist.", "/a.so", {}}));
        QVERIFY(!concernsOperatorLibraries({ErrorCode::ModelFailed, "It failed.", {}, {}}));
    }

private:
    template <typename T>
    static T* child(const QWidget& parent, const char* name)
    {
        T* found = parent.findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("there is no %s", name);
        return found;
    }

    static QPushButton* buttonOf(const QWidget& parent, const QString& text)
    {
        for (QPushButton* button : parent.findChildren<QPushButton*>()) {
            if (button->text() == text)
                return button;
        }
        qFatal("there is no button %s", qPrintable(text));
    }

    QTemporaryDir m_folder;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::PanelsTest)
#include "panels_test.moc"
