#include "app/cli/serve/engine.h"

#include "app/cli/serve/progress_limiter.h"
#include "app/cli/session/engine_rights.h"
#include "app/cli/session/model_file.h"
#include "app/cli/session/pass_descriptions.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace jitscope::cli {

using nlohmann::json;
using protocol::RequestId;

namespace {

constexpr std::chrono::milliseconds chunksStep(100); // between two "document/changed" of chunks

std::string_view levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Error:
        return "error";
    }
    return "info";
}

// The threads of this process. More than one before it is confined means that the others are not.
std::ptrdiff_t countThreads()
{
    std::error_code error;
    return std::distance(std::filesystem::directory_iterator("/proc/self/task", error),
                         std::filesystem::directory_iterator());
}

bool isInside(const std::filesystem::path& folder, const std::filesystem::path& of)
{
    const auto [end, ignored] = std::mismatch(of.begin(), of.end(), folder.begin(), folder.end());
    return end == of.end();
}

tl::unexpected<Error> noDocument()
{
    return fail(ErrorCode::InvalidArgument, "No document is open.", {},
                "Send document/open first.");
}

} // namespace

Engine::Engine(FrameOutput& output, Hardware hardware)
    : m_connection([&output](const std::string& body) { output.write(body); }),
      m_hardware(std::move(hardware))
{
    registerHandlers();
}

void Engine::receive(std::string_view message)
{
    m_connection.receive(message);
}

void Engine::registerHandlers()
{
    m_connection.setGate([this](std::string_view method) { return gate(method); });
    const auto answer = [this](const RequestId& id, Answer result) {
        if (result)
            m_connection.answer(id, *result);
        else
            m_connection.answerError(id, result.error());
    };
    m_connection.onRequest<protocol::InitializeParams>(
        protocol::methodInitialize,
        [this, answer](const RequestId& id, const protocol::InitializeParams& params) {
            answer(id, initialize(params));
        });
    m_connection.onRequest(protocol::methodPasses, [answer](const RequestId& id, const json&) {
        answer(id, json(passDescriptions()));
    });
    m_connection.onRequest<protocol::OpenParams>(
        protocol::methodOpen,
        [this](const RequestId& id, const protocol::OpenParams& params) { open(id, params); });
    m_connection.onRequest<protocol::InlineParams>(
        protocol::methodInline, [this](const RequestId& id, const protocol::InlineParams& params) {
            post(id, [this, params](const JobContext& job) { return inlineMethod(params, job); });
        });
    m_connection.onRequest<protocol::ApplyParams>(
        protocol::methodApply, [this](const RequestId& id, const protocol::ApplyParams& params) {
            post(id, [this, params](const JobContext& job) { return apply(params, job); });
        });
    m_connection.onRequest<protocol::RunParams>(
        protocol::methodRun, [this](const RequestId& id, const protocol::RunParams& params) {
            post(id, [this, params](const JobContext& job) { return run(params, job); });
        });
    m_connection.onRequest<protocol::TensorStatisticsParams>(
        protocol::methodTensorStatistics,
        [this](const RequestId& id, const protocol::TensorStatisticsParams& params) {
            post(id,
                 [this, params](const JobContext& job) { return tensorStatistics(params, job); });
        });
    m_connection.onRequest<protocol::TensorValuesParams>(
        protocol::methodTensorValues,
        [this](const RequestId& id, const protocol::TensorValuesParams& params) {
            post(id, [this, params](const JobContext&) { return tensorValues(params); });
        });
    m_connection.onRequest<protocol::TensorExportParams>(
        protocol::methodTensorExport,
        [this](const RequestId& id, const protocol::TensorExportParams& params) {
            post(id, [this, params](const JobContext& job) { return tensorExport(params, job); });
        });
    m_connection.onRequest(protocol::methodShutdown,
                           [this](const RequestId& id, const json&) { shutdown(id); });
    m_connection.onNotification(protocol::notificationCancel, [this](const json& params) {
        if (!params.is_object() || !params.contains("id"))
            return;
        if (const auto id = protocol::idFromJson(params.at("id")))
            m_jobs.cancel(*id);
    });
    m_connection.onNotification(protocol::notificationExit, [](const json&) { _exit(0); });
}

std::optional<Error> Engine::gate(std::string_view method) const
{
    if (m_isShutDown) {
        return Error{ErrorCode::InvalidArgument, "The engine is shutting down.",
                     std::string(method), "Start a new engine."};
    }
    const bool isInitialize = method == protocol::methodInitialize;
    if (!isInitialize && !m_isInitialized) {
        return Error{ErrorCode::InvalidArgument,
                     "The first request must be initialize.",
                     std::string(method),
                     {}};
    }
    if (isInitialize && m_isInitialized) {
        return Error{ErrorCode::InvalidArgument,
                     "The engine is initialized already.",
                     std::string(method),
                     {}};
    }
    return std::nullopt;
}

