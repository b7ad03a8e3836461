// Numbers for people, and which tensors count as read.
#include "core/report/model_facts_p.h"
#include "core/report/number_text_p.h"

#include <QTest>

#include <limits>

using namespace jitscope;

class ReportPartsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAreGrouped();
    void sizesHaveUnits();
    void durationsHaveUnits();
    void shapesAreRead();
    void lastPartsAreFound();
};

void ReportPartsTest::numbersAreGrouped()
{
    QCOMPARE(report::grouped(0), std::string("0"));
    QCOMPARE(report::grouped(999), std::string("999"));
    QCOMPARE(report::grouped(1000), std::string("1,000"));
    QCOMPARE(report::grouped(25557032), std::string("25,557,032"));
    QCOMPARE(report::plural(1, "node", "nodes"), std::string("1 node"));
    QCOMPARE(report::plural(1200, "node", "nodes"), std::string("1,200 nodes"));
}

void ReportPartsTest::sizesHaveUnits()
{
    QCOMPARE(report::bytesText(0), std::string("0 B"));
    QCOMPARE(report::bytesText(999), std::string("999 B"));
    QCOMPARE(report::bytesText(37632), std::string("37.6 kB"));
    QCOMPARE(report::bytesText(102'230'000), std::string("102 MB"));
    QCOMPARE(report::bytesText(std::numeric_limits<std::uint64_t>::max()), std::string("18.4 EB"));
    QCOMPARE(report::shortCount(25'557'032), std::string("25.6 M"));
    QCOMPARE(report::percentText(0.125), std::string("12.5 %"));
    QCOMPARE(report::percentText(0.0 / 0.0), std::string("–"));
}

void ReportPartsTest::durationsHaveUnits()
{
    QCOMPARE(report::durationText(0), std::string("0 ns"));
    QCOMPARE(report::durationText(1'250), std::string("1.25 µs"));
    QCOMPARE(report::durationText(12'340'000), std::string("12.3 ms"));
    QCOMPARE(report::durationText(-1'500), std::string("-1.50 µs"));
    QCOMPARE(report::durationText(90'000'000'000), std::string("90.0 s"));
}

void ReportPartsTest::shapesAreRead()
{
    QCOMPARE(report::sizesOf("[64, 3, 7, 7]"), (std::vector<std::int64_t>{64, 3, 7, 7}));
    QVERIFY(report::sizesOf("[]").empty());
    QVERIFY(report::sizesOf("wat").empty());
    QVERIFY(report::sizesOf("[1, \"2\"]").empty());
    QVERIFY(report::sizesOf("{\"a\": 1}").empty());
}

void ReportPartsTest::lastPartsAreFound()
{
    QCOMPARE(report::lastPart("/a/b/c.py"), std::string_view("c.py"));
    QCOMPARE(report::lastPart("c.py"), std::string_view("c.py"));
    QCOMPARE(report::lastPart("layer1.0.conv1", '.'), std::string_view("conv1"));
    QCOMPARE(report::lastPart("", '.'), std::string_view(""));
}

QTEST_GUILESS_MAIN(ReportPartsTest)
#include "parts_test.moc"
