// The real engine (jitscope-cli serve) as a child process, and a client for it.
#pragma once

#include "core/protocol/connection.h"
#include "core/protocol/frame_parser.h"

#include <QProcess>

#include <functional>
#include <string>
#include <vector>

namespace jitscope::test {

class EngineUnderTest
{
public:
    // How long to wait for anything, in milliseconds; the machine may be busy.
    explicit EngineUnderTest(int patience = 60'000);
    ~EngineUnderTest(); // ends it

    // Waits for the answer.
    [[nodiscard]] Result<nlohmann::json> ask(std::string_view method, const nlohmann::json& params);
    // Does not wait.
    protocol::RequestId send(std::string_view method, const nlohmann::json& params,
                             Result<nlohmann::json>& answer);
    void notify(std::string_view method, const nlohmann::json& params);
    [[nodiscard]] Result<nlohmann::json> initialize();

    // Reads until the condition holds; false when the engine ends or nothing comes for long.
    [[nodiscard]] bool waitUntil(const std::function<bool()>& condition);

    // The parameters of the notifications of a method so far.
    [[nodiscard]] const std::vector<nlohmann::json>& notifications(std::string_view method) const;

    [[nodiscard]] QProcess& process() { return m_process; }
    [[nodiscard]] bool waitForEnd();
    // Whether standard output held nothing but frames.
    [[nodiscard]] bool isInStep() const { return m_inStep; }

private:
    void read();

    int m_patience;
    QProcess m_process;
    protocol::FrameParser m_parser;
    protocol::Connection m_connection;
    std::map<std::string, std::vector<nlohmann::json>, std::less<>> m_notifications;
    bool m_inStep = true;
};

} // namespace jitscope::test
