#include "core/document/copy.h"
#include "core/document/reader.h"
#include "core/document/writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;

class CopyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesWhileTheWriterIsOpen();
    void replacesOnlyWhenComplete();
    void saysWhatIsWrong();
    void aCancelledCopyLeavesNothing();
    void ontoItselfIsNoCopy();
    void keepsTheMomentWhileTheEngineWrites();

private:
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    [[nodiscard]] QStringList partials() const
    {
        return QDir(m_folder.path()).entryList({QStringLiteral("*partial*")});
    }
    QTemporaryDir m_folder;
};

void CopyTest::copiesWhileTheWriterIsOpen()
{
    Result<document::Writer> writer = document::Writer::create(path("a.jitscope"));
    QVERIFY(writer->setInfo("model_path", "/m.pt").has_value());
    QVERIFY(document::copyDocument(path("a.jitscope"), path("b.jitscope")).has_value());
    QVERIFY(writer->setInfo("model_path", "/later.pt").has_value());
    const Result<document::Reader> copy = document::Reader::open(path("b.jitscope"));
    QVERIFY(copy.has_value());
    QCOMPARE(copy->info("model_path").value(), std::string("/m.pt"));
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("b.jitscope-wal"))));
    QVERIFY(partials().isEmpty());
    QVERIFY(copy->info("writer").value().empty());
}

void CopyTest::replacesOnlyWhenComplete()
{
    {
        Result<document::Writer> writer = document::Writer::create(path("c.jitscope"));
        QVERIFY(writer->setInfo("model_path", "/c.pt").has_value());
    }
    QVERIFY(!document::copyDocument(path("absent.jitscope"), path("c.jitscope")).has_value());
    const Result<document::Reader> kept = document::Reader::open(path("c.jitscope"));
    QCOMPARE(kept->info("model_path").value(), std::string("/c.pt"));
}

void CopyTest::saysWhatIsWrong()
{
    {
        Result<document::Writer> writer = document::Writer::create(path("d.jitscope"));
        QVERIFY(writer.has_value());
    }
    const Result<void> copied =
        document::copyDocument(path("d.jitscope"), path("no/such/folder/e.jitscope"));
    QVERIFY(!copied.has_value());
    QVERIFY(!copied.error().what.empty() && !copied.error().where.empty() &&
            !copied.error().remedy.empty());
}

void CopyTest::aCancelledCopyLeavesNothing()
{
    {
        Result<document::Writer> writer = document::Writer::create(path("f.jitscope"));
        QVERIFY(writer->setInfo("model_path", "/f.pt").has_value());
    }
    {
        Result<document::Writer> writer = document::Writer::create(path("old.jitscope"));
        QVERIFY(writer->setInfo("model_path", "/old.pt").has_value());
    }
    JobContext job;
    job.cancel.cancel();
    const Result<void> copied =
        document::copyDocument(path("f.jitscope"), path("old.jitscope"), job);
    QVERIFY(!copied.has_value());
    QCOMPARE(copied.error().code, ErrorCode::Cancelled);
    QVERIFY(partials().isEmpty());
    const Result<document::Reader> kept = document::Reader::open(path("old.jitscope"));
    QCOMPARE(kept->info("model_path").value(), std::string("/old.pt"));
}

void CopyTest::ontoItselfIsNoCopy()
{
    Result<document::Writer> writer = document::Writer::create(path("g.jitscope"));
    QVERIFY(writer->setInfo("model_path", "/g.pt").has_value());
    QVERIFY(document::copyDocument(path("g.jitscope"), path("g.jitscope")).has_value());
    QVERIFY(QFile::exists(m_folder.filePath(QStringLiteral("g.jitscope-wal")))); // still in use
    QVERIFY(writer->setInfo("model_path", "/g2.pt").has_value());
    const Result<document::Reader> reader = document::Reader::open(path("g.jitscope"));
    QCOMPARE(reader->info("model_path").value(), std::string("/g2.pt"));
}

// A copy of many steps, between which the document is written.
void CopyTest::keepsTheMomentWhileTheEngineWrites()
{
    constexpr int files = 2000;
    Result<document::Writer> writer = document::Writer::create(path("h.jitscope"));
    const std::string text(10'000, 'x');
    for (int i = 0; i < files; ++i)
        QVERIFY(writer->setInfo("fact " + std::to_string(i), text).has_value());
    document::RunRow run;
    run.state = "recording";
    QVERIFY(writer->addRun(run).has_value());
    int steps = 0;
    double last = 0;
    JobContext job;
    job.onProgress = [&](const Progress& progress) {
        ++steps;
        last = progress.fraction;
        if (steps < 100 && !writer->setInfo("fact 0", "later").has_value())
            qFatal("the document cannot be written");
    };
    QVERIFY(document::copyDocument(path("h.jitscope"), path("i.jitscope"), job).has_value());
    QVERIFY2(steps > 1 && steps < 100, qPrintable(QString::number(steps)));
    QVERIFY(last > 0 && last <= 1);
    const Result<document::Reader> copy = document::Reader::open(path("i.jitscope"));
    QCOMPARE(copy->info("fact 0").value(), text);
    QCOMPARE(copy->rows<document::RunRow>().value().front().state, std::string("interrupted"));
    const Result<document::Reader> original = document::Reader::open(path("h.jitscope"));
    QCOMPARE(original->info("fact 0").value(), std::string("later"));
    QCOMPARE(original->rows<document::RunRow>().value().front().state, std::string("recording"));
}

QTEST_GUILESS_MAIN(CopyTest)
#include "copy_test.moc"
