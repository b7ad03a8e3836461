// The whole chain as a user goes it: a model is opened, optimised and run in the window, with the
// real engine. Every step can be kept as a picture: JITSCOPE_SCREENSHOTS names the folder.
#include "views/code/code_view.h"
#include "views/find/find_panel.h"
#include "views/graph/graph_view.h"
#include "views/shell/main_window.h"
#include "views/shell/message_bar.h"
#include "views/shell/theme.h"
#include "views/timeline/timeline_view.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

namespace jitscope::views {

namespace {

constexpr int longWait = 60'000; // ms; the engine loads LibTorch, perhaps on a busy machine

int unexpectedWarnings = 0;

// A warning of Qt is a mistake of ours, except where the offscreen platform speaks of itself.
void countWarnings(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    std::fprintf(stderr, "%s\n", qPrintable(text));
    const bool isOfThePlatform = text.contains(QStringLiteral("This plugin does not support")) ||
                                 text.contains(QStringLiteral("XDG_RUNTIME_DIR"));
    if (type != QtDebugMsg && type != QtInfoMsg && !isOfThePlatform)
        ++unexpectedWarnings;
}

} // namespace

class WindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFileInfo(enginePath()).isExecutable())
            QSKIP("There is no engine; set JITSCOPE_ENGINE_PATH.");
        qInstallMessageHandler(countWarnings);
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("jitscope"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        applyTheme(*qApp, Theme::Light);
    }

    void cleanupTestCase() { QCOMPARE(unexpectedWarnings, 0); }

    void init()
    {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<MainWindow>(
            [this] {
                return std::make_unique<Workspace>(enginePath(),
                                                   m_folder->filePath(QStringLiteral("documents")));
            },
            samples());
        m_workspace = &m_window->workspace();
        m_window->resize(1600, 1000);
        m_window->show();
    }

    void cleanup()
    {
        m_window.reset();
        m_workspace = nullptr;
    }

    void theWholeChain_data()
    {
        QTest::addColumn<QString>("model");
        QTest::newRow("residual_cnn_scripted") << sample("residual_cnn_scripted.pt");
        const QString large =
            QDir(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation))
                .filePath(QStringLiteral("jitscope/models/resnet50_scripted.pt"));
        if (QFileInfo::exists(large))
            QTest::newRow("resnet50_scripted") << large;
    }

    void theWholeChain()
    {
        QFETCH(QString, model);
        keepPicture("start");
        open(model);
        keepPicture("opened");
        const auto nodesOf = [this] {
            return m_workspace->document().stage(m_workspace->document().currentStage())->graph;
        };

        applyFromTheList("freeze");
        keepPicture("frozen");
        const std::int64_t frozen = nodesOf();
        applyFromTheList("fold-batch-norm");
        QVERIFY(nodesOf() != frozen);
        auto* differences = child<QTableView>("differenceTable");
        QTRY_VERIFY(differences->model()->rowCount() > 0);
        keepPicture("folded");

        runByTheDialog(10);
        QCOMPARE(m_workspace->document().runs().size(), std::size_t(1));
        const document::RunRow& run = m_workspace->document().runs().front();
        QCOMPARE(run.state, std::string("done"));
        QCOMPARE(run.outputs_equal, std::string("yes"));
        QCOMPARE(run.executed, run.recorded);
        QCOMPARE(run.dropped, 0);
        auto* table = child<QTableView>("statisticsTable");
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 0, longWait);
        keepPicture("ran");

        // The rows are in order of time: the first is the most expensive.
        m_workspace->selection().clear(nullptr);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(0, 0)).center());
        QTRY_VERIFY(!m_workspace->selection().nodes().empty());
        const document::NodeRef selected = m_workspace->selection().nodes().front();
        QVERIFY(m_workspace->document().nodeIndex()->node(selected.key) != nullptr);
        const QString kind = table->model()->index(0, 0).data().toString();
        QCOMPARE(m_workspace->document().nodeIndex()->node(selected.key)->kind, kind.toStdString());
        const auto* properties = child<QTreeWidget>("propertyTree");
        QTRY_VERIFY(properties->topLevelItemCount() > 0 &&
                    properties->topLevelItem(0)->text(0) == kind);
        QTRY_VERIFY(properties->topLevelItemCount() > 1 &&
                    properties->topLevelItem(1)->text(0).startsWith(
                        QStringLiteral("Time in run 1, stage ")));
        keepPicture("selected");
        QVERIFY2(!messageBar()->isVisible(), qPrintable(messageBar()->text()));

        trigger("actionUndo");
        QCOMPARE(nodesOf(), frozen);
        trigger("actionRedo");
        QVERIFY(nodesOf() != frozen);
        trigger("actionThemeDark");
        keepPicture("dark");
        trigger("actionThemeLight");
    }

    void aLineOfAFunctionRingsItsNodes()
    {
        open(sample("residual_cnn_scripted.pt"));
        FindPanel& find = m_window->page().find();
        find.setText(QStringLiteral("kind:batch_norm"));
        find.first();
        auto* graph = child<GraphView>("graphView");
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->selection().nodes().empty() && !graph->isBusy(),
                                 longWait);
        auto* dock = child<QDockWidget>("codeDock");
        dock->show();
        dock->raise();
        auto* text = child<QPlainTextEdit>("pythonText");
        const QString line = QStringLiteral("if training:");
        QTRY_VERIFY_WITH_TIMEOUT(!text->document()->find(line).isNull(), longWait);
        text->setTextCursor(text->document()->find(line));
        text->centerCursor();
        // Which modules call the function is read meanwhile.
        const std::size_t batchNorms = 2;
        QTRY_VERIFY_WITH_TIMEOUT(
            (QTest::mouseClick(text->viewport(), Qt::LeftButton, {}, text->cursorRect().center()),
             m_workspace->selection().nodes().size() >= batchNorms),
            longWait);
        const auto& nodes = m_workspace->selection().nodes();
        QVERIFY(std::none_of(nodes.begin(), nodes.end(),
                             [](const document::NodeRef& ref) { return ref.modulePath.empty(); }));
        QVERIFY(child<QAction>("graphFitSelection")->isEnabled()); // something is ringed
        keepPicture("function-line");
    }

    void aKilledEngineLeavesTheDocumentAndTheNextRunWorks()
    {
        open(sample("residual_cnn_scripted.pt"));
        protocol::RunParams endless;
        endless.iterations = 1'000'000;
        m_workspace->run(endless);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->document().runs().empty(), longWait);
        QVERIFY(killEngine());
        QTRY_VERIFY_WITH_TIMEOUT(messageBar()->isVisible(), longWait);
        QVERIFY(messageBar()->text().contains(QStringLiteral("engine")));
        QVERIFY(m_workspace->document().isOpen());
        QTRY_VERIFY(!m_workspace->isBusy());
        QTRY_COMPARE(m_workspace->document().runs().front().state, std::string("interrupted"));
        QTRY_VERIFY(child<QComboBox>("timelineRun")
                        ->currentText()
                        .contains(QStringLiteral("(interrupted)")));
        QVERIFY(child<GraphView>("graphView")->isVisible());
        keepPicture("engine-lost");

        runByTheDialog(2);
        QCOMPARE(m_workspace->document().runs().size(), std::size_t(2));
        QCOMPARE(m_workspace->document().runs().back().state, std::string("done"));
        QCOMPARE(m_workspace->document().runs().front().state, std::string("interrupted"));
    }

    void argumentsOfAPassReachTheEngine()
    {
        open(sample("residual_cnn_scripted.pt"));
        chooseInTheList("eliminate-dead-code");
        auto* effects = child<QComboBox>("argument-side-effects");
        QCOMPARE(effects->currentText(), QStringLiteral("keep"));
        QTest::keyClick(effects, Qt::Key_Down);
        QTest::mouseClick(child<QPushButton>("applyPass"), Qt::LeftButton);
        const auto& document = m_workspace->document();
        QTRY_COMPARE_WITH_TIMEOUT(document.stage(document.currentStage())->arguments,
                                  std::string(R"({"side-effects":"delete"})"), longWait);
    }

    void cancelEndsARun()
    {
        open(sample("residual_cnn_scripted.pt"));
        protocol::RunParams endless;
        endless.iterations = 1'000'000;
        m_workspace->run(endless);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->document().runs().empty(), longWait);
        QTest::mouseClick(child<QAbstractButton>("cancelButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy(), longWait);
        QCOMPARE(m_workspace->engine().state(), EngineClient::State::Ready);
        QTRY_COMPARE(m_workspace->document().runs().back().state, std::string("cancelled"));
    }

    void printedIrOpensWithoutAModel()
    {
        const QString path = m_folder->filePath(QStringLiteral("graph.txt"));
        std::ofstream(path.toStdString()) << "graph(%x : Tensor):\n"
                                             "  %y : Tensor = aten::relu(%x), scope: __module.act\n"
                                             "  return (%y)\n";
        m_window->openFile(path);
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->document().isOpen(), longWait);
        QVERIFY(messageBar()->text().contains(QStringLiteral("printed IR")));
        QVERIFY(!child<QAction>("actionRun")->isEnabled());
        QTRY_VERIFY(child<QTreeView>("passList")->model()->rowCount() > 0);
        QVERIFY(!child<QPushButton>("applyPass")->isEnabled());
        QVERIFY(child<QLabel>("passEffect")->text().contains(QStringLiteral("printed IR")));
        auto* ir = child<QPlainTextEdit>("irText"); // all that there is to read
        QTRY_VERIFY(ir->toPlainText().contains(QStringLiteral("aten::relu")));
        keepPicture("printed-ir");
    }

    void aTextFileIsRefusedAndTheWindowGoesOn()
    {
        const QString path = m_folder->filePath(QStringLiteral("notes.txt"));
        std::ofstream(path.toStdString()) << "No model at all.\n";
        m_window->openFile(path);
        QTRY_VERIFY_WITH_TIMEOUT(messageBar()->isVisible(), longWait);
        QVERIFY(!messageBar()->text().isEmpty());
        QVERIFY(!m_workspace->document().isOpen());
        QVERIFY(child<QWidget>("startPage")->isVisible());
        keepPicture("refused");
        QTest::mouseClick(child<QAbstractButton>("closeMessage"), Qt::LeftButton);
        QVERIFY(!messageBar()->isVisible());
        open(sample("pointwise.pt"));
    }

    void aDroppedFileIsOpened()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(sample("pointwise.pt"))});
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        waitForPicture();
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("pointwise.pt")));
    }

    void theStartPageListsSamplesAndRecentFiles()
    {
        auto* list = child<QListWidget>("sampleList");
        QVERIFY(list->count() >= 10);
        QListWidgetItem* first = list->item(0);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualItemRect(first).center());
        waitForPicture();
        trigger("actionClose");
        QVERIFY(child<QWidget>("startPage")->isVisible());
        auto* recent = child<QListWidget>("recentList");
        QCOMPARE(recent->count(), 1);
        QCOMPARE(recent->item(0)->text(), first->text());
    }

    void everyMethodCanBeShown()
    {
        open(sample("several_methods.pt"));
        auto* methods = child<QComboBox>("methodBox");
        QStringList names;
        for (int i = 0; i < methods->count(); ++i)
            names.append(methods->itemText(i));
        names.sort();
        QCOMPARE(names, QStringList({QStringLiteral("decode"), QStringLiteral("encode"),
                                     QStringLiteral("forward")}));
        QSignalSpy pictures(child<GraphView>("graphView"), &GraphView::pictureChanged);
        methods->setCurrentIndex(methods->findText(QStringLiteral("encode")));
        Q_EMIT methods->activated(methods->currentIndex()); // as a click in its list does
        QTRY_VERIFY_WITH_TIMEOUT(!pictures.isEmpty(), longWait);
        QCOMPARE(m_workspace->method(), QStringLiteral("encode"));
    }

