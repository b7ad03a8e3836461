// Any text: base64 that is read gives the same text again, and nothing else is read.

#include "core/support/base64.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>

using namespace jitscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size); // NOLINT: bytes
    if (const auto bytes = fromBase64(text); bytes && toBase64(*bytes) != text)
        std::abort();
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    std::vector<test::FuzzInput> corpus;
    for (const std::string_view text : {"", "AA==", "AAA=", "AAAA", "AQAAAAAAAAD//////////w=="})
        corpus.emplace_back(text.begin(), text.end());
    test::runFuzzer(corpus, std::chrono::milliseconds(500));
}
#endif
