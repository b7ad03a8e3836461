// Whatever stands in a model's code: the calls found in it are well-formed and no longer than it.
#include "core/archive/operator_calls.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <string>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

test::FuzzInput bytesOf(std::string_view text)
{
    return {text.begin(), text.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // A copy of just this size, so that a sanitizer sees any step beyond it.
    const std::string code(reinterpret_cast<const char*>(data), size);
    for (const archive::OperatorCall& call : archive::operatorCalls(code)) {
        require(call.name.find("::") != std::string::npos && call.name.size() <= size + 2);
        require(call.positional + call.keywords.size() <= size && call.results <= size);
        for (const std::string& keyword : call.keywords)
            require(!keyword.empty());
    }
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const std::vector<test::FuzzInput> corpus{
        {},
        bytesOf(
            "def forward(self, x: Tensor) -> Tensor:\n  a, b, = ops.acme.pair(x, [1, (2)], k=3)\n"),
        bytesOf(
            "  ops.acme.log(\"a\\\"(b\", 'c') # torch.relu(\n  return torch.add(a, b, alpha=1)\n"),
        bytesOf("x = ops.a.f(ops.a.g({\"k\": [x]}), y == z, )"),
    };
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
