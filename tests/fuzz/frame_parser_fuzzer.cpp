// Whatever bytes come through the pipe, and however they are cut: the frame parser gives the same
// messages, and the connection behind it answers with valid JSON. The first bytes of an input are
// the sizes of the pieces.

#include "core/protocol/connection.h"
#include "core/protocol/frame_parser.h"
#include "tests/fuzz/fuzz_driver.h"

#include <algorithm>
#include <cstdlib>

using namespace jitscope;

namespace {

constexpr std::size_t sizesLength = 4;

void require(bool promise)
{
    if (!promise)
        std::abort();
}

struct Parsed
{
    std::vector<std::string> bodies;
    bool inStep = true;
    friend bool operator==(const Parsed&, const Parsed&) = default;
};

Parsed parse(std::string_view bytes, std::string_view pieceSizes)
{
    protocol::FrameParser parser;
    Parsed parsed;
    for (std::size_t turn = 0; parsed.inStep && !bytes.empty(); ++turn) {
        const std::size_t size =
            pieceSizes.empty() ? bytes.size()
                               : static_cast<unsigned char>(pieceSizes[turn % sizesLength]) + 1;
        parser.feed(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
        while (true) {
            Result<std::optional<std::string>> next = parser.next();
            parsed.inStep = next.has_value();
            if (!next || !*next)
                break;
            parsed.bodies.push_back(std::move(**next));
        }
    }
    return parsed;
}

test::FuzzInput seed(const std::vector<std::string>& bodies)
{
    std::string bytes = "\x07\x01\x40\xff";
    for (const std::string& body : bodies)
        bytes += protocol::frame(body);
    return {bytes.begin(), bytes.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < sizesLength)
        return 0;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Parsed inPieces = parse(input.substr(sizesLength), input.substr(0, sizesLength));
    require(inPieces == parse(input.substr(sizesLength), {}));

    protocol::Connection connection(
        [](const std::string& message) { require(nlohmann::json::accept(message)); });
    connection.onRequest<protocol::RunParams>(
        protocol::methodRun, [&](const protocol::RequestId& id, const protocol::RunParams& params) {
            connection.answer(id, nlohmann::json(params));
        });
    connection.request(protocol::methodPasses, nlohmann::json::object(),
                       [](const Result<nlohmann::json>& answer) {
                           require(answer.has_value() || !answer.error().what.empty());
                       });
    for (const std::string& body : inPieces.bodies)
        connection.receive(body);
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const std::vector<test::FuzzInput> corpus{
        {},
        seed(
            {R"({"jsonrpc":"2.0","id":1,"method":"run/start","params":{"stage":2,"inputs":["1x3"]}})",
             R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}})"}),
        seed({R"({"jsonrpc":"2.0","id":1,"result":[]})"}),
        seed(
            {R"({"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"m","data":{"where":3}}})"}),
        seed({"", "[[[[[]]]]]", "{}"}),
    };
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
