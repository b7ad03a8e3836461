#include "profiler/record/recorder.h"

#include "core/torchscript/exceptions_p.h"
#include "core/torchscript/session_p.h"
#include "profiler/record/device_p.h"
#include "profiler/record/failure_p.h"
#include "profiler/record/gpu_recorder_p.h"
#include "profiler/record/input_values_p.h"
#include "profiler/record/outputs_p.h"
#include "profiler/record/plan_follower_p.h"
#include "profiler/record/settings_p.h"
#include "profiler/record/stock_run_p.h"
#include "profiler/record/type_observer_p.h"
#include "profiler/record/writer_p.h"

#include <ATen/Context.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <chrono>

namespace jitscope::record {

namespace {

using torchscript::StageGraph;

std::int64_t epochOffset()
{
    const auto epoch = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return epoch.count() - steadyNow();
}

Result<void> check(const RunRequest& request)
{
    if (request.iterations < 1 || request.warmups < 0) {
        return fail(ErrorCode::InvalidArgument,
                    "The number of iterations must be at least 1, that of warm-ups at least 0.");
    }
    if (request.threads < 0)
        return fail(ErrorCode::InvalidArgument, "The number of threads cannot be negative.");
    return {};
}

// What is run, and on what.
struct Target
{
    const StageGraph& stage;
    c10::Device device;
    std::shared_ptr<torch::jit::Graph> graph; // a copy
    torch::jit::Module self;
    torch::jit::Module stockSelf;
    std::vector<c10::IValue> inputs; // on the device
    std::size_t movedDevices = 0;    // constants of a trace that named another device
    bool changesSelf = false;        // perhaps
};

Target makeTarget(const StageGraph& stage, const c10::Device& device, const Inputs& inputs,
                  bool forStock, const torchscript::NodeIdentity& identity)
{
    MovedGraph moved = copyTo(*stage.graph, device, identity);
    Target target{stage,      device, std::move(moved.graph), stage.self,
                  stage.self, {},     moved.devices,          mayChangeSelf(*stage.graph)};
    if (device.is_cuda()) {
        target.self = copyTo(stage.self, device);
        target.stockSelf = target.self;
    }
    if (target.changesSelf) {
        // The session's model stays as it was loaded, and every run begins with it.
        target.self = copyTo(stage.self, device);
        if (forStock)
            target.stockSelf = copyTo(stage.self, device);
    }
    for (const c10::IValue& input : inputs.values)
        target.inputs.push_back(copyTo(input, device));
    return target;
}

// A model that fails here fails in the run as well, which says how.
std::vector<ObservedType> observe(const Target& target, std::uint64_t seed,
                                  const torchscript::NodeIdentity& identity, const JobContext& job)
{
    TypeObserver observer(*target.graph, identity, [cancel = job.cancel] {
        if (cancel.isCancelled())
            throw CancelledRun();
    });
    try {
        std::vector<c10::IValue> stack =
            argumentsOf(target.changesSelf ? copyTo(target.stage.self, target.device) : target.self,
                        target.inputs, *target.stage.schema);
        at::manual_seed(seed);
        observer.run(stack);
    } catch (...) {
        if (!job.isCancelled())
            job.log(LogLevel::Info,
                    "Not all shapes were seen: " +
                        torchscript::summary(torchscript::currentExceptionMessage()));
    }
    return observer.types();
}

class Run
{
public:
    Run(torchscript::Session::Implementation& session, const RunRequest& request, RecordSink& sink,
        const JobContext& job, Target target, const Inputs& inputs)
        : m_request(request),
          m_sink(sink),
          m_job(job),
          m_target(std::move(target)),
          m_inputs(inputs),
          m_identity(session.identity()),
          m_buffers(request.whenFull),
          m_recording(m_buffers, job.cancel.flag()),
          m_writer(m_buffers, sink, [this] { m_recording.stop(); }),
          m_follower(
              session, m_recording, request.mode,
              [this](std::uint32_t index, Plan plan) { m_writer.addPlan(index, std::move(plan)); }),
          m_function(m_target.stage.method, m_target.graph, nullptr)
    {
        (void)m_buffers.ofThisThread(); // makes the calling thread number 0
        if (m_target.movedDevices != 0) {
            remark("The trace names the device that it was made on in " +
                   std::to_string(m_target.movedDevices) + " places; they were run on " +
                   m_target.device.str() + " instead.");
        }
    }

