#include "views/engine/engine_client.h"

#include "views/engine/engine_process_p.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <QStandardPaths>
#include <QTimer>

#include <map>
#include <optional>

namespace jitscope::views {

namespace {

using nlohmann::json;

// From the start of the process to its answer to `initialize`: it loads LibTorch meanwhile, which
// takes half a minute from a cold network disk.
constexpr int handshakePatience = 60'000; // ms

#ifndef JITSCOPE_VERSION
#define JITSCOPE_VERSION "development"
#endif

} // namespace

class EngineClient::Implementation
{
public:
    Implementation(EngineClient& client, QString program)
        : m_client(client), m_program(std::move(program))
    {
        m_handshakeTimer.setSingleShot(true);
        QObject::connect(&m_handshakeTimer, &QTimer::timeout, &client, [this] {
            if (m_process)
                m_process->kill(EngineClient::tr("The engine did not answer within %1 seconds.")
                                    .arg(handshakePatience / 1000));
        });
    }

    ~Implementation() { delete m_process; }

    void start()
    {
        if (m_state == State::Starting || m_state == State::Ready)
            return;
        m_description = {};
        m_process = new EngineProcess(m_program, &m_client);
        QObject::connect(m_process, &EngineProcess::ended, &m_client,
                         [this](const QString& reason) { lose(reason); });
        QObject::connect(
            m_process, &EngineProcess::errorLine, &m_client,
            [this](const QString& line) { Q_EMIT m_client.logged(QStringLiteral("info"), line); });
        listen(m_process->connection());
        // The state first: a program that cannot be started says so at once.
        m_state = State::Starting;
        const QPointer<EngineProcess> process = m_process;
        Q_EMIT m_client.stateChanged(m_state);
        if (!process || process != m_process)
            return;
        process->start();
        if (process && process == m_process)
            shakeHands();
    }

    void stop()
    {
        m_handshakeTimer.stop();
        EngineProcess* const process = std::exchange(m_process, nullptr);
        if (process != nullptr) {
            QObject::disconnect(process, nullptr, &m_client, nullptr);
            process->retire();
        }
        const Calls calls = std::exchange(m_calls, {});
        m_description = {};
        setState(State::Stopped);
        for (const auto& [id, call] : calls)
            call.handler(tl::unexpected(Error{ErrorCode::Cancelled, "Cancelled.", {}, {}}));
    }

    template <typename Answered>
    RequestId call(const char* method, json params, Answer<Answered> answer)
    {
        start();
        const RequestId id = ++m_lastId;
        auto& added = m_calls[id];
        added.method = method;
        added.params = std::move(params);
        added.handler = [answer = std::move(answer), method](Result<json> result) {
            if (!result)
                return answer(tl::unexpected(std::move(result.error())));
            std::optional<Answered> value;
            try {
                value = result->get<Answered>();
            } catch (const std::exception& exception) {
                return answer(fail(ErrorCode::Internal,
                                   "The engine's answer could not be understood.",
                                   std::string(method) + ": " + exception.what()));
            }
            answer(std::move(*value));
        };
        if (m_state == State::Ready)
            send(id);
        else if (m_process == nullptr) // it could not be started: answer later, as always
            QMetaObject::invokeMethod(
                &m_client, [this, id] { finish(id, tl::unexpected(lostError(m_lostReason))); },
                Qt::QueuedConnection);
        return id;
    }

    void cancel(RequestId id, int patience)
    {
        const auto call = m_calls.find(id);
        if (call == m_calls.end())
            return;
        if (std::exchange(call->second.isCancelled, true))
            return; // asked already, the clock runs
        if (!call->second.sent) {
            QMetaObject::invokeMethod(
                &m_client,
                [this, id] {
                    finish(id, tl::unexpected(Error{ErrorCode::Cancelled, "Cancelled.", {}, {}}));
                },
                Qt::QueuedConnection);
            return;
        }
        m_process->connection().notify(protocol::notificationCancel,
                                       {{"id", protocol::idToJson(*call->second.sent)}});
        QTimer::singleShot(patience, m_process, [this, id, patience] {
            if (m_calls.contains(id) && m_process)
                m_process->kill(
                    EngineClient::tr("The engine did not stop within %1 s and was ended.")
                        .arg(patience / 1000.0));
        });
    }

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const protocol::InitializeResult& description() const { return m_description; }

private:
    struct Call
    {
        std::string method;
        json params;
        std::function<void(Result<json>)> handler;
        std::optional<protocol::RequestId> sent; // its id on the wire
        bool isCancelled = false;
    };
    using Calls = std::map<RequestId, Call>;

