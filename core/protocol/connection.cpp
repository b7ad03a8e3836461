#include "core/protocol/connection.h"

#include <fmt/format.h>

namespace jitscope::protocol {

using nlohmann::json;

json idToJson(const RequestId& id)
{
    return std::visit([](const auto& value) { return json(value); }, id);
}

std::optional<RequestId> idFromJson(const json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
        return std::nullopt;
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    return std::nullopt;
}

namespace {

struct Parsed
{
    json message; // discarded when it is no JSON
    bool tooDeep = false;
};

Parsed parse(std::string_view text)
{
    // Copying, comparing and printing JSON is recursive, so what is nested too deep must not get
    // that far.
    Parsed result;
    const auto limitDepth = [&result](int depth, json::parse_event_t, json&) {
        if (depth > maximumDepth)
            result.tooDeep = true;
        return depth <= maximumDepth;
    };
    result.message = json::parse(text, limitDepth, /*allow_exceptions=*/false);
    return result;
}

bool isCall(const json& message)
{
    return message.contains("method");
}

bool isAnswer(const json& message)
{
    return message.contains("id") && (message.contains("result") || message.contains("error"));
}

} // namespace

Connection::Connection(Send send) : m_send(std::move(send)) {}

void Connection::onRequest(std::string method, RequestHandler handler)
{
    m_requests.insert_or_assign(std::move(method), std::move(handler));
}

void Connection::onNotification(std::string method, NotificationHandler handler)
{
    m_notifications.insert_or_assign(std::move(method), std::move(handler));
}

void Connection::setGate(Gate gate)
{
    m_gate = std::move(gate);
}

void Connection::receive(std::string_view text)
{
    const Parsed parsed = parse(text);
    const json& message = parsed.message;
    if (parsed.tooDeep) {
        refuse(nullptr, rpcInvalidRequest, "The message is nested too deep.");
    } else if (message.is_discarded()) {
        refuse(nullptr, rpcParseError, "The message is not valid JSON in UTF-8.");
    } else if (message.is_array()) {
        refuse(nullptr, rpcInvalidRequest, "Batches are not supported; send one message each.");
    } else if (!message.is_object()) {
        refuse(nullptr, rpcInvalidRequest, "A message is a JSON object.");
    } else if (isCall(message)) {
        receiveCall(message);
    } else if (isAnswer(message)) {
        receiveAnswer(message);
    } else {
        refuse(nullptr, rpcInvalidRequest, "The message is neither a request nor an answer.");
    }
}

void Connection::receiveCall(const json& message)
{
    const bool isRequest = message.contains("id");
    const std::optional<RequestId> id =
        isRequest ? idFromJson(message.at("id")) : std::optional<RequestId>();
    const json idJson = id ? idToJson(*id) : json(nullptr);
    const json& method = message.at("method");
    if (isRequest && !id)
        return refuse(nullptr, rpcInvalidRequest, "The id is neither an integer nor a string.");
    if (message.value("jsonrpc", json()) != "2.0")
        return refuse(idJson, rpcInvalidRequest, "The member jsonrpc is not \"2.0\".");
    if (!method.is_string())
        return refuse(idJson, rpcInvalidRequest, "The method is not a string.");
    const json params = message.value("params", json::object());
    if (!params.is_object() && !params.is_array())
        return refuse(idJson, rpcInvalidRequest, "The params are neither an object nor a list.");

    const auto& name = method.get_ref<const std::string&>();
    if (!id) {
        const auto handler = m_notifications.find(name);
        if (handler == m_notifications.end())
            return;
        try {
            handler->second(params);
        } catch (const InvalidMessage&) {
            // A notification has no answer that could say so.
        }
        return;
    }
    const auto handler = m_requests.find(name);
    if (handler == m_requests.end())
        return refuse(idJson, rpcMethodNotFound, fmt::format("There is no method '{}'.", name));
    {
        const std::lock_guard lock(m_mutex);
        if (!m_open.insert(*id).second)
            return refuse(nullptr, rpcInvalidRequest,
                          "A request with this id is still waiting for its answer.");
    }
    if (m_gate) {
        if (const std::optional<Error> reason = m_gate(name))
            return answerError(*id, *reason);
    }
    try {
        handler->second(*id, params);
    } catch (const InvalidMessage& wrong) {
        if (takeOpen(*id))
            refuse(idJson, rpcInvalidParams, wrong.what());
    }
}

void Connection::receiveAnswer(const json& message)
{
    const std::optional<RequestId> id = idFromJson(message.at("id"));
    AnswerHandler handler;
    {
        const std::lock_guard lock(m_mutex);
        const auto pending = id ? m_pending.find(*id) : m_pending.end();
        if (pending == m_pending.end())
            return;
        handler = std::move(pending->second);
        m_pending.erase(pending);
    }
    if (message.contains("error"))
        handler(tl::unexpected(errorFromJson(message.at("error"))));
    else
        handler(message.at("result"));
}

bool Connection::takeOpen(const RequestId& id)
{
    const std::lock_guard lock(m_mutex);
    return m_open.erase(id) == 1;
}

void Connection::answer(const RequestId& id, const json& result)
{
    if (takeOpen(id))
        post({{"jsonrpc", "2.0"}, {"id", idToJson(id)}, {"result", result}});
}

void Connection::answerError(const RequestId& id, const Error& error)
{
    if (takeOpen(id))
        post({{"jsonrpc", "2.0"}, {"id", idToJson(id)}, {"error", errorToJson(error)}});
}

RequestId Connection::request(std::string_view method, const json& params, AnswerHandler handler)
{
    RequestId id;
    std::optional<Error> closed;
    {
        const std::lock_guard lock(m_mutex);
        id = ++m_lastId;
        closed = m_closed;
        if (!closed)
            m_pending.emplace(id, handler);
    }
    if (closed)
        handler(tl::unexpected(*closed));
    else
        post({{"jsonrpc", "2.0"}, {"id", idToJson(id)}, {"method", method}, {"params", params}});
    return id;
}

void Connection::notify(std::string_view method, const json& params)
{
    post({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

void Connection::close(const Error& error)
{
    std::map<RequestId, AnswerHandler> pending;
    {
        const std::lock_guard lock(m_mutex);
        m_closed = error;
        pending.swap(m_pending);
        m_open.clear();
    }
    for (const auto& [id, handler] : pending)
        handler(tl::unexpected(error));
}

void Connection::refuse(const json& id, int code, const std::string& text)
{
    post({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", text}}}});
}

void Connection::post(const json& message)
{
    // Messages of LibTorch are not always valid UTF-8.
    m_send(message.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace jitscope::protocol
