// Bad requests, models that fail, and runs that are cancelled.
#include "oracle.h"
#include "recording.h"
#include "tests/core/torchscript/oracle.h"

#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace test;
using jitscope::ErrorCode;

class FailureTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesBadRequests()
    {
        auto opened = open(sample("residual_cnn_scripted"));
        QVERIFY(opened.has_value());
        KeepingSink sink;
        const auto failsWith = [&](const record::RunRequest& asked, ErrorCode code,
                                   const std::string& mentioned) {
            const auto outcome = record::run(*opened->session, asked, sink, JobContext{});
            QVERIFY(!outcome.has_value());
            QCOMPARE(outcome.error().code, code);
            QVERIFY2(outcome.error().message().find(mentioned) != std::string::npos,
                     outcome.error().message().c_str());
        };
        auto asked = request(*opened);
        asked.stage = 4711;
        failsWith(asked, ErrorCode::InvalidArgument, "no such stage");
        asked = request(*opened);
        asked.iterations = 0;
        failsWith(asked, ErrorCode::InvalidArgument, "iterations");
        asked = request(*opened);
        asked.device = "tpu";
        failsWith(asked, ErrorCode::InvalidArgument, "tpu");
        failsWith(request(*opened, {"1x3xx"}), ErrorCode::InvalidArgument, "argument image");
        failsWith(request(*opened, {"'text'"}), ErrorCode::InvalidArgument, "image (Tensor)");
        failsWith(request(*opened, {"1x3x32x32", "4"}), ErrorCode::InvalidArgument, "takes 1");
        failsWith(request(*opened, {"/no/such/file.npy"}), ErrorCode::InvalidArgument,
                  "/no/such/file.npy");
        failsWith(request(*opened, {"/no/such/file.pt"}), ErrorCode::InvalidArgument,
                  "/no/such/file.pt");
        failsWith(request(*opened, {sample("lstm").string()}), ErrorCode::InvalidArgument,
                  "lstm.pt");
        QVERIFY(sink.slices.empty());
    }

    void saysThatThereIsNoGpu()
    {
        if (torchscript::Session::devices().size() > 1)
            QSKIP("This machine has a GPU.");
        auto opened = open(sample("residual_cnn_scripted"));
        QVERIFY(opened.has_value());
        auto asked = request(*opened);
        asked.device = "cuda:0";
        KeepingSink sink;
        const auto outcome = record::run(*opened->session, asked, sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::Unavailable);
        QVERIFY(
            outcome.error().what.starts_with("There is no GPU here that LibTorch can use: the"));
        QVERIFY(outcome.error().remedy.ends_with("se the device cpu."));
    }

    void namesTheOperatorThatFailed()
    {
        auto opened = open(sample("residual_cnn_scripted"));
        QVERIFY(opened.has_value());
        KeepingSink sink;
        auto asked = request(*opened, {"1x4x32x32"});
        asked.warmups = 0;
        const auto outcome = record::run(*opened->session, asked, sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::ModelFailed);
        const std::string message = outcome.error().message();
        QVERIFY2(message.find("aten::conv2d") != std::string::npos, message.c_str());
        QVERIFY2(message.find("stem.0") != std::string::npos, message.c_str());
        QVERIFY2(message.find(".py:") != std::string::npos, message.c_str());
        QVERIFY2(message.find("to have 3 channels, but got 4") != std::string::npos,
                 message.c_str());
        QVERIFY(!sink.slices.empty()); // what ran before it
        // The session works on.
        KeepingSink next;
        const auto good =
            record::run(*opened->session, request(*opened, {"1x3x32x32"}), next, JobContext{});
        QVERIFY(good.has_value());
        QCOMPARE(good->verdict.outputsEqual, std::optional(true));
    }

    void namesWhatTheModelRaised()
    {
        const auto opened = saved("def forward(self, x):\n"
                                  "    assert bool(x.sum() < -1.0), 'too large'\n"
                                  "    return x\n");
        KeepingSink sink;
        const auto outcome =
            record::run(*opened.session, request(opened, {"4"}), sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::ModelFailed);
        const std::string message = outcome.error().message();
        QVERIFY2(message.find("too large") != std::string::npos, message.c_str());
        QVERIFY2(message.find("prim::RaiseException") != std::string::npos, message.c_str());
    }

    // Not that the inputs were guessed: they have nothing to do with it.
    void namesTheOperatorThatIsNotHere()
    {
        const auto file = m_folder.filePath(QStringLiteral("missing.pt")).toStdString();
        ::oracle::rewriteArchive(sample("pointwise"), file,
                                 [](const std::string& name, std::string& bytes) {
                                     const auto at = bytes.find("torch.tanh");
                                     if (name.ends_with(".py") && at != std::string::npos)
                                         bytes.replace(at, 10, "ops.torch_scatter.sum");
                                     return true;
                                 });
        auto opened = open(file);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message().c_str());
        KeepingSink sink;
        const auto outcome = record::run(*opened->session, request(*opened), sink, JobContext{});
        QVERIFY(!outcome.has_value());
        const Error& error = outcome.error();
        QCOMPARE(error.code, ErrorCode::Unavailable);
        QVERIFY2(error.what.find("torch_scatter::sum") != std::string::npos, error.what.c_str());
        QVERIFY2(error.where.find("torch_scatter::sum") != std::string::npos, error.where.c_str());
        QVERIFY2(error.remedy.find("torch-scatter") != std::string::npos, error.remedy.c_str());
        QVERIFY2(error.remedy.find("guess") == std::string::npos, error.remedy.c_str());
    }

    void saysWhichInputsWereGuessed()
    {
        const auto opened = saved("def forward(self, x):\n    return x.view([3, 5, 7])\n");
        KeepingSink sink;
        const auto outcome = record::run(*opened.session, request(opened), sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::ModelFailed);
        QVERIFY2(outcome.error().remedy.find("guessed for x") != std::string::npos,
                 outcome.error().remedy.c_str());
        const auto dictionary =
            saved("def forward(self, x: Dict[str, Tensor]):\n    return x['a']\n");
        const auto refused =
            record::run(*dictionary.session, request(dictionary), sink, JobContext{});
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message().find("argument x") != std::string::npos);
    }

    void failsInAForkToo()
    {
        auto opened = open(sample("fork_wait"));
        QVERIFY(opened.has_value());
        for (int again = 0; again < 3; ++again) {
            KeepingSink sink;
            const auto outcome =
                record::run(*opened->session, request(*opened, {"4x5"}), sink, JobContext{});
            QVERIFY(!outcome.has_value());
            QCOMPARE(outcome.error().code, ErrorCode::ModelFailed);
            const std::string message = outcome.error().message();
            QVERIFY2(message.find("aten::linear") != std::string::npos, message.c_str());
        }
        KeepingSink sink;
        const auto good =
            record::run(*opened->session, request(*opened, {"4x32"}), sink, JobContext{});
        QVERIFY(good.has_value());
        QCOMPARE(good->verdict.outputsEqual, std::optional(true));
    }

    void stopsInMidRunWhenCancelled()
    {
        // Would take hours; the time limit of the test is the bound.
        const auto opened = saved("def forward(self, x):\n"
                                  "    for i in range(1000000000):\n"
                                  "        x = torch.tanh(x)\n"
                                  "    return x\n");
        auto asked = request(opened, {"4"});
        asked.warmups = 0;
        asked.observeTypes = false;
        for (int again = 0; again < 2; ++again)
            cancelInMidRun(opened, asked);
    }

    void stopsWhenCancelledBeforeTheRun()
    {
        // In the execution that looks at the types.
        const auto opened = saved("def forward(self, x):\n"
                                  "    for i in range(1000000000):\n"
                                  "        x = torch.tanh(x)\n"
                                  "    return x\n");
        KeepingSink sink;
        JobContext job;
        std::thread canceller([cancel = job.cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            cancel.cancel();
        });
        const auto outcome = record::run(*opened.session, request(opened, {"4"}), sink, job);
        canceller.join();
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QVERIFY(!sink.observedTypes.empty());
        QVERIFY(sink.slices.empty());
    }

    void stopsForksWhenCancelled()
    {
        auto opened = open(sample("fork_wait"));
        QVERIFY(opened.has_value());
        auto asked = request(*opened, {"4x32"}, 1000000000);
        asked.observeTypes = false;
        for (int again = 0; again < 2; ++again)
            cancelInMidRun(*opened, asked);
        KeepingSink sink;
        const auto good =
            record::run(*opened->session, request(*opened, {"4x32"}), sink, JobContext{});
        QVERIFY(good.has_value());
        QCOMPARE(good->verdict.outputsEqual, std::optional(true));
    }

    void stopsWhenTheSinkRefuses()
    {
        const auto opened = saved("def forward(self, x):\n"
                                  "    for i in range(1000000000):\n"
                                  "        x = torch.tanh(x)\n"
                                  "    return x\n");
        KeepingSink sink;
        sink.refuse = true;
        auto asked = request(opened, {"4"});
        asked.warmups = 0;
        asked.observeTypes = false;
        const auto outcome = record::run(*opened.session, asked, sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().what, std::string("The disk is full."));
    }

private:
    static void cancelInMidRun(const Model& opened, const record::RunRequest& asked)
    {
        KeepingSink sink;
        JobContext job;
        std::thread canceller([cancel = job.cancel] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            cancel.cancel();
        });
        const auto outcome = record::run(*opened.session, asked, sink, job);
        canceller.join();
        QVERIFY(!outcome.has_value());
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QVERIFY(!sink.slices.empty());
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

QTEST_GUILESS_MAIN(FailureTest)
#include "failure_test.moc"
