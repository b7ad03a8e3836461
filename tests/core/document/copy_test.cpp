#include "core/document/copy.h"
#include "core/document/reader.h"
#include "core/document/writer.h"

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

private:
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
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
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("b.jitscope.partial"))));
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

QTEST_GUILESS_MAIN(CopyTest)
#include "copy_test.moc"
