#include "core/document/rows.h"
#include "core/document/schema.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <QFile>
#include <QTest>

using namespace jitscope;

class SchemaTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pageIsUpToDate();
    void everyTableHasTheColumnsOfItsRow();
};

void SchemaTest::pageIsUpToDate()
{
    QFile page(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
               QStringLiteral("/docs/document-format.md"));
    QVERIFY(page.open(QIODevice::ReadOnly));
    QVERIFY2(
        QString::fromStdString(document::formatPage()) == QString::fromUtf8(page.readAll()),
        "run: ninja jitscope-document-format, and write what it prints to docs/document-format.md");
}

void SchemaTest::everyTableHasTheColumnsOfItsRow()
{
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(document::ddl());
#define JITSCOPE_CHECK_TABLE(Row, table, COLUMNS, constraints, meaning)                            \
    {                                                                                              \
        document::Row row;                                                                         \
        SQLite::Statement query(database, "SELECT * FROM " #table);                                \
        int index = 0;                                                                             \
        document::Row::forEachColumn(row, [&](std::string_view name, const auto&) {                \
            QCOMPARE(std::string(query.getColumnName(index++)), std::string(name));                \
        });                                                                                        \
        QCOMPARE(query.getColumnCount(), index);                                                   \
    }
    JITSCOPE_TABLES(JITSCOPE_CHECK_TABLE)
#undef JITSCOPE_CHECK_TABLE
}

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