    static Error lostError(const QString& reason)
    {
        return {ErrorCode::EngineLost,
                reason.toStdString(),
                {},
                "The document is kept. The next request starts a new engine."};
    }

    void setState(State state)
    {
        if (m_state != state) {
            m_state = state;
            Q_EMIT m_client.stateChanged(state);
        }
    }

    void shakeHands()
    {
        m_handshakeTimer.start(handshakePatience);
        const protocol::InitializeParams params{protocol::protocolVersion,
                                                "jitscope " JITSCOPE_VERSION};
        m_process->connection().request(
            protocol::methodInitialize, params,
            [this, process = QPointer<EngineProcess>(m_process)](Result<json> answer) {
                if (process && process == m_process)
                    welcome(std::move(answer));
            });
    }

    void welcome(Result<json> answer)
    {
        m_handshakeTimer.stop();
        const QString refused = EngineClient::tr("The engine refused the connection: %1");
        if (!answer) {
            m_process->kill(refused.arg(QString::fromStdString(answer.error().message())));
            return;
        }
        protocol::InitializeResult result;
        try {
            result = answer->get<protocol::InitializeResult>();
        } catch (const std::exception& exception) {
            m_process->kill(refused.arg(QString::fromUtf8(exception.what())));
            return;
        }
        if (result.protocolVersion != protocol::protocolVersion) {
            m_process->kill(
                EngineClient::tr("The engine %1 speaks version %2 of the protocol, this program "
                                 "version %3. Install both from the same release.")
                    .arg(m_program)
                    .arg(result.protocolVersion)
                    .arg(protocol::protocolVersion));
            return;
        }
        m_description = std::move(result);
        const QPointer<EngineProcess> process = m_process;
        setState(State::Ready);
        std::vector<RequestId> waiting;
        for (const auto& [id, call] : m_calls)
            waiting.push_back(id);
        for (const RequestId id : waiting)
            if (process && process == m_process)
                send(id);
    }

    void send(RequestId id)
    {
        const auto call = m_calls.find(id);
        if (call == m_calls.end() || call->second.sent || call->second.isCancelled)
            return;
        call->second.sent = m_process->connection().request(
            call->second.method, call->second.params,
            [this, id](Result<json> answer) { finish(id, std::move(answer)); });
    }

    void finish(RequestId id, Result<json> answer)
    {
        const auto call = m_calls.find(id);
        if (call == m_calls.end())
            return;
        const auto handler = std::move(call->second.handler);
        m_calls.erase(call);
        handler(std::move(answer));
    }

    // Whoever is told may start the next engine at once, so everything of this one is put aside
    // first.
    void lose(const QString& reason)
    {
        m_handshakeTimer.stop();
        std::exchange(m_process, nullptr)->deleteLater();
        const Calls calls = std::exchange(m_calls, {});
        m_description = {};
        m_lostReason = reason;
        const QPointer<EngineClient> client = &m_client;
        setState(State::Lost);
        if (client)
            Q_EMIT client->lost(reason);
        for (const auto& [id, call] : calls) {
            call.handler(tl::unexpected(call.isCancelled
                                            ? Error{ErrorCode::Cancelled, "Cancelled.", {}, {}}
                                            : lostError(reason)));
        }
    }

