// The window with an engine that is made for it: what needs no LibTorch. The whole chain is in
// tests/app/gui.
#include "views/shell/main_window.h"

#include "core/document/reader.h"
#include "tests/views/model/sample_document.h"
#include "views/graph/graph_view.h"
#include "views/shell/document_saver.h"
#include "views/shell/message_bar.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMap>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <QTreeWidget>

namespace jitscope::views {

class MainWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support|.*XDG_RUNTIME_DIR)")));
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        makeWindow();
    }

    void cleanup()
    {
        m_window.reset();
        m_workspace = nullptr;
    }

    void escCancelsTheRunningJob()
    {
        open("resnet.pt");
        startSlowJob();
        child<GraphView>("graphView")->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QTRY_VERIFY(!m_workspace->isBusy());
        QCOMPARE(messageBar()->text(), QStringLiteral("Cancelled."));
        QVERIFY(!child<QAction>("actionCancel")->isEnabled()); // Esc is free for others again
        startSlowJob();
        QTest::keyClick(m_window.get(), Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY(!m_workspace->isBusy());
    }

    void aFindBarKeepsEscForItself()
    {
        open("resnet.pt");
        child<QDockWidget>("codeDock")->raise();
        child<QAction>("codeFind")->trigger();
        auto* text = child<QLineEdit>("codeFindText");
        QTRY_VERIFY(text->hasFocus());
        startSlowJob();
        QTest::keyClick(text, Qt::Key_Escape);
        QTRY_VERIFY(!text->isVisible());
        QTest::qWait(50);
        QVERIFY(m_workspace->isBusy());
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QTRY_VERIFY(!m_workspace->isBusy());
    }

    void aDialogKeepsEscForItself()
    {
        open("resnet.pt");
        startSlowJob();
        child<QAction>("actionOperatorLibraries")->trigger();
        auto* dialog = child<QDialog>("operatorLibrariesDialog");
        QTRY_VERIFY(dialog->isActiveWindow());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(m_window->findChild<QDialog*>(QStringLiteral("operatorLibrariesDialog")) ==
                    nullptr);
        QVERIFY(m_workspace->isBusy());
        m_workspace->cancel();
        QTRY_VERIFY(!m_workspace->isBusy());
    }

    void aRunWhoseEngineDiedReadsInterrupted()
    {
        open("resnet.pt");
        protocol::RunParams params;
        params.device = "die";
        m_workspace->run(params);
        QTRY_VERIFY(messageBar()->isVisible());
        auto* runs = child<QComboBox>("timelineRun");
        QTRY_VERIFY(runs->count() == 2 && runs->currentIndex() == 1);
        QTRY_VERIFY2(runs->currentText().contains(QStringLiteral("(interrupted)")),
                     qPrintable(runs->currentText()));
        QVERIFY2(runs->currentText().contains(QStringLiteral("1 iteration,")),
                 qPrintable(runs->currentText()));
        QVERIFY(!runs->itemText(0).contains(QLatin1Char('(')));
    }

    void propertiesTellTheTimeInTheShownRun()
    {
        const QString path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(path.toStdString());
        open(path);
        m_workspace->document().setCurrentStage(3); // the one that was run
        // Its nodes have the keys 1000, 1001, ...: 90 ns each.
        std::vector<document::NodeRef> refs = m_workspace->document().nodeIndex()->origins(1001);
        QCOMPARE(refs.size(), std::size_t(1));
        refs.front().key = 1001;
        m_workspace->selection().selectNodes(refs, nullptr);
        QTRY_VERIFY2(!timeValue(QStringLiteral("Total")).isEmpty(), qPrintable(properties()));
        QVERIFY2(properties().contains(QStringLiteral("Time in run 1, stage freeze")),
                 qPrintable(properties()));
        QVERIFY2(timeValue(QStringLiteral("Total")).startsWith(QStringLiteral("90 ns (")),
                 qPrintable(properties()));
        QCOMPARE(timeValue(QStringLiteral("Executions")), QStringLiteral("1"));
        QCOMPARE(timeValue(QStringLiteral("Made in stage")), QStringLiteral("inlined"));
        m_workspace->selection().selectModule(QString(), nullptr); // the iteration of 1100 ns
        QTRY_VERIFY2(timeValue(QStringLiteral("Total")).contains(QStringLiteral("100.0 %")),
                     qPrintable(properties()));
        m_workspace->selection().selectModule(QStringLiteral("features.0"), nullptr);
        QTRY_VERIFY2(properties().contains(QStringLiteral("Not executed in this run.")),
                     qPrintable(properties()));
    }

    void aMissingOperatorLeadsToItsLibrary()
    {
        const QString library = m_folder->filePath(QStringLiteral("_C.so"));
        QVERIFY(QFile(library).open(QIODevice::WriteOnly));
        open("stubbed.pt");
        QTRY_VERIFY(messageBar()->text().contains(QStringLiteral("torchvision::nms")));
        // The message lies on the graph, and the legend above it.
        auto* legend = child<QWidget>("graphLegend");
        QTRY_VERIFY(legend->isVisible());
        const auto placeOf = [](const QWidget* widget) {
            return QRect(widget->mapToGlobal(QPoint()), widget->size());
        };
        QTRY_VERIFY(placeOf(legend).bottom() <= placeOf(child<QWidget>("messageOverlay")).top());
        QTest::mouseClick(child<QPushButton>("messageAction"), Qt::LeftButton);
        auto* dialog = child<QDialog>("operatorLibrariesDialog");
        QVERIFY(dialog->isVisible());
        chooseFile(library, [dialog] {
            dialog->findChild<QPushButton*>(QStringLiteral("addLibrary"))->click();
        });
        dialog->findChild<QPushButton*>(QStringLiteral("acceptLibraries"))->click();
        QCOMPARE(QSettings().value(QStringLiteral("operatorLibraries")).toStringList(),
                 QStringList(library));
        // What is open goes on as it is until the user opens it again.
        QTRY_VERIFY(messageBar()->text().contains(QStringLiteral("Open the file again")));
        QSignalSpy opened(&m_workspace->document(), &DocumentModel::opened);
        QTest::mouseClick(child<QPushButton>("messageAction"), Qt::LeftButton);
        QVERIFY(opened.wait());
        QVERIFY(child<QPlainTextEdit>("logText")->toPlainText().contains(
            QStringLiteral("Libraries: ") + library));
        QVERIFY(m_workspace->missingOperators().isEmpty());

        // The next window knows them.
        makeWindow();
        open("stubbed.pt");
        QVERIFY(m_workspace->missingOperators().isEmpty());
    }

    void aFailureForWantOfALibraryLeadsThere()
    {
        open("stubbed.pt");
        protocol::RunParams params;
        params.device = "stub";
        m_workspace->run(params);
        QTRY_VERIFY(messageBar()->text().contains(QStringLiteral("which is not loaded")));
        auto* action = child<QPushButton>("messageAction");
        QVERIFY(action->isVisible());
        QTest::mouseClick(action, Qt::LeftButton);
        QVERIFY(child<QDialog>("operatorLibrariesDialog")->isVisible());
    }

    void aDocumentNamesTheLibrariesItWasMadeWith()
    {
        const QString path = m_folder->filePath(QStringLiteral("sent.jitscope"));
        test::writeSampleDocument(path.toStdString());
        QVERIFY(document::Writer::open(path.toStdString())
                    .value()
                    .setInfo("operator_libraries", R"(["/somewhere/_C.so"])")
                    .has_value());
        open(path);
        QTRY_VERIFY(messageBar()->text().contains(QStringLiteral("/somewhere/_C.so")));
        QTest::mouseClick(child<QPushButton>("messageAction"), Qt::LeftButton);
        auto* list = child<QListWidget>("libraryList");
        QCOMPARE(list->count(), 1); // proposed, and only opened when the user agrees
        QCOMPARE(list->item(0)->text(), QStringLiteral("/somewhere/_C.so"));
        QVERIFY(QSettings().value(QStringLiteral("operatorLibraries")).toStringList().isEmpty());
    }

    void savesACopyInTheBackground()
    {
        open("resnet.pt");
        const QString target = m_folder->filePath(QStringLiteral("copy.jitscope"));
        chooseFile(target, [this] { child<QAction>("actionSaveDocument")->trigger(); });
        QTRY_VERIFY(messageBar()->text().contains(QStringLiteral("Saved as ") + target));
        const Result<document::Reader> copy = document::Reader::open(target.toStdString());
        QVERIFY(copy.has_value());
        QCOMPARE(copy->rows<document::StageRow>().value().size(),
                 m_workspace->document().stages().size());
    }

    void aFailedOrCancelledCopyIsSaidAndHarmsNothing()
    {
        open("resnet.pt");
        auto* saver = m_window->findChild<DocumentSaver*>();
        QSignalSpy finished(saver, &DocumentSaver::finished);
        saver->save(m_workspace->document().path(),
                    m_folder->filePath(QStringLiteral("no/folder/copy.jitscope")));
        QVERIFY(saver->isBusy());
        QVERIFY(finished.wait());
        QVERIFY(messageBar()->text().contains(QStringLiteral("could not be saved")));
        messageBar()->hide();

        const QString target = m_folder->filePath(QStringLiteral("kept.jitscope"));
        test::writeSampleDocument(target.toStdString());
        const qint64 size = QFileInfo(target).size();
        saver->save(m_workspace->document().path(), target);
        saver->cancel();
        QVERIFY(finished.wait());
        // It may have been quicker than the cancel; half of it is there in no case.
        QVERIFY(document::Reader::open(target.toStdString()).has_value());
        if (messageBar()->text().contains(QStringLiteral("cancelled")))
            QCOMPARE(QFileInfo(target).size(), size);
        QVERIFY(QDir(m_folder->path()).entryList({QStringLiteral("*partial*")}).isEmpty());
        QVERIFY(m_workspace->document().isOpen());
    }

    void theWindowClosesWhenTheCopyIsDone()
    {
        open("resnet.pt");
        const QString target = m_folder->filePath(QStringLiteral("last.jitscope"));
        m_window->findChild<DocumentSaver*>()->save(m_workspace->document().path(), target);
        QVERIFY(!m_window->close());
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(document::Reader::open(target.toStdString()).has_value());
    }

    // What it writes is a matter of the graph view.
    void exportsTheGraph()
    {
        open("resnet.pt");
        child<QAction>("actionExportGraph")->trigger();
        auto* dialog = child<QDialog>("graphExportDialog");
        QVERIFY(dialog->isVisible());
        dialog->reject();
    }

    void resetLayoutBringsTheDocksBack()
    {
        open("resnet.pt");
        auto* properties = child<QDockWidget>("propertiesDock");
        auto* code = child<QDockWidget>("codeDock");
        QVERIFY(properties->isVisible());
        properties->close();
        code->setFloating(true);
        QVERIFY(!properties->isVisible());
        child<QAction>("actionResetLayout")->trigger();
        QTRY_VERIFY(properties->isVisible());
        QVERIFY(!code->isFloating());
        QCOMPARE(m_window->dockWidgetArea(code), Qt::RightDockWidgetArea);
    }

    void theKeysAreListed()
    {
        QMap<QString, QString> keys; // by action
        QStringList groups;
        bool isFiltered = false;
        inDialog([&](QWidget* dialog) {
            QCOMPARE(dialog->objectName(), QStringLiteral("keysDialog"));
            auto* tree = dialog->findChild<QTreeWidget*>(QStringLiteral("keysTree"));
            for (int i = 0; i < tree->topLevelItemCount(); ++i) {
                const QTreeWidgetItem* group = tree->topLevelItem(i);
                groups << group->text(0);
                for (int j = 0; j < group->childCount(); ++j)
                    keys.insert(group->child(j)->text(0), group->child(j)->text(1));
            }
            auto* filter = dialog->findChild<QLineEdit*>(QStringLiteral("keysFilter"));
            QTest::keyClicks(filter, QStringLiteral("run aga"));
            const QTreeWidgetItem* run = tree->topLevelItem(groups.indexOf(QStringLiteral("Run")));
            isFiltered = tree->topLevelItem(0)->isHidden() && !run->isHidden() &&
                         run->child(0)->isHidden() && !run->child(1)->isHidden();
            dialog->close();
        });
        child<QAction>("actionKeys")->trigger();
        QVERIFY(isFiltered);
        QCOMPARE(groups.front(), QStringLiteral("File"));
        QVERIFY(groups.contains(QStringLiteral("In the graph")));
        QCOMPARE(keys.value(QStringLiteral("Run")), QStringLiteral("Ctrl+R"));
        QCOMPARE(keys.value(QStringLiteral("Cancel")), QStringLiteral("Ctrl+.; Esc"));
        QCOMPARE(keys.value(QStringLiteral("Theme: Dark")), QStringLiteral("Ctrl+Alt+D"));
    }

    void theHelpIsInTheProgram()
    {
        child<QAction>("actionHelp")->trigger();
        auto* dialog = child<QDialog>("helpDialog");
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->findChild<QTextBrowser*>(QStringLiteral("helpText"))
                    ->toPlainText()
                    .contains(QStringLiteral("kind:conv")));
        child<QAction>("actionHelp")->trigger(); // no second one
        QCOMPARE(m_window->findChildren<QDialog*>(QStringLiteral("helpDialog")).size(), 1);
        dialog->close();
    }

    void aboutNamesTheVersions()
    {
        QTRY_COMPARE(m_workspace->engine().state(), EngineClient::State::Ready);
        QString text;
        inDialog([&text](QWidget* dialog) {
            text = qobject_cast<QMessageBox*>(dialog)->text();
            dialog->close();
        });
        child<QAction>("actionAbout")->trigger();
        QVERIFY(text.contains(QStringLiteral("2.11.0")));
        QVERIFY(text.contains(QStringLiteral("There is no GPU.")));
    }