    Result<RunOutcome> run()
    {
        const Result<void> ran = iterate();
        m_recording.startIteration(-1);
        Result<void> written = m_writer.finish();
        // One call of the sink at a time: the writer is done.
        if (const Result<void> gpu = finishGpu(); written)
            written = gpu;
        m_outcome.verdict.executed = m_buffers.executed();
        m_outcome.verdict.recorded = m_writer.recorded();
        m_outcome.verdict.dropped = m_buffers.dropped();
        if (m_outcome.verdict.dropped != 0) {
            remark(std::to_string(m_outcome.verdict.dropped) +
                   " node slices were lost, because they came faster than they could be stored.");
        }
        if (written && ran) {
            m_outcome.outputs = describe(m_result);
            if (m_request.checkOutputs)
                compare();
        }
        m_outcome.inputs = m_inputs.specs;
        m_outcome.environment = describeEnvironment(m_target.device);
        m_outcome.epochOffsetNs = epochOffset();
        m_sink.ended(m_outcome);
        if (!written)
            return tl::unexpected(written.error());
        if (!ran)
            return tl::unexpected(ran.error());
        if (m_job.isCancelled())
            return cancelled();
        return std::move(m_outcome);
    }

    void remark(std::string sentence) { m_outcome.verdict.remarks.push_back(std::move(sentence)); }

private:
    Result<void> iterate()
    {
        for (int number = -m_request.warmups; number < m_request.iterations; ++number) {
            if (m_job.isCancelled())
                return cancelled();
            m_job.progress(number < 0 ? "warming up" : "running",
                           static_cast<double>(number + m_request.warmups) /
                               (m_request.warmups + m_request.iterations));
            try {
                if (number == 0)
                    startGpu();
                iteration(number);
            } catch (...) {
                return tl::unexpected(failure());
            }
            m_buffers.waitForWriter();
            if (m_gpu)
                m_gpu->collect();
        }
        return {};
    }

    void startGpu()
    {
        const auto& source = m_request.activitySource;
        if (!m_request.recordCuda || !(source || m_target.device.is_cuda()))
            return;
        auto gpu = GpuRecorder::start(source ? source() : cupti::openGpuActivity());
        if (!gpu) {
            remark(gpu.error().what);
            return;
        }
        m_gpu = *std::move(gpu);
        m_recording.setLaunchLink(m_gpu.get());
    }

    // What the GPU did belongs to the run whatever became of it.
    Result<void> finishGpu()
    {
        if (!m_gpu)
            return {};
        std::vector<IterationTimes> times = m_outcome.iterations;
        if (m_unfinished) {
            try {
                synchronize(m_target.device); // what was launched before it failed still runs
            } catch (...) {
                remark("The GPU failed too, with: " +
                       torchscript::summary(torchscript::currentExceptionMessage()));
            }
            m_unfinished->end = steadyNow();
            times.push_back(*m_unfinished);
        }
        Result<void> finished = m_gpu->finish(times, m_sink, m_outcome.verdict);
        m_recording.setLaunchLink(nullptr);
        m_gpu.reset();
        return finished;
    }

    void iteration(int number)
    {
        std::vector<c10::IValue> stack =
            argumentsOf(m_target.self, m_target.inputs, *m_target.stage.schema);
        (void)m_follower.takeCompileNs();
        m_follower.prepare(m_function, stack);
        at::manual_seed(m_request.seed);
        synchronize(m_target.device);

        IterationTimes times;
        times.number = number;
        m_recording.startIteration(number);
        times.start = steadyNow();
        m_unfinished = times;
        times.plan = m_follower.run(m_function, stack).plan;
        synchronize(m_target.device);
        times.end = steadyNow();
        m_unfinished.reset();
        m_recording.startIteration(-1);
        times.compileNs = m_follower.takeCompileNs();
        m_outcome.iterations.push_back(times);
        if (number == m_request.iterations - 1)
            m_result = stack.front();
    }

