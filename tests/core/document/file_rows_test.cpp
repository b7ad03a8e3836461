// What a document says of the file it was made from.
#include "core/document/reader.h"
#include "core/document/writer.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <QTest>

#include <span>

namespace jitscope {

class FileRowsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSaidOfTheFileIsReplaced()
    {
        document::Writer writer = document::Writer::create(path("f.jitscope")).value();
        QVERIFY(writer.writeFile(problems, records).has_value());
        const document::Reader reader = document::Reader::open(path("f.jitscope")).value();
        const auto told = reader.rows<document::ProblemRow>().value();
        QCOMPARE(told.size(), 2U);
        QCOMPARE(told[0].id, 1);
        QCOMPARE(told[0].record, std::string("data/0"));
        QCOMPARE(told[1].message, std::string("It would write."));
        const auto read = reader.rows<document::ArchiveRecordRow>().value();
        QCOMPARE(read.size(), 1U);
        QCOMPARE(read[0].crc32, std::int64_t{0xffffffff});
        QCOMPARE(read[0].checksum, std::string("fails"));
        QVERIFY(writer.writeFile(std::span(problems).last(1), {}).has_value());
        QCOMPARE(reader.rows<document::ProblemRow>().value().size(), 1U);
        QVERIFY(reader.rows<document::ArchiveRecordRow>().value().empty());
    }

    void anOlderDocumentSaysNothingUntilItIsWritten()
    {
        QVERIFY(document::Writer::create(path("old.jitscope")).has_value());
        {
            SQLite::Database database(path("old.jitscope"), SQLite::OPEN_READWRITE);
            database.exec("DROP TABLE problem; DROP TABLE archive_record; PRAGMA user_version = 2");
        }
        {
            const document::Reader reader = document::Reader::open(path("old.jitscope")).value();
            QVERIFY(reader.rows<document::ProblemRow>().value().empty());
            QVERIFY(reader.rows<document::ArchiveRecordRow>().value().empty());
        }
        document::Writer writer = document::Writer::open(path("old.jitscope")).value();
        QVERIFY(writer.writeFile(problems, records).has_value());
    }

private:
    [[nodiscard]] std::string path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }

    const document::ProblemRow problems[2] = {
        {9, "checksum", "data/0", "It does not fit.", "Copy."},
        {9, "writes-files", "", "It would write.", ""}};
    const document::ArchiveRecordRow records[1] = {
        {9, "", "data/0", 100, 50, 0xffffffff, "fails", "weights"}};
    QTemporaryDir m_folder;
};

} // namespace jitscope

QTEST_GUILESS_MAIN(jitscope::FileRowsTest)
#include "file_rows_test.moc"