private:
    void makeWindow()
    {
        m_window.reset();
        m_window = std::make_unique<MainWindow>(
            [this] {
                return std::make_unique<Workspace>(QStringLiteral(JITSCOPE_FAKE_ENGINE),
                                                   m_folder->filePath(QStringLiteral("documents")));
            },
            QString());
        m_workspace = &m_window->workspace();
        m_window->resize(1400, 900);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    template <typename T>
    [[nodiscard]] T* child(const char* name) const
    {
        T* found = m_window->findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("the window has no %s", name);
        return found;
    }
    [[nodiscard]] MessageBar* messageBar() const { return child<MessageBar>("messageBar"); }

    void open(const char* model)
    {
        const QString path = m_folder->filePath(QString::fromLatin1(model));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(model) > 0);
        file.close();
        open(path);
    }

    void open(const QString& path)
    {
        QSignalSpy picture(child<GraphView>("graphView"), &GraphView::firstFrame);
        m_window->openFile(path);
        QVERIFY(picture.wait(30'000));
        QTRY_VERIFY(!m_workspace->isBusy());
    }

    void startSlowJob()
    {
        QSignalSpy progress(m_workspace, &Workspace::progress);
        m_workspace->applyPass(QStringLiteral("slow"));
        QTRY_VERIFY(!progress.isEmpty() &&
                    progress.back().front().toString() == QStringLiteral("waiting"));
    }

    // Does `act` with the modal dialog that is going to open.
    void inDialog(std::function<void(QWidget*)> act)
    {
        auto* look = new QTimer(this);
        connect(look, &QTimer::timeout, this, [look, act = std::move(act)] {
            if (QWidget* dialog = QApplication::activeModalWidget()) {
                look->stop();
                look->deleteLater();
                act(dialog);
            }
        });
        look->start(20);
    }

    // The file dialog that `open` opens is answered with the path.
    void chooseFile(const QString& path, const std::function<void()>& open)
    {
        auto* look = new QTimer(this);
        connect(look, &QTimer::timeout, this, [look, path] {
            auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (dialog == nullptr)
                return;
            look->stop();
            look->deleteLater();
            dialog->setDirectory(QFileInfo(path).absolutePath());
            dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
            QMetaObject::invokeMethod(dialog, "accept");
        });
        look->start(20);
        open();
    }

    [[nodiscard]] QString properties() const
    {
        QStringList lines;
        const auto* tree = child<QTreeWidget>("propertyTree");
        for (int i = 0; i < tree->topLevelItemCount(); ++i) {
            const QTreeWidgetItem* section = tree->topLevelItem(i);
            lines << section->text(0);
            for (int j = 0; j < section->childCount(); ++j)
                lines << section->child(j)->text(0) + QStringLiteral(": ") +
                             section->child(j)->text(1);
        }
        return lines.join(QLatin1Char('\n'));
    }

    // The value of a line of the properties.
    [[nodiscard]] QString timeValue(const QString& name) const
    {
        const QStringList lines = properties().split(QLatin1Char('\n'));
        for (const QString& line : lines) {
            if (line.startsWith(name + QStringLiteral(": ")))
                return line.mid(name.size() + 2);
        }
        return {};
    }

    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
    Workspace* m_workspace = nullptr; // of the first tab
    std::unique_ptr<MainWindow> m_window;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::MainWindowTest)
#include "main_window_test.moc"
