#include "profiler/record/slice_buffer_p.h"
#include "profiler/record/writer_p.h"
#include "recording.h"

#include <QTest>

#include <algorithm>
#include <thread>

using namespace jitscope;
using namespace jitscope::record;

class BuffersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void carriesEverySliceOfEveryThread()
    {
        constexpr std::uint32_t threads = 4;
        constexpr std::uint32_t each = 50'000;
        SliceBuffers buffers;
        test::KeepingSink sink;
        bool failed = false;
        Writer writer(buffers, sink, [&] { failed = true; });
        std::vector<std::thread> running;
        for (std::uint32_t t = 0; t < threads; ++t) {
            running.emplace_back([&buffers, t] {
                for (std::uint32_t i = 0; i < each; ++i) {
                    const Ticks start = ticksNow();
                    buffers.ofThisThread().push(
                        {start, ticksNow(), 1 + t * each + i, static_cast<std::int32_t>(t)});
                }
            });
        }
        for (std::thread& thread : running)
            thread.join();
        QVERIFY(writer.finish().has_value());
        QVERIFY(!failed);
        QCOMPARE(buffers.executed(), std::uint64_t{threads} * each);
        QCOMPARE(buffers.dropped(), std::uint64_t{0});
        QCOMPARE(writer.recorded(), std::uint64_t{threads} * each);
        QCOMPARE(sink.slices.size(), std::size_t{threads} * each);
        // Each thread's slices in order, and none twice.
        std::map<std::int64_t, std::vector<document::NodeSlice>> byThread;
        for (const auto& [thread, slice] : sink.slices)
            byThread[thread].push_back(slice);
        QCOMPARE(byThread.size(), std::size_t{threads});
        for (const auto& [thread, slices] : byThread) {
            for (std::size_t i = 1; i < slices.size(); ++i) {
                QCOMPARE(slices[i].node, slices[i - 1].node + 1);
                QVERIFY(slices[i].start >= slices[i - 1].start + slices[i - 1].duration);
            }
        }
    }

    void tellsOfARefusingSinkOnce()
    {
        SliceBuffers buffers;
        test::KeepingSink sink;
        sink.refuse = true;
        int told = 0;
        Writer writer(buffers, sink, [&] { ++told; });
        for (std::uint32_t i = 0; i < 20'000; ++i)
            buffers.ofThisThread().push({ticksNow(), ticksNow(), i + 1, 0});
        const auto result = writer.finish();
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().what, std::string("The disk is full."));
        QCOMPARE(told, 1);
    }

    void countsWhatItDropsWhenNobodyTakes()
    {
        SliceBuffers buffers;
        constexpr std::uint64_t pushed = 2049ULL * 4096 + 5000;
        for (std::uint64_t i = 0; i < pushed; ++i)
            buffers.ofThisThread().push({i, i + 1, 1, 0});
        QCOMPARE(buffers.executed(), pushed);
        QVERIFY(buffers.dropped() > 0);
        std::uint64_t taken = 0;
        for (const auto& part : buffers.take())
            taken += part.slices.size();
        QCOMPARE(taken + buffers.dropped(), pushed);
    }

    void convertsTicksToTheSteadyClock()
    {
        ClockMap clock;
        for (int i = 0; i < 20; ++i) {
            const std::int64_t before = steadyNow();
            const Ticks ticks = ticksNow();
            const std::int64_t after = steadyNow();
            clock.anchor();
            // 100 us allow for a thread that is interrupted between two readings of an anchor.
            QVERIFY(clock.nanoseconds(ticks) >= before - 100'000);
            QVERIFY(clock.nanoseconds(ticks) <= after + 100'000);
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
    }
};

QTEST_GUILESS_MAIN(BuffersTest)
#include "buffers_test.moc"
