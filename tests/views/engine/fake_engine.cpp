// An engine that behaves as badly as a test asks: by JITSCOPE_FAKE_HANDSHAKE before the handshake,
// by the name of the model that it is asked to open, by the name of a pass and by the device of a
// run. Where the document is an absolute path it writes the sample document there. LibTorch is not
// involved.
#include "core/protocol/connection.h"
#include "core/protocol/frame_parser.h"
#include "core/protocol/messages.h"
#include "tests/views/model/sample_document.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include <unistd.h>

namespace {

using namespace jitscope;
using namespace jitscope::protocol;
using nlohmann::json;

std::string handshake()
{
    const char* value = std::getenv("JITSCOPE_FAKE_HANDSHAKE");
    return value == nullptr ? "" : value;
}

void writeAll(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written <= 0)
            std::exit(0); // the window is gone
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

class FakeEngine
{
public:
    FakeEngine() : m_connection([](const std::string& body) { writeAll(frame(body)); })
    {
        m_connection.onRequest(methodInitialize,
                               Connection::RequestHandler(
                                   [this](const RequestId& id, const json&) { initialize(id); }));
        m_connection.onRequest(
            methodPasses,
            Connection::RequestHandler([this](const RequestId& id, const json&) { passes(id); }));
        m_connection.onRequest(
            methodOpen, Connection::RequestHandler([this](const RequestId& id, const json& params) {
                open(id, params.get<OpenParams>());
            }));
        m_connection.onRequest<InlineParams>(
            methodInline, [this](const RequestId& id, const InlineParams&) { inlineMethod(id); });
        m_connection.onRequest<ApplyParams>(
            methodApply,
            [this](const RequestId& id, const ApplyParams& params) { apply(id, params); });
        m_connection.onRequest<RunParams>(
            methodRun, [this](const RequestId& id, const RunParams& params) { run(id, params); });
        m_connection.onNotification(notificationCancel,
                                    [this](const json& params) { cancel(params); });
        m_connection.onNotification(notificationExit, [](const json&) { std::exit(0); });
    }

    void serve()
    {
        FrameParser parser;
        std::array<char, 4096> buffer{};
        for (;;) {
            const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
            if (count <= 0)
                return;
            parser.feed({buffer.data(), static_cast<std::size_t>(count)});
            for (;;) {
                const auto message = parser.next();
                if (!message || !message->has_value())
                    break;
                m_connection.receive(**message);
            }
        }
    }

private:
    void initialize(const RequestId& id)
    {
        const std::string how = handshake();
        if (how == "silent")
            return;
        if (how == "crash")
            std::abort();
        if (how == "garbage")
            return writeAll("Segmentation fault, or whatever else prints to stdout\r\n\r\n");
        if (how == "refuse")
            return m_connection.answerError(
                id, {ErrorCode::Unavailable, "This engine speaks to nobody.", {}, {}});
        if (how == "no-version")
            return m_connection.answer(id, {{"engineVersion", "0.1.0"}});
        InitializeResult result{
            protocolVersion, "0.1.0-fake", "2.11.0", {"cpu"}, "There is no GPU."};
        if (how == "other-version")
            result.protocolVersion += 1;
        m_connection.answer(id, result);
    }

    void passes(const RequestId& id)
    {
        const PassDescription freeze{
            "freeze", "Freeze", "Frozen models", "Makes parameters constants.", {}, {}, true, {}};
        const PassDescription fuse{"fuse",     "Fuse", "Fusion", "Fuses.",
                                   {"frozen"}, {},     false,    "There is no GPU."};
        m_connection.answer(id, json::array({freeze, fuse}));
    }

