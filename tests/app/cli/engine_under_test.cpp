#include "tests/app/cli/engine_under_test.h"

#include <QElapsedTimer>
#include <QString>

namespace jitscope::test {

namespace {

QString programPath()
{
    return qEnvironmentVariable("JITSCOPE_BIN_DIR") + QStringLiteral("/jitscope-cli");
}

} // namespace

EngineUnderTest::EngineUnderTest(int patience)
    : m_patience(patience), m_connection([this](const std::string& body) {
          const std::string framed = protocol::frame(body);
          m_process.write(framed.data(), static_cast<qint64>(framed.size()));
          m_process.waitForBytesWritten(m_patience);
      })
{
    for (const char* method : {protocol::notificationProgress, protocol::notificationLog,
                               protocol::notificationDocument}) {
        m_connection.onNotification(method, [this, method](const nlohmann::json& params) {
            m_notifications[method].push_back(params);
        });
    }
    m_process.start(programPath(), {QStringLiteral("serve")});
    m_process.waitForStarted(m_patience);
}

EngineUnderTest::~EngineUnderTest()
{
    m_process.kill();
    m_process.waitForFinished(m_patience);
}

void EngineUnderTest::read()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_parser.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    while (true) {
        const Result<std::optional<std::string>> message = m_parser.next();
        m_inStep = m_inStep && message.has_value();
        if (!message || !*message)
            return;
        m_connection.receive(**message);
    }
}

bool EngineUnderTest::waitUntil(const std::function<bool()>& condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > m_patience)
            return false;
        const bool isRunning = m_process.state() == QProcess::Running;
        if (isRunning)
            m_process.waitForReadyRead(100);
        read();
        if (!isRunning && !condition())
            return false;
    }
    return true;
}

bool EngineUnderTest::waitForEnd()
{
    return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(m_patience);
}

Result<nlohmann::json> EngineUnderTest::ask(std::string_view method, const nlohmann::json& params)
{
    bool isAnswered = false;
    Result<nlohmann::json> answer = fail(ErrorCode::EngineLost, "The engine did not answer.");
    m_connection.request(method, params, [&](Result<nlohmann::json> result) {
        answer = std::move(result);
        isAnswered = true;
    });
    if (!waitUntil([&] { return isAnswered; }))
        m_connection.close({ErrorCode::EngineLost, "The engine is gone.", {}, {}});
    return answer;
}

protocol::RequestId EngineUnderTest::send(std::string_view method, const nlohmann::json& params,
                                          Result<nlohmann::json>& answer)
{
    answer = nlohmann::json("waiting");
    return m_connection.request(
        method, params, [&answer](Result<nlohmann::json> result) { answer = std::move(result); });
}

void EngineUnderTest::notify(std::string_view method, const nlohmann::json& params)
{
    m_connection.notify(method, params);
}

Result<nlohmann::json> EngineUnderTest::initialize()
{
    return ask(protocol::methodInitialize,
               protocol::InitializeParams{protocol::protocolVersion, "test"});
}

const std::vector<nlohmann::json>& EngineUnderTest::notifications(std::string_view method) const
{
    static const std::vector<nlohmann::json> nothing;
    const auto found = m_notifications.find(method);
    return found == m_notifications.end() ? nothing : found->second;
}

} // namespace jitscope::test