    void listen(protocol::Connection& connection)
    {
        // What is wrong with a notification is no reason to give up the engine.
        const auto on = [&connection](const char* method, auto handler) {
            connection.onNotification(
                method, protocol::Connection::NotificationHandler([handler](const json& params) {
                    try {
                        handler(params);
                    } catch (const json::exception&) {
                    }
                }));
        };
        on(protocol::notificationProgress, [this](const json& params) {
            const auto id = protocol::idFromJson(params.at("id"));
            const double fraction = params.value("fraction", -1.0);
            const auto phase = QString::fromStdString(params.at("phase").get<std::string>());
            for (const auto& [own, call] : m_calls)
                if (id && call.sent == id) {
                    Q_EMIT m_client.progress(own, phase, fraction);
                    return;
                }
        });
        on(protocol::notificationLog, [this](const json& params) {
            Q_EMIT m_client.logged(QString::fromStdString(params.at("level").get<std::string>()),
                                   QString::fromStdString(params.at("text").get<std::string>()));
        });
        on(protocol::notificationDocument, [this](const json& params) {
            Q_EMIT m_client.documentChanged(
                QString::fromStdString(params.at("what").get<std::string>()),
                params.at("id").get<qint64>());
        });
    }

    EngineClient& m_client;
    QString m_program;
    State m_state = State::Stopped;
    protocol::InitializeResult m_description;
    EngineProcess* m_process = nullptr; // null unless starting or ready
    QTimer m_handshakeTimer;
    Calls m_calls; // in order of the requests
    RequestId m_lastId = 0;
    QString m_lostReason;
};

EngineClient::EngineClient(QString program, QObject* parent)
    : QObject(parent), m_implementation(std::make_unique<Implementation>(*this, std::move(program)))
{}

EngineClient::~EngineClient() = default;

void EngineClient::start()
{
    m_implementation->start();
}

void EngineClient::stop()
{
    m_implementation->stop();
}

void EngineClient::restart()
{
    stop();
    start();
}

EngineClient::State EngineClient::state() const
{
    return m_implementation->state();
}

const protocol::InitializeResult& EngineClient::description() const
{
    return m_implementation->description();
}

EngineClient::RequestId EngineClient::passes(Answer<std::vector<protocol::PassDescription>> answer)
{
    return m_implementation->call(protocol::methodPasses, json::object(), std::move(answer));
}

EngineClient::RequestId EngineClient::open(const protocol::OpenParams& params,
                                           Answer<protocol::OpenResult> answer)
{
    return m_implementation->call(protocol::methodOpen, params, std::move(answer));
}

EngineClient::RequestId EngineClient::inlineMethod(const protocol::InlineParams& params,
                                                   Answer<protocol::StageResult> answer)
{
    return m_implementation->call(protocol::methodInline, params, std::move(answer));
}

EngineClient::RequestId EngineClient::apply(const protocol::ApplyParams& params,
                                            Answer<protocol::ApplyResult> answer)
{
    return m_implementation->call(protocol::methodApply, params, std::move(answer));
}

EngineClient::RequestId EngineClient::run(const protocol::RunParams& params,
                                          Answer<protocol::RunResult> answer)
{
    return m_implementation->call(protocol::methodRun, params, std::move(answer));
}

EngineClient::RequestId
EngineClient::tensorStatistics(const protocol::TensorStatisticsParams& params,
                               Answer<protocol::TensorStatisticsResult> answer)
{
    return m_implementation->call(protocol::methodTensorStatistics, params, std::move(answer));
}

EngineClient::RequestId EngineClient::tensorValues(const protocol::TensorValuesParams& params,
                                                   Answer<protocol::TensorValuesResult> answer)
{
    return m_implementation->call(protocol::methodTensorValues, params, std::move(answer));
}

EngineClient::RequestId EngineClient::tensorExport(const protocol::TensorExportParams& params,
                                                   Answer<protocol::TensorExportResult> answer)
{
    return m_implementation->call(protocol::methodTensorExport, params, std::move(answer));
}

void EngineClient::cancel(RequestId request, int patience)
{
    m_implementation->cancel(request, patience);
}

QString enginePath()
{
    const QString chosen = qEnvironmentVariable("JITSCOPE_ENGINE_PATH");
    if (!chosen.isEmpty())
        return chosen;
    const QString name = QStringLiteral("jitscope-cli");
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(name);
    if (QFileInfo(beside).isExecutable())
        return beside;
    const QString installed = QStandardPaths::findExecutable(name);
    return installed.isEmpty() ? beside : installed;
}

} // namespace jitscope::views