Engine::Answer Engine::initialize(const protocol::InitializeParams& params)
{
    if (params.protocolVersion != protocol::protocolVersion) {
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("The engine speaks version {} of the protocol, the client version "
                                "{}.",
                                protocol::protocolVersion, params.protocolVersion),
                    params.client, "Install the window and the engine from the same release.");
    }
    m_isInitialized = true;
    protocol::InitializeResult result;
    result.protocolVersion = protocol::protocolVersion;
    result.engineVersion = JITSCOPE_VERSION;
    result.torchVersion = torchscript::Session::libtorchVersion();
    result.devices = m_hardware.devices;
    result.cudaRecording = m_hardware.cudaRecording;
    return json(result);
}

void Engine::open(const RequestId& id, const protocol::OpenParams& params)
{
    std::error_code error;
    const std::filesystem::path document = std::filesystem::absolute(params.document, error);
    const Result<void> allowed = params.document.empty() || error
                                     ? fail(ErrorCode::InvalidArgument, "No document is named.")
                                     : allowFolder(document.parent_path());
    if (!allowed) {
        m_connection.answerError(id, allowed.error());
        return;
    }
    post(id, [this, params](const JobContext& job) { return openDocument(params, job); });
}

Result<void> Engine::allowFolder(const std::filesystem::path& folder)
{
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(folder, error);
    if (error) {
        return fail(ErrorCode::UnusableFile,
                    fmt::format("The document's folder cannot be used: {}.", error.message()),
                    folder.string(), "Choose a folder that exists.");
    }
    if (!m_folder.empty()) {
        if (isInside(real, m_folder))
            return {};
        return fail(ErrorCode::Unavailable,
                    "This engine may write only in the folder of the document it opened first.",
                    real.string(), "A fresh engine is needed: end this one and start another.");
    }
    // Landlock and seccomp hold for this thread and those it starts: the job thread is not there
    // yet.
    const std::ptrdiff_t threads = countThreads();
    const Result<confinement::Confinement> confined = confineEngine({real});
    if (!confined)
        return tl::unexpected(confined.error());
    m_folder = real;
    m_rights = confined->inForce;
    m_rights.insert(m_rights.end(), confined->missing.begin(), confined->missing.end());
    if (threads > 1) {
        m_rights.push_back(fmt::format(
            "{} thread(s) that libraries started earlier keep their rights.", threads - 1));
    }
    return {};
}

void Engine::shutdown(const RequestId& id)
{
    m_isShutDown = true;
    m_jobs.cancelAll();
    m_jobs.post(id, [this, id](const CancelToken&) {
        m_session.reset(); // closes the document
        m_connection.answer(id, nullptr);
    });
}

void Engine::post(const RequestId& id, Work work)
{
    m_jobs.post(id, [this, id, work = std::move(work)](const CancelToken& cancel) {
        Answer answer = cancelled();
        try {
            if (!cancel.isCancelled())
                answer = work(contextOf(id, cancel));
        } catch (const std::exception& exception) {
            answer = fail(ErrorCode::Internal, exception.what(), "engine");
        }
        if (answer)
            m_connection.answer(id, *answer);
        else
            m_connection.answerError(id, answer.error());
    });
}

JobContext Engine::contextOf(const RequestId& id, const CancelToken& cancel)
{
    JobContext job;
    job.cancel = cancel;
    job.onProgress = [this, id,
                      limiter = std::make_shared<ProgressLimiter>()](const Progress& progress) {
        if (!limiter->admits(progress))
            return;
        m_connection.notify(protocol::notificationProgress,
                            {{"id", protocol::idToJson(id)},
                             {"phase", progress.phase},
                             {"fraction", progress.fraction < 0 ? -1 : progress.fraction}});
    };
    job.onLog = [this](LogLevel level, std::string_view text) {
        m_connection.notify(protocol::notificationLog,
                            {{"level", levelName(level)}, {"text", text}});
    };
    return job;
}

DocumentSession::OnChanged Engine::changeReporter()
{
    using Clock = std::chrono::steady_clock;
    // Chunks come by the thousand; that of the run follows when all are there.
    return [this, next = std::make_shared<Clock::time_point>()](std::string_view what,
                                                                std::int64_t row) {
        if (what == "chunks") {
            const Clock::time_point now = Clock::now();
            if (now < *next)
                return;
            *next = now + chunksStep;
        }
        m_connection.notify(protocol::notificationDocument, {{"what", what}, {"id", row}});
    };
}

