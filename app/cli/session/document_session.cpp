#include "app/cli/session/document_session.h"

#include "app/cli/session/file_facts.h"
#include "app/cli/session/model_file.h"
#include "app/cli/session/model_program.h"
#include "app/cli/session/pass_arguments.h"
#include "app/cli/session/printed_ir.h"
#include "app/cli/session/run_writer.h"
#include "app/cli/session/stage_history.h"

#include "core/ir/codec.h"
#include "core/support/content_hash.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace jitscope::cli {

namespace {

std::string now()
{
    const std::time_t seconds =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::string joined(const std::vector<std::string>& sentences)
{
    std::string text;
    for (const std::string& sentence : sentences)
        text += (text.empty() ? "" : " ") + sentence;
    return text;
}

// The model that a document names: where it was, or beside the document if both were moved.
std::filesystem::path modelOf(const std::string& path, const std::filesystem::path& document)
{
    std::error_code ignored;
    const std::filesystem::path beside =
        document.parent_path() / std::filesystem::path(path).filename();
    return !std::filesystem::exists(path, ignored) && std::filesystem::exists(beside, ignored)
               ? beside
               : std::filesystem::path(path);
}

struct Existent
{
    std::string modelPath;
    std::string modelHash;
    std::string operatorLibraries; // a JSON list
};

// All libraries that the document was made with: those that it names, and those given now.
// Libraries run as code, so one that only the document names is not opened, but told.
std::string librariesOf(const std::string& named, const std::vector<std::filesystem::path>& given,
                        const JobContext& job)
{
    nlohmann::json now = nlohmann::json::array();
    std::error_code ignored;
    for (const std::filesystem::path& library : given)
        now.push_back(std::filesystem::absolute(library, ignored).string());
    nlohmann::json all = nlohmann::json::array();
    for (const nlohmann::json& library : nlohmann::json::parse(named, nullptr, false)) {
        if (!library.is_string())
            continue;
        all.push_back(library);
        if (std::find(now.begin(), now.end(), library) == now.end()) {
            job.log(LogLevel::Warning,
                    fmt::format("The document was made with the operator library {}, which is not "
                                "given (--op-library).",
                                library.get<std::string>()));
        }
    }
    for (const nlohmann::json& library : now) {
        if (std::find(all.begin(), all.end(), library) == all.end())
            all.push_back(library);
    }
    return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Existent> readExistent(const std::filesystem::path& document)
{
    Result<document::Reader> reader = document::Reader::open(document);
    if (!reader)
        return tl::unexpected(reader.error());
    Result<std::string> path = reader->info("model_path");
    if (!path)
        return tl::unexpected(path.error());
    Result<std::string> hash = reader->info("model_hash");
    if (!hash)
        return tl::unexpected(hash.error());
    Result<std::string> libraries = reader->info("operator_libraries");
    if (!libraries)
        return tl::unexpected(libraries.error());
    return Existent{*std::move(path), *std::move(hash), *std::move(libraries)};
}

// What the document holds, by which a window knows what can be done with it.
std::string_view kindOf(const archive::Report& report, bool hasSession)
{
    if (report.kind == archive::Kind::PrintedIr)
        return printedIrKind;
    return hasSession ? archive::kindName(report.kind) : "bytecode";
}

Result<document::Writer> createDocument(const OpenRequest& request, const ModelFile& model,
                                        const ir::Program& program, bool hasSession)
{
    Result<document::Writer> writer = document::Writer::create(request.document);
    if (!writer)
        return writer;
    std::error_code ignored;
    const std::pair<std::string_view, std::string> facts[] = {
        {"model_path", std::filesystem::absolute(request.model, ignored).string()},
        {"model_hash", model.report.modelHash},
        {"model_kind", std::string(kindOf(model.report, hasSession))},
        {"model_bytes", std::to_string(std::filesystem::file_size(request.model, ignored))},
        {"torch_version", torchscript::Session::libtorchVersion()},
        {"created_at", now()},
        {"jitscope_version", JITSCOPE_VERSION},
    };
    for (const auto& [name, value] : facts) {
        if (const Result<void> set = writer->setInfo(name, value); !set)
            return tl::unexpected(set.error());
    }
    if (const Result<void> written = writer->writeProgram(program); !written)
        return tl::unexpected(written.error());
    if (model.report.kind == archive::Kind::PrintedIr) {
        if (const Result<void> added = addScopedStages(*writer, program); !added)
            return tl::unexpected(added.error());
    }
    return writer;
}

// The session stays null for a file that holds nothing that LibTorch can load.
Result<ir::Program> readProgram(const OpenRequest& request, const ModelFile& model,
                                std::unique_ptr<torchscript::Session>& session,
                                const JobContext& job)
{
    if (model.report.kind == archive::Kind::PrintedIr)
        return readPrintedFile(request.model, job);
    Result<ModelProgram> read = readModelProgram(model, request.operatorLibraries, job);
    if (!read)
        return tl::unexpected(read.error());
    session = std::move(read->session);
    if (read->codeFailure) {
        auto& problems = read->program.problems;
        problems.insert(problems.begin(), read->codeFailure->message());
    }
    return std::move(read->program);
}

} // namespace

class DocumentSession::Implementation
{
public:
    Implementation(std::unique_ptr<torchscript::Session> session, document::Writer writer,
                   StageHistory history, const archive::Report& report, std::string shown,
                   std::vector<std::string> problems,
                   std::vector<ir::MissingOperator> missingOperators, OnChanged onChanged)
        : m_session(std::move(session)),
          m_writer(std::move(writer)),
          m_history(std::move(history)),
          m_modelHash(report.modelHash),
          m_isPrintedIr(report.kind == archive::Kind::PrintedIr),
          m_shown(std::move(shown)),
          m_problems(std::move(problems)),
          m_missingOperators(std::move(missingOperators)),
          m_onChanged(std::move(onChanged))
    {
        if (!m_onChanged)
            m_onChanged = [](std::string_view, std::int64_t) {};
        if (m_session)
            m_tensors.emplace(*m_session, m_writer, m_onChanged);
    }

    // The session's graph of a stage, made again if this session has not made it.
    Result<torchscript::StageHandle> handleOf(std::int64_t id, const JobContext& job);
    Result<torchscript::Stage> makeAgain(const document::StageRow& row,
                                         torchscript::StageHandle parent, const JobContext& job);
    Result<std::int64_t> addStage(document::StageRow row, const torchscript::Stage& stage);
    // `error` is null for a run that succeeded.
    static void finishRun(document::RunRow& row, const Error* error, const RunWriter& sink);
    Result<void> addIterations(std::int64_t run, const record::RunOutcome& outcome,
                               const RunWriter& sink);

    torchscript::Session& session() { return *m_session; } // only if it has a model
    // An Error when there is no session, because the file holds nothing that LibTorch can load.
    [[nodiscard]] Result<void> needSession() const
    {
        if (m_session)
            return {};
        if (m_isPrintedIr)
            return noModel(m_shown);
        return fail(ErrorCode::Unavailable,
                    "The model is bytecode for the mobile interpreter without its code: it can be "
                    "read, but not changed or run.",
                    m_shown, "Save the original model with torch.jit.save.");
    }
    TensorWork* tensors() { return m_tensors ? &*m_tensors : nullptr; }
    document::Writer& writer() { return m_writer; }
    StageHistory& history() { return m_history; }
    [[nodiscard]] const std::string& modelHash() const { return m_modelHash; }
    [[nodiscard]] const std::vector<std::string>& problems() const { return m_problems; }
    [[nodiscard]] const std::vector<ir::MissingOperator>& missingOperators() const
    {
        return m_missingOperators;
    }
    [[nodiscard]] const OnChanged& onChanged() const { return m_onChanged; }

private:
    std::unique_ptr<torchscript::Session> m_session;
    document::Writer m_writer;
    StageHistory m_history;
    std::string m_modelHash;
    bool m_isPrintedIr;
    std::string m_shown; // the document, or what the user calls it
    std::vector<std::string> m_problems;
    std::vector<ir::MissingOperator> m_missingOperators;
    OnChanged m_onChanged;
    std::optional<TensorWork> m_tensors;                        // if it has a model
    std::map<std::int64_t, torchscript::StageHandle> m_handles; // by stage of the document
};

Result<torchscript::Stage>
DocumentSession::Implementation::makeAgain(const document::StageRow& row,
                                           torchscript::StageHandle parent, const JobContext& job)
{
    if (row.kind == "inlined")
        return m_session->inlined(row.module, row.method, job);
    Result<torchscript::PassOutcome> outcome =
        m_session->apply(parent, row.pass, passArgumentsOf(row), job);
    if (!outcome)
        return tl::unexpected(outcome.error());
    return std::move(outcome->stage);
}

Result<torchscript::StageHandle> DocumentSession::Implementation::handleOf(std::int64_t id,
                                                                           const JobContext& job)
{
    if (const Result<void> able = needSession(); !able)
        return tl::unexpected(able.error());
    if (const auto known = m_handles.find(id); known != m_handles.end())
        return known->second;
    const Result<std::vector<document::StageRow>> chain = m_history.chain(id);
    if (!chain)
        return tl::unexpected(chain.error());
    torchscript::StageHandle handle = 0;
    for (const document::StageRow& row : *chain) {
        if (const auto known = m_handles.find(row.id); known != m_handles.end()) {
            handle = known->second;
            continue;
        }
        job.progress(fmt::format("making stage {} again", row.id));
        const Result<std::int64_t> firstKey = m_history.firstKey(row.id);
        if (!firstKey)
            return tl::unexpected(firstKey.error());
        // Nodes get the keys they had, so that they stay the nodes of the document.
        if (*firstKey > 0)
            m_session->reserveKeys(static_cast<ir::NodeKey>(*firstKey));
        const Result<torchscript::Stage> stage = makeAgain(row, handle, job);
        if (!stage)
            return tl::unexpected(stage.error());
        const Result<std::string> hash = m_history.graphHash(row.graph);
        if (!hash)
            return tl::unexpected(hash.error());
        if (contentHash(ir::encode(stage->graph)) != *hash) {
            return fail(ErrorCode::UnusableFile,
                        fmt::format("Stage {} ({}) does not come out again as it is in the "
                                    "document.",
                                    row.id, row.label),
                        m_writer.path().string(),
                        "Open the model again to make a new document; perhaps this one was made "
                        "by another version of LibTorch, or with other operator libraries.");
        }
        handle = stage->handle;
        m_handles[row.id] = handle;
    }
    const Result<std::int64_t> nextKey = m_history.nextKey();
    if (!nextKey)
        return tl::unexpected(nextKey.error());
    m_session->reserveKeys(static_cast<ir::NodeKey>(*nextKey));
    return handle;
}

Result<std::int64_t> DocumentSession::Implementation::addStage(document::StageRow row,
                                                               const torchscript::Stage& stage)
{
    const Result<std::int64_t> id = m_writer.addStage(row, stage.graph);
    if (!id)
        return id;
    m_handles[*id] = stage.handle;
    if (Result<StageHistory> history = StageHistory::read(m_writer.path()); history)
        m_history = *std::move(history);
    m_onChanged("stage", *id);
    return id;
}

Result<void> DocumentSession::Implementation::addIterations(std::int64_t run,
                                                            const record::RunOutcome& outcome,
                                                            const RunWriter& sink)
{
    std::vector<document::IterationRow> rows;
    for (const record::IterationTimes& times : outcome.iterations) {
        rows.push_back({run, times.number, times.start, times.end, times.compileNs,
                        sink.stageOfPlan(times.plan)});
    }
    return m_writer.add(std::span<const document::IterationRow>(rows));
}

void DocumentSession::Implementation::finishRun(document::RunRow& row, const Error* error,
                                                const RunWriter& sink)
{
    row.state = "done";
    if (error != nullptr) {
        const bool isCancelled = error->code == ErrorCode::Cancelled;
        row.state = isCancelled ? "cancelled" : "failed";
        row.verdict = isCancelled ? "The run was cancelled; what was recorded until then is here."
                                  : error->message();
    }
    if (!sink.outcome())
        return;
    const auto number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    const record::RunOutcome& outcome = *sink.outcome();
    const record::Verdict& verdict = outcome.verdict;
    row.inputs = nlohmann::json(outcome.inputs)
                     .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    row.environment = outcome.environment.empty() ? "{}" : outcome.environment;
    row.epoch_offset_ns = outcome.epochOffsetNs;
    row.executed = number(verdict.executed);
    row.recorded = number(verdict.recorded);
    row.dropped = number(verdict.dropped);
    row.launched = number(verdict.launched);
    row.kernels = number(verdict.kernels);
    row.unattributed = number(verdict.unattributed);
    if (verdict.outputsEqual)
        row.outputs_equal = *verdict.outputsEqual ? "yes" : "no";
    std::vector<std::string> sentences = verdict.remarks;
    if (!row.verdict.empty())
        sentences.insert(sentences.begin(), row.verdict);
    row.verdict = joined(sentences);
    if (row.mode == "executor" && !outcome.iterations.empty())
        row.executed_stage = sink.stageOfPlan(outcome.iterations.back().plan);
}

DocumentSession::DocumentSession(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{}
DocumentSession::~DocumentSession() = default;

Result<std::unique_ptr<DocumentSession>>
DocumentSession::open(const OpenRequest& asked, OnChanged onChanged, const JobContext& job)
{
    OpenRequest request = asked;
    std::error_code ignored;
    std::optional<Existent> existent;
    if (request.existing == Existing::Continue &&
        std::filesystem::exists(request.document, ignored)) {
        Result<Existent> read = readExistent(request.document);
        if (!read)
            return tl::unexpected(read.error());
        existent = *std::move(read);
        if (request.model.empty())
            request.model = modelOf(existent->modelPath, request.document);
    }
    job.progress("checking the file");
    const archive::InspectOptions options{request.verifiedWeights};
    const Result<ModelFile> model =
        request.inspected ? findModel(request.model, *std::move(request.inspected), options)
                          : findModel(request.model, options);
    if (!model)
        return tl::unexpected(model.error());
    if (existent && existent->modelHash != model->report.modelHash) {
        return fail(ErrorCode::UnusableFile, "The model is not the one the document was made from.",
                    fmt::format("{} and {}", request.model.string(), request.document.string()),
                    "Choose another document for this model.");
    }

    // Before anything of the model runs.
    logRemarks(*model, job);

    std::unique_ptr<torchscript::Session> session;
    Result<ir::Program> program = readProgram(request, *model, session, job);
    if (!program)
        return tl::unexpected(program.error());
    if (job.isCancelled())
        return cancelled();

    job.progress("writing the document");
    Result<document::Writer> writer =
        existent ? document::Writer::open(request.document)
                 : createDocument(request, *model, *program, session != nullptr);
    if (!writer)
        return tl::unexpected(writer.error());
    const std::string named = existent ? existent->operatorLibraries : std::string();
    const std::string libraries = librariesOf(named, request.operatorLibraries, job);
    if (named != libraries) {
        if (const Result<void> set = writer->setInfo("operator_libraries", libraries); !set)
            return tl::unexpected(set.error());
    }
    if (const Result<void> written = writeFileFacts(*writer, *model, program->problems); !written)
        return tl::unexpected(written.error());
    Result<StageHistory> history = StageHistory::read(request.document);
    if (!history)
        return tl::unexpected(history.error());
    return std::unique_ptr<DocumentSession>(new DocumentSession(std::make_unique<Implementation>(
        std::move(session), *std::move(writer), *std::move(history), model->report,
        request.shown.empty() ? request.document.string() : request.shown,
        std::move(program->problems), std::move(program->missingOperators), std::move(onChanged))));
}

const std::filesystem::path& DocumentSession::document() const
{
    return m_implementation->writer().path();
}

const std::string& DocumentSession::modelHash() const
{
    return m_implementation->modelHash();
}

const std::vector<std::string>& DocumentSession::problems() const
{
    return m_implementation->problems();
}

const std::vector<ir::MissingOperator>& DocumentSession::missingOperators() const
{
    return m_implementation->missingOperators();
}

Result<TensorWork*> DocumentSession::tensors()
{
    if (const Result<void> able = m_implementation->needSession(); !able)
        return tl::unexpected(able.error());
    return m_implementation->tensors();
}

Result<std::int64_t> DocumentSession::inlined(const std::string& module, const std::string& method,
                                              const JobContext& job)
{
    Implementation& self = *m_implementation;
    if (const Result<void> able = self.needSession(); !able)
        return tl::unexpected(able.error());
    if (const std::int64_t known = self.history().inlinedStage(module, method); known != 0)
        return known;
    const Result<std::int64_t> nextKey = self.history().nextKey();
    if (!nextKey)
        return nextKey;
    self.session().reserveKeys(static_cast<ir::NodeKey>(*nextKey));
    const auto start = std::chrono::steady_clock::now();
    const Result<torchscript::Stage> stage = self.session().inlined(module, method, job);
    if (!stage)
        return tl::unexpected(stage.error());
    document::StageRow row;
    row.parent = 1;
    row.kind = "inlined";
    row.label = module.empty() ? fmt::format("{} inlined", method)
                               : fmt::format("{}.{} inlined", module, method);
    row.arguments = "{}";
    row.module = module;
    row.method = method;
    row.duration_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
    row.changed = 1;
    return self.addStage(row, *stage);
}

Result<AppliedPass> DocumentSession::apply(std::int64_t stage, const std::string& pass,
                                           const torchscript::PassArguments& arguments,
                                           const JobContext& job)
{
    Implementation& self = *m_implementation;
    if (const Result<void> able = self.needSession(); !able)
        return tl::unexpected(able.error());
    const Result<torchscript::StageHandle> handle = self.handleOf(stage, job);
    if (!handle)
        return tl::unexpected(handle.error());
    const Result<document::StageRow> parent = self.history().stage(stage);
    if (!parent)
        return tl::unexpected(parent.error());
    const Result<torchscript::PassArguments> complete =
        withShapes(self.session(), *handle, pass, arguments, job);
    if (!complete)
        return tl::unexpected(complete.error());
    Result<torchscript::PassOutcome> outcome = self.session().apply(*handle, pass, *complete, job);
    if (!outcome)
        return tl::unexpected(outcome.error());

    document::StageRow row;
    row.parent = stage;
    row.kind = "pass";
    row.label = pass;
    for (const torchscript::PassInfo& info : torchscript::passCatalogue()) {
        if (info.name == pass)
            row.label = info.label;
    }
    row.pass = pass;
    row.arguments = passArgumentsText(*complete);
    row.module = parent->module;
    row.method = parent->method;
    row.duration_ns = outcome->durationNs;
    row.changed = outcome->changed ? 1 : 0;
    row.message = outcome->message;
    const Result<std::int64_t> added = self.addStage(row, outcome->stage);
    if (!added)
        return tl::unexpected(added.error());
    return AppliedPass{*added, *std::move(outcome)};
}

Result<RecordedRun> DocumentSession::run(std::int64_t stage, record::RunRequest request,
                                         const JobContext& job)
{
    Implementation& self = *m_implementation;
    if (const Result<void> able = self.needSession(); !able)
        return tl::unexpected(able.error());
    const Result<torchscript::StageHandle> handle = self.handleOf(stage, job);
    if (!handle)
        return tl::unexpected(handle.error());
    const Result<document::StageRow> stageRow = self.history().stage(stage);
    if (!stageRow)
        return tl::unexpected(stageRow.error());
    request.stage = *handle;
    request.module = stageRow->module;
    request.method = stageRow->method;

    document::RunRow row;
    row.stage = stage;
    row.mode = request.mode == record::Mode::Executor ? "executor" : "interpret";
    row.executed_stage = request.mode == record::Mode::Interpret ? stage : 0;
    row.device = request.device;
    row.inputs = nlohmann::json(request.inputs)
                     .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    row.warmups = request.warmups;
    row.iterations = request.iterations;
    row.threads = request.threads;
    row.environment = "{}";
    row.started_at = now();
    row.state = "recording";
    row.outputs_equal = "unchecked";
    const Result<std::int64_t> id = self.writer().addRun(row);
    if (!id)
        return tl::unexpected(id.error());
    row.id = *id;
    self.onChanged()("run", row.id);

    RunWriter sink(self.writer(), row.id, *stageRow, self.onChanged());
    Result<record::RunOutcome> outcome = record::run(self.session(), request, sink, job);
    Implementation::finishRun(row, outcome ? nullptr : &outcome.error(), sink);
    if (sink.outcome()) {
        if (const Result<void> added = self.addIterations(row.id, *sink.outcome(), sink); !added)
            return tl::unexpected(added.error());
    }
    if (const Result<void> updated = self.writer().updateRun(row); !updated)
        return tl::unexpected(updated.error());
    if (Result<StageHistory> history = StageHistory::read(self.writer().path()); history)
        self.history() = *std::move(history);
    self.onChanged()("run", row.id);
    if (!outcome)
        return tl::unexpected(outcome.error());
    return RecordedRun{row.id, row.executed_stage, *std::move(outcome)};
}

} // namespace jitscope::cli