private:
    static QString samples()
    {
        return QDir(qEnvironmentVariable("JITSCOPE_SOURCE_DIR"))
            .filePath(QStringLiteral("resources/samples"));
    }
    static QString sample(const char* name)
    {
        return QDir(samples()).filePath(QString::fromLatin1(name));
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
    void trigger(const char* action) const { child<QAction>(action)->trigger(); }

    void open(const QString& path)
    {
        m_window->openFile(path);
        waitForPicture();
    }

    void waitForPicture()
    {
        auto* graph = child<GraphView>("graphView");
        QSignalSpy firstFrame(graph, &GraphView::firstFrame);
        QVERIFY2(firstFrame.wait(longWait), qPrintable(messageBar()->text()));
        QVERIFY(m_workspace->document().isOpen());
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy(), longWait);
    }

    void chooseInTheList(const char* pass)
    {
        auto* list = child<QTreeView>("passList");
        QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 0, longWait);
        const QModelIndexList found = list->model()->match(list->model()->index(0, 0), Qt::UserRole,
                                                           QString::fromLatin1(pass), 1,
                                                           Qt::MatchExactly | Qt::MatchRecursive);
        QCOMPARE(found.size(), 1);
        list->scrollTo(found.front());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(found.front()).center());
    }

    void applyFromTheList(const char* pass)
    {
        chooseInTheList(pass);
        QSignalSpy stage(&m_workspace->document(), &DocumentModel::currentStageChanged);
        QTest::mouseClick(child<QPushButton>("applyPass"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!stage.isEmpty(), longWait);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy() && !child<GraphView>("graphView")->isBusy(),
                                 longWait);
        QCOMPARE(m_workspace->document().stage(m_workspace->document().currentStage())->pass,
                 std::string(pass));
    }

    void runByTheDialog(int iterations)
    {
        trigger("actionRun");
        auto* dialog = child<QDialog>("runDialog");
        QVERIFY(dialog->isVisible());
        auto* box = dialog->findChild<QSpinBox*>(QStringLiteral("iterations"));
        box->selectAll();
        QTest::keyClicks(box, QString::number(iterations));
        keepPicture("run-dialog", dialog);
        QSignalSpy shown(&m_workspace->document(), &DocumentModel::currentRunChanged);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("startRun")),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), longWait);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workspace->isBusy(), longWait);
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->document().runs().back().state != "recording",
                                 longWait);
        QTRY_VERIFY_WITH_TIMEOUT(!child<TimelineView>("timelineView")->isBusy(), longWait);
    }

    // The engine is the only child process that serves.
    bool killEngine()
    {
        const QDir processes(QStringLiteral("/proc/self/task"));
        bool killed = false;
        const QStringList threads = processes.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString& thread : threads) {
            std::ifstream children(
                processes.filePath(thread + QStringLiteral("/children")).toStdString());
            for (long pid = 0; children >> pid;) {
                std::ifstream commandLine("/proc/" + std::to_string(pid) + "/cmdline");
                std::string words((std::istreambuf_iterator<char>(commandLine)), {});
                if (words.find("serve") != std::string::npos)
                    killed = ::kill(static_cast<pid_t>(pid), SIGKILL) == 0 || killed;
            }
        }
        return killed;
    }

    void keepPicture(const char* step, QWidget* widget = nullptr)
    {
        const QString folder = qEnvironmentVariable("JITSCOPE_SCREENSHOTS");
        if (folder.isEmpty())
            return;
        QTest::qWait(200); // what is painted later: the minimap, the heat beside the code
        QDir().mkpath(folder);
        const char* row = QTest::currentDataTag() == nullptr ? "" : QTest::currentDataTag();
        const QString file =
            QStringLiteral("%1/%2%3%4.png")
                .arg(folder, QString::fromLatin1(row), QString::fromLatin1(*row == 0 ? "" : "-"),
                     QString::fromLatin1(step));
        QVERIFY((widget == nullptr ? m_window.get() : widget)->grab().save(file));
    }

    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
    Workspace* m_workspace = nullptr; // of the first tab
    std::unique_ptr<MainWindow> m_window;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::WindowTest)
#include "window_test.moc"