    void open(const RequestId& id, const OpenParams& params)
    {
        const std::string model = std::filesystem::path(params.model).filename();
        if (model == "crash")
            std::raise(SIGSEGV);
        if (model == "exit") {
            std::cerr << "terminate called: out of luck" << std::endl;
            std::_Exit(3);
        }
        if (model == "garbage")
            return writeAll("Content-Length: nine\r\n\r\n");
        if (model == "half") {
            writeAll("Content-Length: 100\r\n\r\n{\"jsonrpc\":");
            std::_Exit(0);
        }
        if (model == "wrong-fields")
            return m_connection.answer(id, {{"document", 7}});
        if (model == "error")
            return m_connection.answerError(
                id, {ErrorCode::UnusableFile, "This is no model.", "a.txt", "Open a model."});
        if (model == "slow" || model == "stubborn") {
            m_slow = id;
            m_isStubborn = model == "stubborn";
            return progress(id, "waiting", 0.25);
        }
        if (model == "noise") {
            m_connection.notify(notificationProgress, {{"id", "no such request"}, {"phase", 3}});
            m_connection.notify(notificationLog, {{"level", "warning"}, {"text", "half full"}});
            m_connection.notify(notificationLog, {{"text", 1}});
            m_connection.notify(notificationDocument, {{"what", "stage"}, {"id", 4}});
            m_connection.notify(notificationDocument, json::array());
            m_connection.notify("unknown", json::object());
            std::cerr << "a line of LibTorch\nanother" << std::endl;
        }
        if (const std::filesystem::path document = params.document; document.is_absolute()) {
            const bool isNew = !std::filesystem::exists(document);
            if (isNew)
                test::writeSampleDocument(document);
            m_writer = document::Writer::open(document).value();
            if (isNew && !m_writer->setInfo("model_path", params.model))
                std::abort();
        }
        OpenResult result{params.document, "00ff", {"One problem."}, {}, {}};
        if (!params.operatorLibraries.empty()) {
            result.problems.push_back("Libraries:");
            for (const std::string& library : params.operatorLibraries)
                result.problems.back() += " " + library;
        } else if (model == "stubbed.pt") {
            result.missingOperators = {{"torchvision::nms", "torchvision", "f (a.py:1)"},
                                       {"torchvision::roi_align", "torchvision", "g (a.py:2)"}};
        }
        if (m_writer) {
            std::vector<document::ProblemRow> problems;
            for (const std::string& problem : result.problems)
                problems.push_back({0, "unreadable-part", {}, problem, {}});
            if (!m_writer->writeFile(problems, {}))
                std::abort();
        }
        m_connection.answer(id, result);
    }

    // True when the request was dealt with by being bad.
    bool misbehaves(const RequestId& id, const std::string& how)
    {
        if (!m_writer) {
            m_connection.answerError(id, {ErrorCode::InvalidArgument, "Nothing is open.", {}, {}});
            return true;
        }
        if (how == "crash")
            std::raise(SIGSEGV);
        if (how == "fail") {
            m_connection.answerError(id, {ErrorCode::ModelFailed, "The model failed.", {}, {}});
            return true;
        }
        if (how == "slow") {
            m_slow = id;
            progress(id, "waiting", -1);
            return true;
        }
        return false;
    }

    void changed(const char* what, std::int64_t row)
    {
        m_connection.notify(notificationDocument, {{"what", what}, {"id", row}});
    }

    void inlineMethod(const RequestId& id)
    {
        if (misbehaves(id, {}))
            return;
        const std::int64_t stage = test::addSampleStage(*m_writer, 1, "inlined again");
        changed("stage", stage);
        m_connection.answer(id, StageResult{stage});
    }

    void apply(const RequestId& id, const ApplyParams& params)
    {
        if (misbehaves(id, params.pass))
            return;
        std::string name = params.pass;
        for (const auto& [argument, value] : params.arguments)
            name += ":" + argument + "=" + value;
        const std::int64_t stage = test::addSampleStage(*m_writer, params.stage, name.c_str());
        changed("stage", stage);
        m_connection.answer(id, ApplyResult{stage, params.pass != "nothing", {}});
    }

    void run(const RequestId& id, const RunParams& params)
    {
        if (misbehaves(id, params.device))
            return;
        if (params.device == "stub")
            return m_connection.answerError(
                id, {ErrorCode::ModelFailed,
                     "The operator torchvision::nms is provided by torchvision, which is not "
                     "loaded. Open the model with torchvision's operator library to run it.",
                     {},
                     {}});
        if (params.device == "die") {
            changed("run", test::addSampleRun(*m_writer, params.stage, "recording"));
            std::raise(SIGSEGV);
        }
        const std::int64_t row = test::addSampleRun(*m_writer, params.stage);
        changed("run", row);
        m_connection.answer(id, RunResult{row, params.stage});
    }

    void progress(const RequestId& id, const char* phase, double fraction)
    {
        m_connection.notify(notificationProgress,
                            {{"id", idToJson(id)}, {"phase", phase}, {"fraction", fraction}});
    }

    void cancel(const json& params)
    {
        if (m_slow && !m_isStubborn && idFromJson(params.at("id")) == m_slow)
            m_connection.answerError(*m_slow, {ErrorCode::Cancelled, "Cancelled.", {}, {}});
    }

    Connection m_connection;
    std::optional<document::Writer> m_writer;
    std::optional<RequestId> m_slow;
    bool m_isStubborn = false;
};

} // namespace

int main(int argc, char** argv)
{
    // A sanitizer would turn a crash into an orderly end.
    for (const int crash : {SIGABRT, SIGSEGV})
        std::signal(crash, SIG_DFL);
    if (argc != 2 || std::string_view(argv[1]) != "serve")
        return 2;
    FakeEngine().serve();
    return 0;
}
