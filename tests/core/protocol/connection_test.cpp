#include "core/protocol/connection.h"

#include <QTest>

#include <random>

using namespace jitscope;
using namespace jitscope::protocol;
using nlohmann::json;

namespace {

// One end, and what it sent.
struct End
{
    std::vector<json> sent;
    Connection connection{[this](const std::string& body) { sent.push_back(json::parse(body)); }};

    End()
    {
        connection.onRequest<StageResult>("echo",
                                          [this](const RequestId& id, const StageResult& params) {
                                              connection.answer(id, params);
                                          });
        connection.onRequest("fail", [this](const RequestId& id, const json&) {
            connection.answerError(id, {ErrorCode::ModelFailed, "It failed.", "there", "Mend it."});
        });
        connection.onRequest("later", [](const RequestId&, const json&) {});
    }

    // The code of the error that answers a message, 0 for none.
    int errorOf(std::string_view message)
    {
        sent.clear();
        connection.receive(message);
        return sent.size() == 1 && sent[0].contains("error") ? sent[0]["error"]["code"].get<int>()
                                                             : 0;
    }
};

std::string deep(int depth)
{
    return R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"stage":1,"deep":)" +
           std::string(depth, '[') + std::string(depth, ']') + "}}";
}

} // namespace

class ConnectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersRequests();
    void answersWithErrors();
    void answersOnce();
    void idsMayBeText();
    void wrongMessages_data();
    void wrongMessages();
    void notificationsAreNeverAnswered();
    void gateRefuses();
    void bothEnds();
    void closeAnswersWhatIsPending();
    void foreignTextIsSentAsUtf8();
    void randomBytesDoNoHarm();
};

void ConnectionTest::answersRequests()
{
    End end;
    end.connection.receive(R"({"jsonrpc":"2.0","id":7,"method":"echo","params":{"stage":3}})");
    QCOMPARE(end.sent.size(), 1U);
    QVERIFY((end.sent[0] == json{{"jsonrpc", "2.0"}, {"id", 7}, {"result", {{"stage", 3}}}}));
}

void ConnectionTest::answersWithErrors()
{
    End end;
    end.connection.receive(R"({"jsonrpc":"2.0","id":7,"method":"fail"})");
    QCOMPARE(end.sent.size(), 1U);
    const json& error = end.sent[0]["error"];
    QCOMPARE(error["code"].get<int>(), -32000 - static_cast<int>(ErrorCode::ModelFailed));
    QCOMPARE(error["data"]["where"].get<std::string>(), std::string("there"));
}

void ConnectionTest::answersOnce()
{
    End end;
    end.connection.receive(R"({"jsonrpc":"2.0","id":7,"method":"later"})");
    QVERIFY(end.sent.empty());
    end.connection.answer(RequestId{8}, {});
    QVERIFY(end.sent.empty());
    end.connection.answer(RequestId{7}, {});
    end.connection.answer(RequestId{7}, {});
    QCOMPARE(end.sent.size(), 1U);
}

void ConnectionTest::idsMayBeText()
{
    End end;
    end.connection.receive(R"({"jsonrpc":"2.0","id":"x","method":"echo","params":{"stage":3}})");
    QCOMPARE(end.sent.at(0)["id"].get<std::string>(), std::string("x"));
}

void ConnectionTest::wrongMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("code");
    const auto add = [](const char* name, const std::string& message, int code) {
        QTest::newRow(name) << QByteArray::fromStdString(message) << code;
    };
    add("empty", "", rpcParseError);
    add("text", "hello", rpcParseError);
    add("cut", R"({"jsonrpc":"2.0")", rpcParseError);
    add("two objects", "{}{}", rpcParseError);
    add("no UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}", rpcParseError);
    add("batch", R"([{"jsonrpc":"2.0","id":1,"method":"echo"}])", rpcInvalidRequest);
    add("number", "3", rpcInvalidRequest);
    add("neither request nor answer", R"({"jsonrpc":"2.0","id":1})", rpcInvalidRequest);
    add("no version", R"({"id":1,"method":"echo"})", rpcInvalidRequest);
    add("other version", R"({"jsonrpc":"1.0","id":1,"method":"echo"})", rpcInvalidRequest);
    add("version of another type", R"({"jsonrpc":2.0,"id":1,"method":"echo"})", rpcInvalidRequest);
    add("method is a number", R"({"jsonrpc":"2.0","id":1,"method":5})", rpcInvalidRequest);
    add("id is null", R"({"jsonrpc":"2.0","id":null,"method":"echo"})", rpcInvalidRequest);
    add("id is a list", R"({"jsonrpc":"2.0","id":[1],"method":"echo"})", rpcInvalidRequest);
    add("id is broken", R"({"jsonrpc":"2.0","id":1.5,"method":"echo"})", rpcInvalidRequest);
    add("id beyond 63 bits", R"({"jsonrpc":"2.0","id":18446744073709551615,"method":"echo"})",
        rpcInvalidRequest);
    add("params are text", R"({"jsonrpc":"2.0","id":1,"method":"echo","params":"x"})",
        rpcInvalidRequest);
    add("unknown method", R"({"jsonrpc":"2.0","id":1,"method":"none"})", rpcMethodNotFound);
    add("params missing", R"({"jsonrpc":"2.0","id":1,"method":"echo"})", rpcInvalidParams);
    add("params by position", R"({"jsonrpc":"2.0","id":1,"method":"echo","params":[3]})",
        rpcInvalidParams);
    add("wrong type", R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"stage":"x"}})",
        rpcInvalidParams);
    add("too deep", deep(1000), rpcInvalidRequest);
    add("very deep", deep(1000000), rpcInvalidRequest);
    add("deep enough", deep(50), 0);
}

