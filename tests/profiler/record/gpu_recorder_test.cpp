// What of CUPTI's records becomes part of a recording.
#include "profiler/record/gpu_recorder_p.h"

#include <QTest>

using namespace jitscope;
using record::IterationTimes;

namespace {

// Gives what it was made with.
class CannedActivity : public cupti::GpuActivity
{
public:
    explicit CannedActivity(cupti::Activities activities) : m_activities(std::move(activities)) {}
    Result<void> start() override { return {}; }
    void stop() override {}
    void enter(std::uint64_t) override {}
    void leave() override {}
    void drain(cupti::Activities& activities, bool all) override
    {
        if (all)
            activities = std::move(m_activities);
    }

private:
    cupti::Activities m_activities;
};

class Sink : public record::RecordSink
{
public:
    Result<void> types(std::vector<record::ObservedType>) override { return {}; }
    Result<void> planReady(std::uint32_t, const record::Plan&) override { return {}; }
    Result<void> chunk(document::NodeChunkRow) override { return {}; }
    Result<void> runtimeCalls(std::vector<document::RuntimeRow> rows,
                              const std::vector<std::string>&) override
    {
        calls += rows.size();
        return {};
    }
    Result<void> kernels(std::vector<document::KernelRow> rows,
                         const std::vector<std::string>&) override
    {
        for (const document::KernelRow& row : rows)
            nodesOfKernels.push_back(row.node);
        return {};
    }
    Result<void> copies(std::vector<document::MemcpyRow> rows) override
    {
        for (const document::MemcpyRow& row : rows)
            nodesOfCopies.push_back(row.node);
        return {};
    }
    Result<void> sets(std::vector<document::MemsetRow>) override { return {}; }
    Result<void> synchronizations(std::vector<document::SynchronizationRow>) override { return {}; }
    void ended(const record::RunOutcome&) override {}

    std::size_t calls = 0;
    std::vector<std::int64_t> nodesOfKernels;
    std::vector<std::int64_t> nodesOfCopies;
};

cupti::ApiCall call(std::uint32_t correlation, std::int64_t start, bool launchesKernel = true)
{
    cupti::ApiCall made;
    made.start = start;
    made.end = start + 5;
    made.correlation = correlation;
    made.launchesKernel = launchesKernel;
    return made;
}

cupti::Kernel kernel(std::uint32_t correlation, std::int64_t start)
{
    cupti::Kernel made;
    made.start = start;
    made.end = start + 5;
    made.correlation = correlation;
    made.name = "kernel";
    return made;
}

} // namespace

class GpuRecorderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsOfIterationsCount();
    void callsThatWereNotKeptGoByTheGpusTime();
    void graphsLaunchMany();
    void lostKernelsAreTold();

private:
    // A warm-up from 0 to 99 and an iteration from 100 to 200.
    static record::Verdict finish(cupti::Activities activities, Sink& sink)
    {
        auto recorder = record::GpuRecorder::start(
            std::unique_ptr<cupti::GpuActivity>(new CannedActivity(std::move(activities))));
        if (!recorder)
            qFatal("%s", recorder.error().message().c_str());
        IterationTimes warmUp;
        warmUp.number = -1;
        warmUp.end = 99;
        IterationTimes iteration;
        iteration.start = 100;
        iteration.end = 200;
        record::Verdict verdict;
        if (!(*recorder)->finish({warmUp, iteration}, sink, verdict))
            qFatal("not finished");
        return verdict;
    }
};

void GpuRecorderTest::callsOfIterationsCount()
{
    Sink sink;
    cupti::Activities activities;
    activities.calls = {call(1, 50), call(2, 110), call(3, 250)};
    activities.kernels = {kernel(1, 60), kernel(2, 120), kernel(3, 260)};
    activities.links = {{2, 7}};
    const record::Verdict verdict = finish(std::move(activities), sink);
    QCOMPARE(sink.calls, std::size_t{1});
    QCOMPARE(sink.nodesOfKernels, std::vector<std::int64_t>{7});
    QCOMPARE(verdict.launched, std::uint64_t{1});
    QCOMPARE(verdict.kernels, std::uint64_t{1});
    QCOMPARE(verdict.unattributed, std::uint64_t{0});
    QVERIFY(verdict.remarks.empty());
}

void GpuRecorderTest::callsThatWereNotKeptGoByTheGpusTime()
{
    Sink sink;
    cupti::Copy inside;
    inside.start = 150;
    inside.end = 160;
    inside.correlation = 4;
    cupti::Copy outside = inside;
    outside.start = 300;
    outside.end = 310;
    outside.correlation = 5;
    cupti::Activities activities;
    activities.kernels = {kernel(1, 60), kernel(2, 120), kernel(3, 130)};
    activities.copies = {inside, outside};
    activities.links = {{2, 7}, {4, 8}};
    const record::Verdict verdict = finish(std::move(activities), sink);
    QCOMPARE(sink.nodesOfKernels, (std::vector<std::int64_t>{7, 0}));
    QCOMPARE(sink.nodesOfCopies, std::vector<std::int64_t>{8});
    QCOMPARE(verdict.launched, std::uint64_t{2});
    QCOMPARE(verdict.kernels, std::uint64_t{2});
    QCOMPARE(verdict.remarks,
             std::vector<std::string>{"1 kernel was launched outside of any node."});
}

void GpuRecorderTest::graphsLaunchMany()
{
    Sink sink;
    cupti::Activities activities;
    activities.calls = {call(1, 110, false), call(2, 120)};
    activities.kernels = {kernel(1, 130), kernel(1, 140), kernel(1, 150)};
    activities.links = {{1, 7}, {2, 8}};
    const record::Verdict verdict = finish(std::move(activities), sink);
    QCOMPARE(verdict.kernels, std::uint64_t{3});
    QCOMPARE(verdict.launched, std::uint64_t{4});
    QCOMPARE(verdict.remarks,
             std::vector<std::string>{"1 of 4 launched kernels were not recorded."});
}

void GpuRecorderTest::lostKernelsAreTold()
{
    Sink sink;
    cupti::ApiCall failed = call(3, 130);
    failed.result = 1; // launched nothing
    cupti::Activities activities;
    activities.calls = {call(1, 110), call(2, 120), failed};
    activities.links = {{1, 7}};
    activities.dropped = 2;
    const record::Verdict verdict = finish(std::move(activities), sink);
    QCOMPARE(verdict.launched, std::uint64_t{2});
    QCOMPARE(verdict.kernels, std::uint64_t{0});
    QCOMPARE(verdict.remarks,
             (std::vector<std::string>{"CUPTI lost 2 records of GPU activity.",
                                       "2 of 2 launched kernels were not recorded."}));
}

QTEST_GUILESS_MAIN(GpuRecorderTest)
#include "gpu_recorder_test.moc"
