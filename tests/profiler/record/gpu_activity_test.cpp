// GPU activity from a source that stands for CUPTI: every node that the run enters launches one
// kernel. So what becomes of it is tested where there is no GPU.
#include "oracle.h"
#include "profiler/record/kernel_name_p.h"
#include "recording.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <mutex>
#include <thread>

using namespace test;
using jitscope::ErrorCode;
namespace cupti = jitscope::cupti;

namespace {

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// What the source has seen; outlives it.
struct Seen
{
    std::mutex mutex;
    std::map<std::thread::id, int> depth; // enter without leave
    std::uint64_t entered = 0;
    bool stopped = false;
};

class FakeActivity : public cupti::GpuActivity
{
public:
    explicit FakeActivity(std::shared_ptr<Seen> seen) : m_seen(std::move(seen)) {}

    Result<void> start() override { return {}; }
    void stop() override { m_seen->stopped = true; }

    void enter(std::uint64_t tag) override
    {
        const std::lock_guard lock(m_seen->mutex);
        ++m_seen->depth[std::this_thread::get_id()];
        const auto correlation = static_cast<std::uint32_t>(++m_seen->entered);
        cupti::ApiCall call;
        call.start = now();
        call.end = call.start + 10;
        call.correlation = correlation;
        call.name = tag % 2 == 0 ? "cudaLaunchKernel" : "cudaLaunchKernelExC";
        call.launchesKernel = true;
        m_waiting.calls.push_back(call);
        cupti::Kernel kernel;
        kernel.start = call.start + 20;
        kernel.end = call.start + 30;
        kernel.correlation = correlation;
        kernel.name = "void node_" + std::to_string(tag) + "<float>(float*)";
        m_waiting.kernels.push_back(kernel);
        m_waiting.links.push_back({correlation, tag});
    }
    void leave() override
    {
        const std::lock_guard lock(m_seen->mutex);
        --m_seen->depth[std::this_thread::get_id()];
    }
    void drain(cupti::Activities& activities, bool all) override
    {
        if (!all)
            return;
        const std::lock_guard lock(m_seen->mutex);
        activities = std::move(m_waiting);
        m_waiting = {};
    }

private:
    std::shared_ptr<Seen> m_seen;
    cupti::Activities m_waiting;
};

struct NamedKernel
{
    std::int64_t node = 0;
    std::string name;
    std::string shortName;
};

class GpuSink : public KeepingSink
{
public:
    Result<void> runtimeCalls(std::vector<document::RuntimeRow> rows,
                              const std::vector<std::string>& names) override
    {
        for (const document::RuntimeRow& row : rows)
            calls[names.at(static_cast<std::size_t>(row.nameId))] += 1;
        return {};
    }
    Result<void> kernels(std::vector<document::KernelRow> rows,
                         const std::vector<std::string>& names) override
    {
        for (const document::KernelRow& row : rows) {
            launched.push_back({row.node, names.at(static_cast<std::size_t>(row.demangledName)),
                                names.at(static_cast<std::size_t>(row.shortName))});
        }
        return {};
    }
    void ended(const record::RunOutcome& outcome) override { ending = outcome; }

    std::map<std::string, int> calls;
    std::vector<NamedKernel> launched;
    std::optional<record::RunOutcome> ending;
};

} // namespace

class GpuActivityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kernelsHaveShortNames_data()
    {
        QTest::addColumn<QString>("full");
        QTest::addColumn<QString>("shortName");
        const auto row = [](const char* full, const char* shortName) {
            QTest::newRow(full) << QString::fromLatin1(full) << QString::fromLatin1(shortName);
        };
        row("void at::native::vectorized_elementwise_kernel<4, at::native::F, 2>(int, F)",
            "vectorized_elementwise_kernel");
        row("void at::native::(anonymous namespace)::reduce(float*)", "reduce");
        row("ampere_sgemm_128x64_tn", "ampere_sgemm_128x64_tn");
        row("fused_add_mul(float*, float*)", "fused_add_mul");
        row("", "");
        row("<unknown>", "<unknown>");
    }
    void kernelsHaveShortNames()
    {
        QFETCH(QString, full);
        QFETCH(QString, shortName);
        QCOMPARE(QString::fromStdString(record::shortKernelName(full.toStdString())), shortName);
    }

    void everyNodeIsLinked_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"residual_cnn_scripted", "lstm", "fork_wait", "several_methods"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    // Each node that was executed launched one kernel, but for calls, forks, waits and blocks.
    void everyNodeIsLinked()
    {
        QFETCH(QString, name);
        auto opened = open(sample(name.toStdString()));
        QVERIFY(opened.has_value());
        GpuSink sink;
        const auto seen = std::make_shared<Seen>();
        const auto outcome =
            record::run(*opened->session, asked(*opened, sampleInputs(name.toStdString()), seen, 2),
                        sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        QVERIFY(seen->stopped);
        QVERIFY(isBalanced(*seen));
        QCOMPARE(outcome->verdict.launched, seen->entered);
        QCOMPARE(outcome->verdict.kernels, seen->entered);
        QCOMPARE(outcome->verdict.unattributed, std::uint64_t{0});
        QVERIFY(sink.ending && sink.ending->verdict.kernels == seen->entered);
        std::map<ir::NodeKey, int> expected;
        for (const ThreadSlice& slice : sink.slices) {
            const std::string& kind = sink.kinds.at(slice.slice.node);
            if (kind != "prim::If" && kind != "prim::Loop" && kind != "prim::fork" &&
                kind != "aten::wait" && kind != "prim::CallMethod" && kind != "prim::CallFunction")
                ++expected[slice.slice.node];
        }
        std::map<ir::NodeKey, int> linked;
        for (const NamedKernel& kernel : sink.launched) {
            ++linked[static_cast<ir::NodeKey>(kernel.node)];
            QCOMPARE(kernel.shortName, "node_" + std::to_string(kernel.node));
            QCOMPARE(kernel.name, "void " + kernel.shortName + "<float>(float*)");
        }
        QVERIFY(linked == expected);
        int calls = 0;
        for (const auto& [called, count] : sink.calls)
            calls += count;
        QCOMPARE(sink.calls.size(), std::size_t{2});
        QCOMPARE(static_cast<std::uint64_t>(calls), seen->entered);
    }

    void parametersStayParameters()
    {
        for (const char* device : {"cpu", "meta"}) {
            const oracle::Gradients wanted =
                oracle::wantedGradients(test::sample("residual_cnn_scripted"), device);
            QVERIFY(!wanted.loaded.empty());
            QCOMPARE(wanted.copied, wanted.loaded);
            QVERIFY(wanted.isThere);
        }
    }

    void instructionsAreLinked()
    {
        const auto opened = saved("def forward(self, x):\n"
                                  "    a: List[float] = x.tolist()\n"
                                  "    return torch.tensor(len(a)) + torch.tensor(2.0)\n");
        GpuSink sink;
        const auto seen = std::make_shared<Seen>();
        const auto outcome =
            record::run(*opened.session, asked(opened, {"4"}, seen, 1), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        std::set<std::string> kinds;
        for (const NamedKernel& kernel : sink.launched)
            kinds.insert(sink.kinds.at(static_cast<ir::NodeKey>(kernel.node)));
        QVERIFY(kinds.contains("prim::tolist"));
    }

    void aFailedRunKeepsWhatWasRecorded()
    {
        const auto opened = saved("def forward(self, x):\n"
                                  "    x = torch.tanh(x)\n"
                                  "    assert bool(x.sum() > 100.0), 'too small'\n"
                                  "    return torch.sin(x)\n");
        GpuSink sink;
        const auto seen = std::make_shared<Seen>();
        auto request = asked(opened, {"4"}, seen, 1);
        request.warmups = 0;
        const auto outcome = record::run(*opened.session, request, sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::ModelFailed);
        checkEnding(sink, *seen);
        std::set<std::string> kinds;
        for (const NamedKernel& kernel : sink.launched)
            kinds.insert(sink.kinds.at(static_cast<ir::NodeKey>(kernel.node)));
        QVERIFY(kinds.contains("aten::tanh"));
        QVERIFY(kinds.contains("prim::RaiseException"));
        QVERIFY(!kinds.contains("aten::sin"));
    }

    void aCancelledRunKeepsWhatWasRecorded()
    {
        const auto opened = saved("def forward(self, x):\n"
                                  "    for i in range(1000000000):\n"
                                  "        x = torch.tanh(x)\n"
                                  "    return x\n");
        GpuSink sink;
        const auto seen = std::make_shared<Seen>();
        auto request = asked(opened, {"4"}, seen, 1);
        request.warmups = 0;
        JobContext job;
        std::thread canceller([cancel = job.cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            cancel.cancel();
        });
        const auto outcome = record::run(*opened.session, request, sink, job);
        canceller.join();
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        checkEnding(sink, *seen);
    }

    void aSourceThatCannotRecordIsRemarked()
    {
        auto opened = open(sample("pointwise"));
        QVERIFY(opened.has_value());
        auto request = asked(*opened, {}, std::make_shared<Seen>(), 1);
        request.activitySource = []() -> Result<std::unique_ptr<cupti::GpuActivity>> {
            return jitscope::fail(ErrorCode::Unavailable, "There is no such thing here.");
        };
        GpuSink sink;
        const auto outcome = record::run(*opened->session, request, sink, JobContext{});
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->verdict.remarks,
                 std::vector<std::string>{"There is no such thing here."});
        QVERIFY(sink.launched.empty());
    }

private:
    static record::RunRequest asked(const Model& model, std::vector<std::string> inputs,
                                    const std::shared_ptr<Seen>& seen, int iterations)
    {
        auto asked = request(model, std::move(inputs), iterations);
        asked.observeTypes = false; // what is cancelled or fails here is the run itself
        asked.activitySource = [seen]() -> Result<std::unique_ptr<cupti::GpuActivity>> {
            return std::make_unique<FakeActivity>(seen);
        };
        return asked;
    }

    static bool isBalanced(const Seen& seen)
    {
        return std::all_of(seen.depth.begin(), seen.depth.end(),
                           [](const auto& thread) { return thread.second == 0; });
    }

    static void checkEnding(const GpuSink& sink, const Seen& seen)
    {
        QVERIFY(seen.stopped);
        QVERIFY(isBalanced(seen));
        QVERIFY(seen.entered > 0);
        QCOMPARE(sink.launched.size(), static_cast<std::size_t>(seen.entered));
        QVERIFY(sink.ending.has_value());
        QCOMPARE(sink.ending->verdict.kernels, seen.entered);
        QCOMPARE(sink.ending->verdict.launched, seen.entered);
        QCOMPARE(sink.ending->verdict.recorded, static_cast<std::uint64_t>(sink.slices.size()));
    }

    Model saved(const std::string& source)
    {
        const auto file =
            m_folder.filePath(QStringLiteral("model%1.pt").arg(m_models++)).toStdString();
        oracle::saveModel(file, source);
        auto opened = open(file);
        if (!opened)
            qFatal("%s", opened.error().message().c_str());
        return *std::move(opened);
    }

    QTemporaryDir m_folder;
    int m_models = 0;
};

QTEST_GUILESS_MAIN(GpuActivityTest)
#include "gpu_activity_test.moc"
