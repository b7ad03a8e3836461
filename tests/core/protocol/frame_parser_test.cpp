#include "core/protocol/frame_parser.h"

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace jitscope;

namespace {

// The messages in a stream that is fed in pieces cut at the given places; an error ends it with
// "error: ...".
std::vector<std::string> parsed(std::string_view stream, const std::vector<std::size_t>& cuts = {})
{
    protocol::FrameParser parser;
    std::vector<std::string> messages;
    std::size_t from = 0;
    const auto take = [&](std::size_t to) {
        parser.feed(stream.substr(from, to - from));
        from = to;
        for (;;) {
            Result<std::optional<std::string>> message = parser.next();
            if (!message) {
                messages.push_back("error: " + message.error().what);
                return false;
            }
            if (!*message)
                return true;
            messages.push_back(**message);
        }
    };
    for (const std::size_t cut : cuts) {
        if (!take(cut))
            return messages;
    }
    take(stream.size());
    return messages;
}

const std::vector<std::string> bodies{R"({"a":1})", "", "two\r\n\r\nlines",
                                      "Content-Length: 3\r\n\r\n"};

std::string sampleStream()
{
    std::string stream;
    for (const std::string& body : bodies)
        stream += protocol::frame(body);
    return stream;
}

} // namespace

class FrameParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCutInTwo();
    void everyByteAlone();
    void randomCuts();
    void otherHeadersAreSkipped();
    void largestBodyIsTaken();
    void wrongHeader_data();
    void wrongHeader();
    void wrongHeaderInPieces_data() { wrongHeader_data(); }
    void wrongHeaderInPieces();
    void errorStays();
    void messagesBeforeAnErrorArrive();
};

void FrameParserTest::everyCutInTwo()
{
    const std::string stream = sampleStream();
    for (std::size_t cut = 0; cut <= stream.size(); ++cut)
        QVERIFY2(parsed(stream, {cut}) == bodies, std::to_string(cut).c_str());
}

void FrameParserTest::everyByteAlone()
{
    const std::string stream = sampleStream();
    std::vector<std::size_t> cuts(stream.size());
    for (std::size_t i = 0; i < cuts.size(); ++i)
        cuts[i] = i;
    QVERIFY(parsed(stream, cuts) == bodies);
}

void FrameParserTest::randomCuts()
{
    std::string stream;
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        stream += sampleStream();
        expected.insert(expected.end(), bodies.begin(), bodies.end());
    }
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        std::vector<std::size_t> cuts;
        for (std::size_t at = 0; at < stream.size(); at += random() % 70)
            cuts.push_back(at);
        QVERIFY2(parsed(stream, cuts) == expected, std::to_string(seed).c_str());
    }
}

void FrameParserTest::otherHeadersAreSkipped()
{
    QVERIFY(parsed("Content-Type: application/json\r\ncontent-length:  2 \r\n\r\n{}") ==
            std::vector<std::string>{"{}"});
}

void FrameParserTest::largestBodyIsTaken()
{
    const std::string body(protocol::FrameParser::maximumBody, 'x');
    QVERIFY(parsed(protocol::frame(body)) == std::vector<std::string>{body});
}

void FrameParserTest::wrongHeader_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("error");
    const auto add = [](const char* name, const std::string& stream, const char* error) {
        QTest::newRow(name) << QByteArray::fromStdString(stream) << QByteArray(error);
    };
    add("no length", "Content-Type: x\r\n\r\n{}", "no Content-Length");
    add("empty header", "\r\n\r\n{}", "no colon");
    add("no colon", "Content-Length 2\r\n\r\n{}", "no colon");
    add("not a number", "Content-Length: two\r\n\r\n{}", "not a number");
    add("number with a tail", "Content-Length: 2x\r\n\r\n{}", "not a number");
    add("hexadecimal", "Content-Length: 0x2\r\n\r\n{}", "not a number");
    add("empty number", "Content-Length:\r\n\r\n{}", "not a number");
    add("negative", "Content-Length: -1\r\n\r\n{}", "not a number");
    add("beyond 64 bits", "Content-Length: 99999999999999999999\r\n\r\n{}", "not a number");
    add("too long", "Content-Length: 67108865\r\n\r\n{}", "too long");
    add("twice", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "two Content-Length");
    add("bare line feeds", "Content-Length: 2\n\n{}", "not a message");
    add("plain text", "hello\n", "not a message");
    add("header without end", std::string(protocol::FrameParser::maximumHeader, 'x'),
        "header of a message is too long");
    add("zero bytes", "Content-Length: 2" + std::string(1, '\0') + "\r\n\r\n{}", "not a number");
}

void FrameParserTest::wrongHeader()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, error);
    const std::vector<std::string> messages = parsed(stream.toStdString());
    QCOMPARE(messages.size(), 1U);
    QVERIFY2(messages[0].starts_with("error: "), messages[0].c_str());
    QVERIFY2(messages[0].find(error.toStdString()) != std::string::npos, messages[0].c_str());
}

void FrameParserTest::wrongHeaderInPieces()
{
    QFETCH(QByteArray, stream);
    const std::string text = stream.toStdString();
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const std::vector<std::string> messages = parsed(text, {cut});
        QCOMPARE(messages.size(), 1U);
        QVERIFY2(messages[0].starts_with("error: "), messages[0].c_str());
    }
}

void FrameParserTest::errorStays()
{
    protocol::FrameParser parser;
    parser.feed("nonsense\n");
    QVERIFY(!parser.next());
    parser.feed(protocol::frame("{}"));
    QVERIFY(!parser.next());
}

void FrameParserTest::messagesBeforeAnErrorArrive()
{
    const std::vector<std::string> messages = parsed(protocol::frame("{}") + "nonsense\n");
    QCOMPARE(messages.size(), 2U);
    QCOMPARE(messages[0], std::string("{}"));
    QVERIFY(messages[1].starts_with("error: "));
}

QTEST_APPLESS_MAIN(FrameParserTest)
#include "frame_parser_test.moc"