    // Of the exception that is being handled.
    Error failure()
    {
        if (m_job.isCancelled())
            return cancelled().value();
        const ir::NodeKey node = m_recording.failedNode();
        return modelFailure(node, m_follower.kindOf(node), m_identity, m_inputs);
    }

    void compare()
    {
        m_job.progress("comparing the outputs");
        const auto checkCancel = [this] {
            if (m_job.isCancelled())
                throw CancelledRun();
        };
        // Where the model is as it was loaded, so is what it is compared with.
        const StageGraph& stage = m_target.stage;
        const StockRequest request{stage,
                                   stage.afterPass || m_target.device.is_cuda() ? m_target.graph
                                                                                : stage.graph,
                                   m_target.stockSelf,
                                   m_target.inputs,
                                   m_request.seed,
                                   !stage.afterPass && !m_target.device.is_cuda()};
        // A model that changes itself must have run as often.
        const int runs = m_request.warmups + m_request.iterations;
        try {
            const c10::IValue expected = runStock(
                request, m_target.changesSelf ? runs : std::min(runs, settledAfter), checkCancel);
            m_outcome.verdict.outputsEqual = equalToTheBit(m_result, expected);
        } catch (...) {
            if (!m_job.isCancelled()) {
                remark("The outputs were not compared: the stock executor failed with: " +
                       torchscript::summary(torchscript::currentExceptionMessage()));
            }
            return;
        }
        if (!*m_outcome.verdict.outputsEqual) {
            remark(m_request.mode == Mode::Interpret
                       ? "The outputs differ from those of the executor, which optimises the graph."
                       : "The outputs differ from those of the stock executor.");
        }
    }

    const RunRequest& m_request;
    RecordSink& m_sink;
    const JobContext& m_job;
    Target m_target;
    const Inputs& m_inputs;
    torchscript::NodeIdentity& m_identity;
    RunOutcome m_outcome;
    std::optional<IterationTimes> m_unfinished; // the iteration that is running, or failed
    c10::IValue m_result;
    std::unique_ptr<GpuRecorder> m_gpu;
    SliceBuffers m_buffers;
    Recording m_recording;
    Writer m_writer;
    PlanFollower m_follower;
    torch::jit::GraphFunction m_function;
};

} // namespace

Result<RunOutcome> run(torchscript::Session& session, const RunRequest& request, RecordSink& sink,
                       const JobContext& job)
{
    if (auto checked = check(request); !checked)
        return tl::unexpected(checked.error());
    torchscript::Session::Implementation& implementation = session.implementation();
    const StageGraph* stage = implementation.stage(request.stage);
    if (stage == nullptr) {
        return fail(ErrorCode::InvalidArgument, "There is no such stage.",
                    std::to_string(request.stage));
    }
    const auto device = findDevice(request.device);
    if (!device)
        return tl::unexpected(device.error());
    if (auto filled = implementation.fillWeights(job); !filled)
        return tl::unexpected(filled.error());
    if (job.isCancelled())
        return cancelled();

    const torch::autograd::AutoGradMode noGradients(false);
    const ThreadSetting threads(request.threads);
    const OwnExceptions exceptions;
    return torchscript::guarded(
        [&]() -> Result<RunOutcome> {
            auto inputs = prepareInputs(*stage, request.inputs, request.seed);
            if (!inputs)
                return tl::unexpected(inputs.error());
            job.progress("preparing the model");
            Target target = makeTarget(*stage, *device, *inputs, request.checkOutputs,
                                       implementation.identity());
            if (request.observeTypes) {
                job.progress("looking at the shapes");
                auto told =
                    sink.types(observe(target, request.seed, implementation.identity(), job));
                if (!told)
                    return tl::unexpected(told.error());
            }
            Run recorded(implementation, request, sink, job, std::move(target), *inputs);
            return recorded.run();
        },
        [&] {
            return torchscript::modelError(
                stage->module.empty() ? stage->method : stage->module + "." + stage->method);
        });
}

} // namespace jitscope::record
