// One end of a JSON-RPC 2.0 connection, without the transport: takes complete messages, calls the
// handlers registered for them, and hands out the messages to send. Both ends use it: the engine
// registers requests, the window sends them. docs/protocol.md describes the messages.
//
// receive() and the registration of handlers belong to one thread. answer(), answerError(),
// notify() and request() may be called from any thread, if the Send function may. Whatever arrives,
// nothing throws and nothing crashes: what is wrong is answered with one of the errors below, or
// dropped when it is an answer or a notification.
#pragma once

#include "core/protocol/messages.h"
#include "core/support/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

namespace jitscope::protocol {

// Deepest nesting of a message; deeper ones are answered with rpcInvalidRequest.
inline constexpr int maximumDepth = 100;

using RequestId = std::variant<std::int64_t, std::string>;

[[nodiscard]] nlohmann::json idToJson(const RequestId& id);
// Nothing for what cannot be an id.
[[nodiscard]] std::optional<RequestId> idFromJson(const nlohmann::json& json);

class Connection
{
public:
    // Gets the body of a message, without a frame.
    using Send = std::function<void(std::string body)>;
    using RequestHandler = std::function<void(const RequestId& id, const nlohmann::json& params)>;
    using NotificationHandler = std::function<void(const nlohmann::json& params)>;
    using AnswerHandler = std::function<void(Result<nlohmann::json> answer)>;
    // Why a request is not taken now, such as one before `initialize`; nothing to let it pass.
    using Gate = std::function<std::optional<Error>(std::string_view method)>;

    explicit Connection(Send send);

    // The handler answers the id, at once or later, exactly once. A handler that throws
    // InvalidMessage (as from_json does) has been given wrong params, and the request is answered
    // so.
    void onRequest(std::string method, RequestHandler handler);
    void onNotification(std::string method, NotificationHandler handler);
    // The same with the params as a message of messages.h.
    template <typename Params>
    void onRequest(std::string method,
                   std::function<void(const RequestId& id, const Params& params)> handler)
    {
        onRequest(std::move(method),
                  RequestHandler([handler = std::move(handler)](const RequestId& id,
                                                                const nlohmann::json& params) {
                      handler(id, params.get<Params>());
                  }));
    }
    void setGate(Gate gate);

    void receive(std::string_view message);

    // An id that is not open (unknown, or answered before) is ignored.
    void answer(const RequestId& id, const nlohmann::json& result);
    void answerError(const RequestId& id, const Error& error);

    // The handler is called in receive() or close(), exactly once.
    RequestId request(std::string_view method, const nlohmann::json& params, AnswerHandler handler);
    void notify(std::string_view method, const nlohmann::json& params);

    // The other end is gone: every request that waits for an answer gets this Error. Requests made
    // after it get it at once.
    void close(const Error& error);

private:
    void receiveCall(const nlohmann::json& message);
    void receiveAnswer(const nlohmann::json& message);
    void refuse(const nlohmann::json& id, int code, const std::string& text);
    void post(const nlohmann::json& message);
    bool takeOpen(const RequestId& id);

    Send m_send;
    Gate m_gate;
    std::map<std::string, RequestHandler, std::less<>> m_requests;
    std::map<std::string, NotificationHandler, std::less<>> m_notifications;

    std::mutex m_mutex;                           // guards what follows
    std::set<RequestId> m_open;                   // of the other end, not answered yet
    std::map<RequestId, AnswerHandler> m_pending; // ours
    std::int64_t m_lastId = 0;
    std::optional<Error> m_closed;
};

} // namespace jitscope::protocol
