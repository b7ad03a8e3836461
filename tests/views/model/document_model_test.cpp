#include "views/model/document_model.h"

#include "tests/views/model/sample_document.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace jitscope::views {

class DocumentModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void opens()
    {
        test::writeSampleDocument(path().toStdString());
        DocumentModel model;
        QVERIFY(!model.isOpen());
        QVERIFY(model.content());
        QVERIFY(model.nodeIndex());
        QSignalSpy opened(&model, &DocumentModel::opened);
        model.open(path());
        QCOMPARE(opened.size(), 0); // never while the caller waits
        QVERIFY(opened.wait());
        QVERIFY(model.isOpen());
        QCOMPARE(model.path(), path());
        QCOMPARE(model.stages().size(), std::size_t(4));
        QCOMPARE(model.currentStage(), 1);
        QCOMPARE(model.currentRun(), model.runs().back().id);
        QCOMPARE(model.stage(3)->label, std::string("freeze"));
        QVERIFY(model.stage(99) == nullptr);
        const auto content = model.content();
        QCOMPARE(content->infoValue("model_path"), std::string("/models/m.pt"));
        QCOMPARE(content->infoValue("no such fact"), std::string());
        const auto* conv = content->moduleAt("features.0");
        QVERIFY(conv != nullptr);
        QCOMPARE(conv->class_name, std::string("Conv2d"));
        QCOMPARE(content->functionOf(conv->id, "forward")->name,
                 std::string("__torch__.Conv2d.forward"));
        QVERIFY(content->functionOf(conv->id, "encode") == nullptr);
        QVERIFY(content->moduleAt("features.7") == nullptr);
        QVERIFY(content->functionNamed("__torch__.M.encode") != nullptr);
        QVERIFY(model.nodeIndex()->node(100) != nullptr);
    }

    void readsGraphs()
    {
        auto model = openSample();
        std::shared_ptr<const ir::Graph> graph;
        model->requestGraph(model->stage(2)->graph, this, [&graph](auto read) { graph = read; });
        QVERIFY(!graph);
        QTRY_VERIFY(graph);
        QCOMPARE(graph->nodes.size(), std::size_t(7));
    }

    void aGraphThatIsNotThereFails()
    {
        auto model = openSample();
        QSignalSpy failed(model.get(), &DocumentModel::failed);
        bool answered = false;
        std::shared_ptr<const ir::Graph> graph;
        model->requestGraph(4711, this, [&](auto read) {
            answered = true;
            graph = read;
        });
        QTRY_VERIFY(answered);
        QVERIFY(!graph);
        QCOMPARE(failed.size(), 1);
        QVERIFY(model->isOpen());
    }

    void aReceiverThatIsGoneIsNotCalled()
    {
        auto model = openSample();
        bool called = false;
        {
            QObject receiver;
            model->requestGraph(model->stage(2)->graph, &receiver,
                                [&called](auto) { called = true; });
        }
        bool second = false; // the reader answers in order
        model->requestGraph(model->stage(2)->graph, this, [&second](auto) { second = true; });
        QTRY_VERIFY(second);
        QVERIFY(!called);
    }

    void answersForAnEarlierDocumentAreThrownAway()
    {
        auto model = openSample();
        bool called = false;
        model->requestGraph(model->stage(2)->graph, this, [&called](auto) { called = true; });
        QSignalSpy opened(model.get(), &DocumentModel::opened);
        QSignalSpy closed(model.get(), &DocumentModel::closed);
        model->open(path());
        QCOMPARE(closed.size(), 1);
        QVERIFY(opened.wait());
        QVERIFY(!called);
    }

    void theLastOfTwoDocumentsIsShown()
    {
        test::writeSampleDocument(path().toStdString());
        document::Writer other = document::Writer::create(path("other").toStdString()).value();
        QVERIFY(other.writeProgram({}).has_value());
        DocumentModel model;
        QSignalSpy opened(&model, &DocumentModel::opened);
        model.open(path());
        model.open(path("other"));
        QVERIFY(opened.wait());
        QTest::qWait(50);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(model.path(), path("other"));
        QCOMPARE(model.stages().size(), std::size_t(1));
        QCOMPARE(model.currentRun(), 0);
    }

    void growsWhileItIsRead()
    {
        auto model = openSample();
        document::Writer writer = document::Writer::open(path().toStdString()).value();
        QSignalSpy changed(model.get(), &DocumentModel::changed);
        QSignalSpy runChanged(model.get(), &DocumentModel::currentRunChanged);
        const auto before = model->nodeIndex();
        model->setCurrentStage(3);

        const std::int64_t stage = test::addSampleStage(writer, 3, "fold");
        model->refresh();
        QVERIFY(changed.wait());
        QCOMPARE(model->stages().size(), std::size_t(5));
        QVERIFY(model->stage(stage) != nullptr);
        QCOMPARE(model->currentStage(), 3); // what is shown stays
        QCOMPARE(runChanged.size(), 0);
        QVERIFY(model->nodeIndex() != before);

        const std::int64_t run = test::addSampleRun(writer, stage);
        model->refresh();
        QVERIFY(runChanged.wait());
        QCOMPARE(model->currentRun(), run);
        bool read = false;
        model->requestGraph(model->stage(stage)->graph, this,
                            [&read](auto graph) { read = graph != nullptr; });
        QTRY_VERIFY(read);
    }

    void manyRefreshesBecomeFew()
    {
        auto model = openSample();
        document::Writer writer = document::Writer::open(path().toStdString()).value();
        QSignalSpy changed(model.get(), &DocumentModel::changed);
        for (int i = 0; i < 50; ++i) {
            test::addSampleStage(writer, 2, "again");
            model->refresh();
        }
        QTRY_COMPARE(model->stages().size(), std::size_t(54));
        QVERIFY2(changed.size() <= 2, qPrintable(QString::number(changed.size())));
    }

    void setsOnlyStagesThatAreThere()
    {
        auto model = openSample();
        QSignalSpy changed(model.get(), &DocumentModel::currentStageChanged);
        model->setCurrentStage(2);
        model->setCurrentStage(2);
        model->setCurrentStage(99);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model->currentStage(), 2);
    }

    void whatIsNoDocumentFails_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("text") << QByteArray("A text file.\n");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("SQLite in name only") << QByteArray("SQLite format 3\0 and no more", 29);
    }

    void whatIsNoDocumentFails()
    {
        QFETCH(QByteArray, content);
        write(content);
        failsToOpen();
    }

    void aMissingFileFails() { failsToOpen(); }

    void aCutDocumentFails()
    {
        test::writeSampleDocument(path().toStdString());
        QFile file(path());
        QVERIFY(file.resize(file.size() / 3));
        failsToOpen();
    }

    // Whatever is damaged: an error or a document, but an end, and the next document opens.
    void aDamagedDocumentDoesNoHarm()
    {
        test::writeSampleDocument(path().toStdString());
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        DocumentModel model;
        for (int round = 0; round < 30; ++round) {
            QByteArray damaged = whole;
            for (int i = 0; i < 40; ++i) {
                const qsizetype place = (round * 7919L + i * 104'729L) % damaged.size();
                damaged[place] = static_cast<char>(round * 31 + i * 17);
            }
            const QString damagedPath = path(QStringLiteral("damaged%1").arg(round));
            QFile copy(damagedPath);
            QVERIFY(copy.open(QIODevice::WriteOnly));
            copy.write(damaged);
            copy.close();
            QSignalSpy opened(&model, &DocumentModel::opened);
            QSignalSpy failed(&model, &DocumentModel::failed);
            model.open(damagedPath);
            QTRY_VERIFY(opened.size() + failed.size() == 1);
            int answers = 0;
            int requests = 0;
            for (const document::StageRow& stage : model.stages()) {
                model.requestGraph(stage.graph, this, [&answers](auto) { ++answers; });
                ++requests;
            }
            QTRY_COMPARE(answers, requests);
        }
        QSignalSpy opened(&model, &DocumentModel::opened);
        model.open(path());
        QVERIFY(opened.wait());
        QCOMPARE(model.stages().size(), std::size_t(4));
    }

    void closes()
    {
        auto model = openSample();
        QSignalSpy closed(model.get(), &DocumentModel::closed);
        model->close();
        model->close();
        QCOMPARE(closed.size(), 1);
        QVERIFY(!model->isOpen());
        QVERIFY(model->stages().empty());
        QVERIFY(model->content()->modules.empty());
        QCOMPARE(model->currentStage(), 0);
        model->refresh(); // nothing
    }

private:
    [[nodiscard]] QString path(const QString& name = QStringLiteral("sample")) const
    {
        return m_folder->filePath(name + QStringLiteral(".jitscope"));
    }
    [[nodiscard]] QString path(const char* name) const { return path(QString::fromLatin1(name)); }

    void write(const QByteArray& content) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    std::unique_ptr<DocumentModel> openSample()
    {
        test::writeSampleDocument(path().toStdString());
        auto model = std::make_unique<DocumentModel>();
        QSignalSpy opened(model.get(), &DocumentModel::opened);
        model->open(path());
        if (!opened.wait())
            QTest::qFail("the sample document does not open", __FILE__, __LINE__);
        return model;
    }

    void failsToOpen()
    {
        DocumentModel model;
        QSignalSpy opened(&model, &DocumentModel::opened);
        QSignalSpy failed(&model, &DocumentModel::failed);
        model.open(path());
        QVERIFY(failed.wait());
        QCOMPARE(opened.size(), 0);
        QVERIFY(!model.isOpen());
        QVERIFY(failed.at(0).at(0).toString().contains(QStringLiteral("sample.jitscope")));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace jitscope::views

QTEST_GUILESS_MAIN(jitscope::views::DocumentModelTest)
#include "document_model_test.moc"
