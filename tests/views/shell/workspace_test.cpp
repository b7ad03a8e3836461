// The workspace with an engine that is made for it: no LibTorch, real documents.
#include "views/shell/workspace.h"

#include "tests/views/model/sample_document.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace jitscope::views {

class WorkspaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_errors.clear();
        m_workspace = std::make_unique<Workspace>(QStringLiteral(JITSCOPE_FAKE_ENGINE),
                                                  m_folder->filePath(QStringLiteral("documents")));
        m_workspace->warmUp();
        connect(m_workspace.get(), &Workspace::failed, this,
                [this](const Error& error) { m_errors.push_back(error); });
    }

    void cleanup() { m_workspace.reset(); }

    void theEngineIsWarmBeforeAnythingIsOpened()
    {
        QSignalSpy passes(m_workspace.get(), &Workspace::passesChanged);
        QVERIFY(passes.wait());
        QCOMPARE(m_workspace->engine().state(), EngineClient::State::Ready);
        QVERIFY(!m_workspace->isBusy());
        QVERIFY(!m_workspace->canUndo());
        QVERIFY(!m_workspace->canRedo());
        m_workspace->undo();
        m_workspace->redo();
        m_workspace->cancel();
        m_workspace->applyPass(QStringLiteral("freeze")); // nothing is open
        QVERIFY(!m_workspace->isBusy());
    }

    void opensAModel()
    {
        QVERIFY(openModel("resnet.pt"));
        QVERIFY(m_workspace->filePath().endsWith(QStringLiteral("resnet.pt")));
        QVERIFY(m_workspace->document().path().startsWith(m_folder->path()));
        QVERIFY(m_workspace->document().path().endsWith(QStringLiteral(".jitscope")));
        QVERIFY(!m_workspace->isBusy());
        QVERIFY(m_errors.empty());
    }

    void twoModelsOfOneNameHaveTwoDocuments()
    {
        QVERIFY(openModel("resnet.pt"));
        const QString first = m_workspace->document().path();
        QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("other")));
        QVERIFY(openModel("other/resnet.pt"));
        QVERIFY(m_workspace->document().path() != first);
    }

    void aFileThatIsNoModelIsSaid()
    {
        m_workspace->openFile(file("error")); // what the engine answers to that name
        QTRY_COMPARE(m_errors.size(), std::size_t(1));
        QCOMPARE(m_errors.front().what, std::string("This is no model."));
        QCOMPARE(m_errors.front().remedy, std::string("Open a model."));
        QVERIFY(!m_workspace->document().isOpen());
        QVERIFY(!m_workspace->isBusy());
        QVERIFY(openModel("resnet.pt"));
    }

    void aDamagedDocumentIsSaid()
    {
        const QString path = m_folder->filePath(QStringLiteral("damaged.jitscope"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no document");
        file.close();
        m_workspace->openFile(path);
        QTRY_COMPARE(m_errors.size(), std::size_t(1));
        QCOMPARE(m_errors.front().code, ErrorCode::UnusableFile);
        QVERIFY(!m_workspace->isBusy());
        QVERIFY(openModel("resnet.pt"));
    }

    void aPassMakesAStageAndUndoLeadsBack()
    {
        QVERIFY(openModel("resnet.pt"));
        QVERIFY(apply("freeze"));
        const std::int64_t made = m_workspace->document().currentStage();
        const document::StageRow* stage = m_workspace->document().stage(made);
        QCOMPARE(stage->pass, std::string("freeze"));
        const std::int64_t inlined = stage->parent;
        QCOMPARE(m_workspace->document().stage(inlined)->kind, std::string("inlined"));

        QVERIFY(m_workspace->canUndo());
        m_workspace->undo();
        QCOMPARE(m_workspace->document().currentStage(), inlined);
        QVERIFY(m_workspace->canRedo());
        m_workspace->redo();
        QCOMPARE(m_workspace->document().currentStage(), made);
        QVERIFY(!m_workspace->canRedo());

        QVERIFY(apply("fold"));
        const auto* second = m_workspace->document().stage(m_workspace->document().currentStage());
        QCOMPARE(second->parent, made); // on the stage that was shown
    }

    void argumentsGoWithThePass()
    {
        QVERIFY(openModel("resnet.pt"));
        m_workspace->applyPass(QStringLiteral("freeze"), {{"mode", "keep"}});
        QTRY_VERIFY(!m_workspace->isBusy());
        const auto& document = m_workspace->document();
        QTRY_COMPARE(document.stage(document.currentStage())->pass,
                     std::string("freeze:mode=keep"));
    }

    void operatorLibrariesAreThoseOfTheOpening()
    {
        m_workspace->setOperatorLibraries({QStringLiteral("/a.so"), QStringLiteral("/b.so")});
        QVERIFY(openModel("stubbed.pt"));
        const auto content = m_workspace->document().content();
        QCOMPARE(content->problems.back().message, std::string("Libraries: /a.so /b.so"));
        QVERIFY(m_workspace->missingOperators().isEmpty());
        // Others are for the next file; an engine that is started again gets those of this one.
        m_workspace->setOperatorLibraries({});
        m_workspace->applyPass(QStringLiteral("crash"));
        QTRY_COMPARE(m_errors.size(), std::size_t(1));
        QTRY_VERIFY(!m_workspace->isBusy());
        QSignalSpy missing(m_workspace.get(), &Workspace::librariesMissing);
        QVERIFY(apply("freeze"));
        QCOMPARE(missing.size(), 0);
        QVERIFY(openModel("stubbed.pt"));
        QCOMPARE(missing.size(), 1);
        QCOMPARE(m_workspace->missingOperators().size(), 2);
        m_workspace->closeFile();
        QVERIFY(m_workspace->missingOperators().isEmpty());
    }

    void redoLeadsToTheNewestBranch()
    {
        QVERIFY(openModel("resnet.pt"));
        QVERIFY(apply("freeze"));
        m_workspace->undo();
        QVERIFY(apply("peephole"));
        const std::int64_t newest = m_workspace->document().currentStage();
        m_workspace->undo();
        m_workspace->redo();
        QCOMPARE(m_workspace->document().currentStage(), newest);
    }

    void aFailingPassIsSaidAndChangesNothing()
    {
        QVERIFY(openModel("resnet.pt"));
        const std::int64_t before = m_workspace->document().currentStage();
        m_workspace->applyPass(QStringLiteral("fail"));
        QTRY_COMPARE(m_errors.size(), std::size_t(1));
        QCOMPARE(m_errors.front().what, std::string("The model failed."));
        QCOMPARE(m_workspace->document().currentStage(), before);
        QVERIFY(!m_workspace->isBusy());
    }

    void aPassWithoutEffectIsSaid()
    {
        QVERIFY(openModel("resnet.pt"));
        QSignalSpy notices(m_workspace.get(), &Workspace::notice);
        m_workspace->applyPass(QStringLiteral("nothing"));
        QTRY_VERIFY(!notices.isEmpty());
        QTRY_VERIFY(!m_workspace->isBusy());
    }

    void runs()
    {
        QVERIFY(openModel("resnet.pt"));
        QSignalSpy run(&m_workspace->document(), &DocumentModel::currentRunChanged);
        protocol::RunParams params;
        params.iterations = 3;
        m_workspace->run(params);
        QVERIFY(m_workspace->isBusy());
        QVERIFY(run.wait());
        QTRY_VERIFY(!m_workspace->isBusy());
        QCOMPARE(m_workspace->lastRun().iterations, 3);
        QVERIFY(m_errors.empty());
    }

    void cancelStopsAndIsNoError()
    {
        QVERIFY(openModel("resnet.pt"));
        QSignalSpy progress(m_workspace.get(), &Workspace::progress);
        m_workspace->applyPass(QStringLiteral("slow"));
        QTRY_VERIFY(std::any_of(progress.begin(), progress.end(), [](const auto& arguments) {
            return arguments.at(0).toString() == QStringLiteral("waiting");
        }));
        QVERIFY(!m_workspace->activity().isEmpty());
        m_workspace->cancel();
        QTRY_VERIFY(!m_workspace->isBusy());
        QVERIFY(m_workspace->activity().isEmpty());
        QVERIFY(m_errors.empty());
        QVERIFY(apply("freeze"));
    }

    void aLostEngineLeavesTheDocumentAndTheNextRequestStartsAnother_data()
    {
        QTest::addColumn<bool>("inRun");
        QTest::newRow("in a pass") << false;
        QTest::newRow("in a run") << true;
    }

    void aLostEngineLeavesTheDocumentAndTheNextRequestStartsAnother()
    {
        QFETCH(bool, inRun);
        QVERIFY(openModel("resnet.pt"));
        QVERIFY(apply("freeze"));
        const std::int64_t shown = m_workspace->document().currentStage();
        QSignalSpy closed(&m_workspace->document(), &DocumentModel::closed);
        protocol::RunParams params;
        params.device = "crash";
        if (inRun)
            m_workspace->run(params);
        else
            m_workspace->applyPass(QStringLiteral("crash"));
        QTRY_COMPARE(m_errors.size(), std::size_t(1));
        QCOMPARE(m_errors.front().code, ErrorCode::EngineLost);
        QVERIFY(!m_errors.front().remedy.empty());
        QTRY_VERIFY(!m_workspace->isBusy());
        QCOMPARE(closed.size(), 0);
        QVERIFY(m_workspace->document().isOpen());
        QCOMPARE(m_workspace->document().currentStage(), shown);

        QVERIFY(apply("peephole"));
        QCOMPARE(m_workspace->document().stage(m_workspace->document().currentStage())->parent,
                 shown);
        QCOMPARE(m_errors.size(), std::size_t(1));
    }

    void aDocumentOpensWithoutItsModelAndAsksForItWhenItIsNeeded()
    {
        const QString path = m_folder->filePath(QStringLiteral("sent.jitscope"));
        test::writeSampleDocument(path.toStdString()); // its model is /models/m.pt
        m_workspace->openFile(path);
        QTRY_VERIFY(m_workspace->document().isOpen());
        QVERIFY(!m_workspace->isBusy());
        QCOMPARE(m_workspace->document().path(), path);

        QSignalSpy needed(m_workspace.get(), &Workspace::modelNeeded);
        m_workspace->applyPass(QStringLiteral("freeze"));
        QCOMPARE(needed.size(), 1);
        QCOMPARE(needed.front().front().toString(), QStringLiteral("/models/m.pt"));
        m_workspace->setModelPath(QString()); // the user does not know either
        QVERIFY(!m_workspace->isBusy());

        m_workspace->applyPass(QStringLiteral("freeze"));
        m_workspace->setModelPath(file("moved.pt"));
        QTRY_COMPARE(m_workspace->document().stage(m_workspace->document().currentStage())->pass,
                     std::string("freeze"));
        QVERIFY(m_errors.empty());
    }

    void theSecondOfTwoFilesIsShown()
    {
        m_workspace->openFile(file("first.pt"));
        m_workspace->openFile(file("second.pt"));
        QTRY_VERIFY(m_workspace->document().isOpen());
        QVERIFY(m_workspace->document().path().contains(QStringLiteral("second")));
        QTest::qWait(100);
        QVERIFY(m_workspace->document().path().contains(QStringLiteral("second")));
        QTRY_VERIFY(!m_workspace->isBusy());
        QVERIFY(m_errors.empty());
        QVERIFY(apply("freeze"));
    }

    void anotherMethodForgetsTheInputs()
    {
        QVERIFY(openModel("resnet.pt"));
        protocol::RunParams params;
        params.inputs = {"1x3x32x32"};
        m_workspace->run(params);
        QTRY_VERIFY(!m_workspace->isBusy());
        QSignalSpy changed(m_workspace.get(), &Workspace::methodChanged);
        m_workspace->setMethod(QString(), QStringLiteral("encode"));
        QCOMPARE(changed.size(), 1);
        QVERIFY(m_workspace->lastRun().inputs.empty());
        m_workspace->setMethod(QString(), QStringLiteral("encode"));
        QCOMPARE(changed.size(), 1);
    }

    void closingWhileTheEngineWorksIsQuiet()
    {
        QVERIFY(openModel("resnet.pt"));
        m_workspace->applyPass(QStringLiteral("slow"));
        m_workspace->closeFile();
        QVERIFY(!m_workspace->document().isOpen());
        QTRY_VERIFY(!m_workspace->isBusy());
        QVERIFY(m_errors.empty());
        QVERIFY(openModel("resnet.pt"));
    }

private:
    QString file(const char* name) const
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        QFile model(path);
        if (!model.open(QIODevice::WriteOnly) || model.write(name) < 0)
            qFatal("%s cannot be written", qPrintable(path));
        return path;
    }

    bool openModel(const char* name)
    {
        QSignalSpy opened(&m_workspace->document(), &DocumentModel::opened);
        m_workspace->openFile(file(name));
        return opened.wait() && m_workspace->document().isOpen();
    }

    bool apply(const char* pass)
    {
        m_workspace->applyPass(QString::fromLatin1(pass));
        return QTest::qWaitFor([this, pass] {
            const auto& document = m_workspace->document();
            const auto* stage = document.stage(document.currentStage());
            return !m_workspace->isBusy() && stage != nullptr && stage->pass == pass;
        });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Workspace> m_workspace;
    std::vector<Error> m_errors;
};

} // namespace jitscope::views

QTEST_GUILESS_MAIN(jitscope::views::WorkspaceTest)
#include "workspace_test.moc"