void ConnectionTest::wrongMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, code);
    End end;
    QCOMPARE(end.errorOf(message.toStdString()), code);
    // It goes on as if nothing had been.
    end.sent.clear();
    end.connection.receive(R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"stage":3}})");
    QCOMPARE(end.sent.size(), 1U);
    QVERIFY(end.sent[0].contains("result"));
}

void ConnectionTest::notificationsAreNeverAnswered()
{
    End end;
    int heard = 0;
    end.connection.onNotification("note", [&heard](const json& params) {
        heard += params.get<StageResult>().stage == 1 ? 1 : 0;
    });
    end.connection.receive(R"({"jsonrpc":"2.0","method":"note","params":{"stage":1}})");
    end.connection.receive(R"({"jsonrpc":"2.0","method":"note","params":{"stage":"x"}})");
    end.connection.receive(R"({"jsonrpc":"2.0","method":"unknown"})");
    QCOMPARE(heard, 1);
    QVERIFY(end.sent.empty());
}

void ConnectionTest::gateRefuses()
{
    End end;
    end.connection.setGate([](std::string_view method) -> std::optional<Error> {
        if (method == "fail")
            return std::nullopt;
        return Error{ErrorCode::InvalidArgument, "Not yet.", {}, {}};
    });
    QCOMPARE(end.errorOf(R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"stage":3}})"),
             -32000);
    QCOMPARE(end.errorOf(R"({"jsonrpc":"2.0","id":2,"method":"fail"})"), -32002);
}

void ConnectionTest::bothEnds()
{
    End server;
    Connection client([&server](const std::string& body) { server.connection.receive(body); });
    std::vector<Result<json>> answers;
    const auto keep = [&answers](Result<json> answer) { answers.push_back(std::move(answer)); };
    client.request("echo", StageResult{5}, keep);
    client.request("fail", json::object(), keep);
    client.request("none", json::object(), keep);
    for (const json& message : server.sent)
        client.receive(message.dump());
    client.receive(R"({"jsonrpc":"2.0","id":1,"result":{}})"); // answered before
    client.receive(R"({"jsonrpc":"2.0","id":99,"result":{}})");
    client.receive(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}})");
    QCOMPARE(answers.size(), 3U);
    QCOMPARE(answers[0]->get<StageResult>().stage, 5);
    QCOMPARE(answers[1].error().code, ErrorCode::ModelFailed);
    QCOMPARE(answers[1].error().remedy, std::string("Mend it."));
    QVERIFY(answers[2].error().what.find("none") != std::string::npos);
}

void ConnectionTest::closeAnswersWhatIsPending()
{
    Connection client([](const std::string&) {});
    int lost = 0;
    const auto count = [&lost](const Result<json>& answer) {
        lost += !answer && answer.error().code == ErrorCode::EngineLost ? 1 : 0;
    };
    client.request("a", json::object(), count);
    client.request("b", json::object(), count);
    client.close({ErrorCode::EngineLost, "The engine is gone.", {}, {}});
    QCOMPARE(lost, 2);
    client.request("c", json::object(), count);
    QCOMPARE(lost, 3);
}

void ConnectionTest::foreignTextIsSentAsUtf8()
{
    std::string sent;
    Connection connection([&sent](const std::string& body) { sent = body; });
    connection.notify("note", {{"text", "bad \xff byte"}});
    QVERIFY(json::accept(sent));
}

void ConnectionTest::randomBytesDoNoHarm()
{
    const std::string message = R"({"jsonrpc":"2.0","id":1,"method":"echo","params":{"stage":3}})";
    std::mt19937 random(1);
    End end;
    for (int round = 0; round < 5000; ++round) {
        std::string mutated = message;
        for (unsigned changes = random() % 4 + 1; changes > 0; --changes)
            mutated[random() % mutated.size()] = static_cast<char>(random());
        end.sent.clear();
        end.connection.receive(mutated);
        QVERIFY(end.sent.size() <= 1);
    }
}

QTEST_APPLESS_MAIN(ConnectionTest)
#include "connection_test.moc"
