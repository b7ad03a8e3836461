#include "app/cli/serve/progress_limiter.h"

#include <QTest>

using namespace jitscope;
using cli::ProgressLimiter;
using namespace std::chrono_literals;

class ProgressLimiterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstOnesPass();
    void fractionsAreThinnedOut();
    void newPhaseComesAtOnce();
    void neverMoreThanTwentyASecond_data();
    void neverMoreThanTwentyASecond();
};

void ProgressLimiterTest::firstOnesPass()
{
    ProgressLimiter limiter;
    QVERIFY(limiter.admits({"loading", -1}));
    QVERIFY(limiter.admits({"loading", 0.1}));
}

void ProgressLimiterTest::fractionsAreThinnedOut()
{
    ProgressLimiter limiter;
    const ProgressLimiter::Clock::time_point start{};
    QVERIFY(limiter.admits({"run", 0}, start));
    QVERIFY(limiter.admits({"run", 0.1}, start + 1ms));
    QVERIFY(!limiter.admits({"run", 0.2}, start + 50ms));
    QVERIFY(limiter.admits({"run", 0.3}, start + 101ms));
}

void ProgressLimiterTest::newPhaseComesAtOnce()
{
    ProgressLimiter limiter;
    const ProgressLimiter::Clock::time_point start{};
    QVERIFY(limiter.admits({"run", 0}, start));
    QVERIFY(limiter.admits({"run", 0.5}, start + 1ms));
    QVERIFY(limiter.admits({"writing", -1}, start + 2ms));
}

void ProgressLimiterTest::neverMoreThanTwentyASecond_data()
{
    QTest::addColumn<int>("phases");
    QTest::newRow("one phase") << 1;
    QTest::newRow("a phase each time") << 1000000;
    QTest::newRow("two in turn") << 2;
}

void ProgressLimiterTest::neverMoreThanTwentyASecond()
{
    QFETCH(const int, phases);
    ProgressLimiter limiter;
    std::deque<ProgressLimiter::Clock::time_point> sent;
    for (int ms = 0; ms < 10000; ++ms) {
        const ProgressLimiter::Clock::time_point now{std::chrono::milliseconds(ms)};
        const std::string phase = "phase " + std::to_string(ms % phases);
        if (!limiter.admits({phase, ms / 10000.0}, now))
            continue;
        sent.push_back(now);
        while (now - sent.front() >= 1s)
            sent.pop_front();
        QVERIFY2(sent.size() <= 20, std::to_string(ms).c_str());
    }
    QVERIFY(sent.size() >= 9); // and it does not fall silent
}

QTEST_APPLESS_MAIN(ProgressLimiterTest)
#include "progress_limiter_test.moc"