Engine::Answer Engine::openDocument(const protocol::OpenParams& params, const JobContext& job)
{
    m_session.reset(); // its document may be the same file
    OpenRequest request;
    request.model = params.model;
    request.document = params.document;
    request.verifiedWeights = weightsVerified;
    request.operatorLibraries.assign(params.operatorLibraries.begin(),
                                     params.operatorLibraries.end());
    auto session = DocumentSession::open(request, changeReporter(), job);
    if (!session)
        return tl::unexpected(session.error());
    m_session = *std::move(session);

    protocol::OpenResult result;
    result.document = m_session->document().string();
    result.modelHash = m_session->modelHash();
    result.problems = m_session->problems();
    for (const ir::MissingOperator& missing : m_session->missingOperators())
        result.missingOperators.push_back({missing.name, missing.library, missing.neededBy});
    result.rights = m_rights;
    return json(result);
}

Engine::Answer Engine::inlineMethod(const protocol::InlineParams& params, const JobContext& job)
{
    if (!m_session)
        return noDocument();
    const Result<std::int64_t> stage = m_session->inlined(params.module, params.method, job);
    if (!stage)
        return tl::unexpected(stage.error());
    return json(protocol::StageResult{*stage});
}

Engine::Answer Engine::apply(const protocol::ApplyParams& params, const JobContext& job)
{
    if (!m_session)
        return noDocument();
    const Result<AppliedPass> applied =
        m_session->apply(params.stage, params.pass, params.arguments, job);
    if (!applied)
        return tl::unexpected(applied.error());
    return json(
        protocol::ApplyResult{applied->stage, applied->outcome.changed, applied->outcome.message});
}

Engine::Answer Engine::run(const protocol::RunParams& params, const JobContext& job)
{
    if (!m_session)
        return noDocument();
    record::RunRequest request;
    if (params.mode != "executor" && params.mode != "interpret") {
        return fail(ErrorCode::InvalidArgument, fmt::format("There is no mode '{}'.", params.mode),
                    "mode", "The modes are executor and interpret.");
    }
    request.mode = params.mode == "interpret" ? record::Mode::Interpret : record::Mode::Executor;
    request.inputs = params.inputs;
    request.device = params.device;
    request.warmups = params.warmups;
    request.iterations = params.iterations;
    request.threads = params.threads;
    request.observeTypes = params.observeTypes;
    const Result<RecordedRun> recorded = m_session->run(params.stage, std::move(request), job);
    if (!recorded)
        return tl::unexpected(recorded.error());
    return json(protocol::RunResult{recorded->run, recorded->executedStage});
}

Result<TensorWork*> Engine::tensorWork()
{
    return m_session ? m_session->tensors() : Result<TensorWork*>(noDocument());
}

Engine::Answer Engine::tensorStatistics(const protocol::TensorStatisticsParams& params,
                                        const JobContext& job)
{
    const Result<TensorWork*> work = tensorWork();
    if (!work)
        return tl::unexpected(work.error());
    const Result<StatisticsOutcome> outcome = (*work)->computeStatistics(params.tensors, job);
    if (!outcome)
        return tl::unexpected(outcome.error());
    return json(
        protocol::TensorStatisticsResult{outcome->computed, outcome->present, outcome->impossible});
}

Engine::Answer Engine::tensorValues(const protocol::TensorValuesParams& params)
{
    const Result<TensorWork*> work = tensorWork();
    if (!work)
        return tl::unexpected(work.error());
    Result<tensor::Values> values = (*work)->values(params.tensor, params.slice);
    if (!values)
        return tl::unexpected(values.error());
    return json(protocol::TensorValuesResult{*std::move(values)});
}

Engine::Answer Engine::tensorExport(const protocol::TensorExportParams& params,
                                    const JobContext& job)
{
    if (!m_session)
        return noDocument();
    // Also where the kernel does not keep the engine from writing elsewhere.
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::weakly_canonical(params.folder, error);
    if (params.folder.empty() || error || !isInside(folder, m_folder)) {
        return fail(ErrorCode::InvalidArgument,
                    "The folder does not lie in the folder of the document.", params.folder,
                    "The engine may write nowhere else; move the files afterwards.");
    }
    const Result<TensorWork*> work = tensorWork();
    if (!work)
        return tl::unexpected(work.error());
    const Result<ExportOutcome> outcome = (*work)->exportTo(folder, params.tensors, job);
    if (!outcome)
        return tl::unexpected(outcome.error());
    protocol::TensorExportResult result;
    for (const ExportedTensor& file : outcome->files)
        result.files.push_back({file.tensor, file.file});
    result.problems = outcome->problems;
    return json(result);
}

} // namespace jitscope::cli
