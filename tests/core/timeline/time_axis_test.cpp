#include "core/timeline/time_axis.h"

#include <QTest>

#include <set>

using namespace jitscope::timeline;

class TimeAxisTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durationsReadWell_data();
    void durationsReadWell();
    void ticksAreRoundAndApart();
    void ticksOfNothing();
    void extremesEnd();
};

void TimeAxisTest::durationsReadWell_data()
{
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64{0} << QStringLiteral("0 ns");
    QTest::newRow("ns") << qint64{999} << QStringLiteral("999 ns");
    QTest::newRow("us") << qint64{1'234} << QStringLiteral("1.234 \u00b5s");
    QTest::newRow("tens of us") << qint64{12'345} << QStringLiteral("12.35 \u00b5s");
    QTest::newRow("ms") << qint64{250'000'000} << QStringLiteral("250.0 ms");
    QTest::newRow("s") << qint64{61'000'000'000} << QStringLiteral("61.00 s");
    QTest::newRow("negative") << qint64{-1'500} << QStringLiteral("-1.500 \u00b5s");
}

void TimeAxisTest::durationsReadWell()
{
    QFETCH(qint64, nanoseconds);
    QTEST(QString::fromStdString(durationText(nanoseconds)), "text");
}

void TimeAxisTest::ticksAreRoundAndApart()
{
    constexpr std::int64_t origin = 123'456'789;
    for (double resolution = 0.1; resolution < 1e9; resolution *= 1.7) {
        const auto width = static_cast<std::int64_t>(resolution * 1000) + 1;
        const std::vector<Tick> marks = ticks({origin, origin + width}, origin, resolution, 90);
        QVERIFY(!marks.empty());
        QVERIFY(marks.size() < 150);
        std::vector<std::int64_t> labelled;
        std::set<std::string> labels;
        for (const Tick& tick : marks) {
            QVERIFY(tick.time >= origin && tick.time <= origin + width);
            if (tick.label.empty())
                continue;
            labelled.push_back(tick.time);
            QVERIFY2(labels.insert(tick.label).second,
                     tick.label.c_str()); // each reads differently
        }
        QCOMPARE(labelled.front(), origin);
        for (std::size_t i = 1; i < labelled.size(); ++i) {
            const std::int64_t step = labelled[i] - labelled[i - 1];
            QVERIFY(static_cast<double>(step) >= resolution * 90);
            std::int64_t digit = step;
            while (digit % 10 == 0)
                digit /= 10;
            QVERIFY(digit == 1 || digit == 2 || digit == 5);
        }
    }
}

void TimeAxisTest::ticksOfNothing()
{
    QVERIFY(ticks({5, 5}, 0, 1, 90).empty());
    QVERIFY(ticks({0, 10}, 0, 0, 90).empty());
    QVERIFY(ticks({0, 10}, 0, 1, 0).empty());
}

void TimeAxisTest::extremesEnd()
{
    const std::int64_t far = std::int64_t{1} << 61;
    const std::vector<Tick> marks = ticks({0, far}, 0, static_cast<double>(far) / 1000, 90);
    QVERIFY(!marks.empty());
    QVERIFY(marks.size() < 150);
}

QTEST_GUILESS_MAIN(TimeAxisTest)
#include "time_axis_test.moc"
