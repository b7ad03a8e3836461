#include "core/protocol/messages.h"

#include <QTest>

using namespace jitscope;
using namespace jitscope::protocol;
using nlohmann::json;

namespace {

template <typename Message>
json roundTrip(const json& in)
{
    return json(in.get<Message>());
}

template <typename Message>
std::string refusal(const json& in)
{
    try {
        (void)in.get<Message>();
    } catch (const InvalidMessage& invalid) {
        return invalid.what();
    }
    return {};
}

} // namespace

class MessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips();
    void defaults();
    void unknownFieldsAreIgnored();
    void wrongFields();
    void errorsKeepTheirParts();
    void foreignErrors();
};

void MessagesTest::roundTrips()
{
    const auto check = [](const json& in, const json& out) {
        QVERIFY2(in == out, (in.dump() + " " + out.dump()).c_str());
    };
    json in = {{"protocolVersion", 1}, {"client", "test 1"}};
    check(in, roundTrip<InitializeParams>(in));
    in = {{"protocolVersion", 1},
          {"engineVersion", "0.1.0"},
          {"torchVersion", "2.11.0"},
          {"devices", {"cpu", "cuda:0"}},
          {"cudaRecording", ""}};
    check(in, roundTrip<InitializeResult>(in));
    in = {{"model", "m.pt"}, {"document", "m.jitscope"}, {"operatorLibraries", {"a.so"}}};
    check(in, roundTrip<OpenParams>(in));
    in = {
        {"document", "m.jitscope"},
        {"modelHash", "00"},
        {"problems", {"p"}},
        {"missingOperators",
         {{{"name", "torchvision::nms"}, {"library", "torchvision"}, {"neededBy", "f (a.py:1)"}}}},
        {"rights", {"r"}}};
    check(in, roundTrip<OpenResult>(in));
    in = {{"module", "layer1.0"}, {"method", "encode"}};
    check(in, roundTrip<InlineParams>(in));
    in = {{"stage", 9007199254740993}};
    check(in, roundTrip<StageResult>(in));
    in = {{"stage", 2}, {"pass", "freeze"}, {"arguments", {{"numerics", "no"}}}};
    check(in, roundTrip<ApplyParams>(in));
    in = {{"stage", 3}, {"changed", true}, {"message", "text"}};
    check(in, roundTrip<ApplyResult>(in));
    in = {{"stage", 3},   {"inputs", {"1x3", "2"}}, {"device", "cuda:0"},  {"warmups", 1},
          {"threads", 2}, {"iterations", 5},        {"mode", "interpret"}, {"observeTypes", false}};
    check(in, roundTrip<RunParams>(in));
    in = {{"run", 4}, {"executedStage", 5}};
    check(in, roundTrip<RunResult>(in));
    in = {{"name", "n"},
          {"label", "l"},
          {"category", "c"},
          {"effect", "e"},
          {"needs", {"frozen"}},
          {"arguments",
           {{{"name", "a"}, {"meaning", "m"}, {"defaultValue", "d"}, {"choices", {"d", "e"}}}}},
          {"available", false},
          {"reason", "r"}};
    check(in, roundTrip<PassDescription>(in));
}

void MessagesTest::defaults()
{
    const auto inlining = json::object().get<InlineParams>();
    QCOMPARE(inlining.module, std::string());
    QCOMPARE(inlining.method, std::string("forward"));
    const auto run = json{{"stage", 2}}.get<RunParams>();
    QCOMPARE(run.device, std::string("cpu"));
    QCOMPARE(run.iterations, 10);
    QCOMPARE(run.mode, std::string("executor"));
    QVERIFY(run.observeTypes);
}

void MessagesTest::unknownFieldsAreIgnored()
{
    QCOMPARE((json{{"stage", 2}, {"later", {1, 2}}}.get<StageResult>().stage), 2);
}

void MessagesTest::wrongFields()
{
    QVERIFY(refusal<InitializeParams>(json::object()).find("protocolVersion") != std::string::npos);
    QVERIFY(refusal<InitializeParams>({{"protocolVersion", "1"}}).find("protocolVersion") !=
            std::string::npos);
    QVERIFY(!refusal<InitializeParams>({{"protocolVersion", 1.5}}).empty());
    QVERIFY(!refusal<InitializeParams>({{"protocolVersion", true}}).empty());
    QVERIFY(!refusal<InitializeParams>({{"protocolVersion", std::int64_t{1} << 40}}).empty());
    QVERIFY(!refusal<InitializeParams>(json::array({1})).empty());
    QVERIFY(!refusal<StageResult>({{"stage", UINT64_MAX}}).empty());
    QVERIFY(!refusal<OpenParams>({{"model", "m"}}).empty());
    QVERIFY(!refusal<OpenParams>({{"model", "m"}, {"document", nullptr}}).empty());
    QVERIFY(!refusal<OpenParams>({{"model", "m"}, {"document", "d"}, {"operatorLibraries", "a"}})
                 .empty());
    QVERIFY(!refusal<OpenParams>({{"model", "m"}, {"document", "d"}, {"operatorLibraries", {1}}})
                 .empty());
    QVERIFY(!refusal<ApplyParams>({{"stage", 1}, {"pass", "p"}, {"arguments", {1}}}).empty());
    QVERIFY(
        !refusal<ApplyParams>({{"stage", 1}, {"pass", "p"}, {"arguments", {{"a", 1}}}}).empty());
}

void MessagesTest::errorsKeepTheirParts()
{
    for (const ErrorCode code :
         {ErrorCode::InvalidArgument, ErrorCode::UnusableFile, ErrorCode::ModelFailed,
          ErrorCode::EngineLost, ErrorCode::Cancelled, ErrorCode::Unavailable,
          ErrorCode::Internal}) {
        const Error back = errorFromJson(errorToJson({code, "what", "where", "remedy"}));
        QCOMPARE(back.code, code);
        QCOMPARE(back.what, std::string("what"));
        QCOMPARE(back.where, std::string("where"));
        QCOMPARE(back.remedy, std::string("remedy"));
    }
}

void MessagesTest::foreignErrors()
{
    QCOMPARE(errorFromJson({{"code", -32601}, {"message", "no such method"}}).what,
             std::string("no such method"));
    QVERIFY(!errorFromJson("text").what.empty());
    QVERIFY(!errorFromJson(nullptr).what.empty());
    const Error odd = errorFromJson({{"message", 3}, {"data", {{"kind", 5}, {"where", {1}}}}});
    QCOMPARE(odd.code, ErrorCode::Internal);
}

QTEST_APPLESS_MAIN(MessagesTest)
#include "messages_test.moc"
